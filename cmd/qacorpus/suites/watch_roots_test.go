//go:build linux && heavy

package suites

// Roots that go away and come back, under the whole daemon: no sidecar is ever deleted because of it. Needs root, for mounts.

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// says waits until the log has had a message so many times.
func (s *station) says(msg string, times int) {
	s.t.Helper()
	if !comesTrue(func() bool { return len(s.lines(func(e entry) bool { return e.Msg == msg })) >= times }) {
		s.t.Fatalf("the log never said %q %d times", msg, times)
	}
}

// nothingRemoved fails the test if the daemon removed a sidecar.
func (s *station) nothingRemoved() {
	s.t.Helper()
	for _, e := range s.writes("") {
		if e.Msg == "removed" || e.Msg == "moved" {
			s.t.Errorf("%s %s", e.Msg, e.Path)
		}
	}
}

// stock fills a folder with papers and one QA file that has a problem.
func stock(t *testing.T, dir string, from int) {
	t.Helper()
	for i := range 5 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("memo %d.pdf", from+i)), memo(t, from+i), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bad := []byte(`[{"question": "why?" "answer": "so"}]`)
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("memo %d.json", from)), bad, 0o644); err != nil {
		t.Fatal(err)
	}
}

// stocked waits until dir has the sidecars of what stock wrote.
func (s *station) stocked(from int) {
	s.t.Helper()
	for i := range 5 {
		path := s.at(fmt.Sprintf("memo %d.preview.md", from+i))
		if !comesTrue(func() bool { data, _ := os.ReadFile(path); return bytes.Contains(data, []byte("\nstatus: no-text\n")) }) {
			s.t.Fatalf("%s never came", path)
		}
	}
	if path := s.at(fmt.Sprintf("memo %d.json.problems.md", from)); !comesTrue(func() bool { _, err := os.Stat(path); return err == nil }) {
		s.t.Fatalf("%s never came", path)
	}
}

const (
	away     = "watched folder is not there; waiting for it"
	back     = "watched folder is back"
	replaced = "watched folder was replaced; looking at it afresh"
)

func unmountRoot(t *testing.T, dir string) {
	t.Helper()
	var err error
	if !comesTrue(func() bool { err = unix.Unmount(dir, 0); return err != unix.EBUSY }) || err != nil {
		t.Fatalf("unmount %s: %v", dir, err)
	}
}

// TestRootUnmounted takes the mount at a root away, brings it back, and brings another one.
func TestRootUnmounted(t *testing.T) {
	behind, dir := t.TempDir(), filepath.Join(t.TempDir(), "QA")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	bind := func(from string) {
		t.Helper()
		if err := unix.Mount(from, dir, "", unix.MS_BIND, ""); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	bind(behind)
	stock(t, behind, 0)
	s := newStation(t, dir)
	s.stocked(0)
	before := marks(t, behind)
	for i := range 3 {
		unmountRoot(t, dir)
		s.says(away, i+1)
		bind(behind)
		s.says(back, i+1)
	}
	stock(t, behind, 10) // what is done while it looks again is not missed either
	s.stocked(10)

	other := t.TempDir() // a stick of another content, with the same names
	stock(t, other, 0)
	if err := os.Remove(filepath.Join(other, "memo 4.pdf")); err != nil {
		t.Fatal(err)
	}
	bind(other) // over the first
	s.says(replaced, 1)
	unmountRoot(t, dir)
	s.says(replaced, 2)
	s.rests(6 * time.Second)
	s.nothingRemoved()
	after := marks(t, behind)
	for path := range before {
		if before[path] != after[path] {
			t.Errorf("%s: %s, then %s", path, before[path], after[path])
		}
	}
}

// sidecarGrace is how long the daemon waits before it believes that a PDF is gone.
const sidecarGrace = 2 * time.Second

// TestRootGoesWithWhatWasDeleted deletes a PDF the moment before its folder is renamed, and before its root is unmounted: the
// preview goes out of sight with nobody having seen to it. It is removed when it is back, not when it has lain there for long.
func TestRootGoesWithWhatWasDeleted(t *testing.T) {
	behind, dir := t.TempDir(), filepath.Join(t.TempDir(), "QA")
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(dir, 0o755), unix.Mount(behind, dir, "", unix.MS_BIND, ""))
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	s := newStation(t, dir)
	must(os.Mkdir(s.at("sub"), 0o755))
	stock(t, dir, 0)
	stock(t, s.at("sub"), 10)
	s.becomesRight(10)
	must(os.Remove(s.at("sub", "memo 13.pdf")), os.Rename(s.at("sub"), s.at("moved")))
	s.becomesRight(9)
	for i := range 4 { // before, about when, and after the daemon believes that the PDF is gone
		must(os.Remove(s.at(fmt.Sprintf("memo %d.pdf", i))))
		pause(t, time.Duration(i)*sidecarGrace*2/3)
		unmountRoot(t, dir)
		s.says(away, i+1)
		must(unix.Mount(behind, dir, "", unix.MS_BIND, ""))
		s.becomesRight(8 - i)
	}
}

// TestRootBecomesAnother lets the link at a root lead to another folder, and deletes, empties and makes anew the folder there.
func TestRootBecomesAnother(t *testing.T) {
	base := t.TempDir()
	one, two, dir := filepath.Join(base, "one"), filepath.Join(base, "two"), filepath.Join(base, "QA")
	lead := func(to string) {
		t.Helper()
		tmp := filepath.Join(base, "link")
		if err := os.Symlink(to, tmp); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(tmp, dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{one, two} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	stock(t, one, 0)
	lead(one)
	s := newStation(t, dir)
	s.stocked(0)
	stock(t, two, 5) // other names: those of the first are not there any more
	before := marks(t, one)
	for i := range 3 {
		lead(two)
		s.says(replaced, 2*i+1)
		s.stocked(5)
		lead(one)
		s.says(replaced, 2*i+2)
	}
	stock(t, one, 20)
	s.stocked(20)
	s.rests(4 * time.Second)
	s.nothingRemoved()
	after := marks(t, one)
	for path := range before {
		if before[path] != after[path] {
			t.Errorf("%s: %s, then %s", path, before[path], after[path])
		}
	}
	// The link goes, and a folder comes in its place.
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	s.says(away, 1)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s.says(back, 1)
	stock(t, dir, 30)
	s.stocked(30)
	s.rests(4 * time.Second)
	s.nothingRemoved()
	if names := slices.Collect(maps.Keys(filesIn(t, one))); len(names) < 20 || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(filepath.Base(n), ".qacorpus-") }) {
		t.Errorf("one holds %q", names)
	}
}

// TestFolderTakesAName: a folder comes in the place of a source or of a sidecar, and goes again; with events and polled.
func TestFolderTakesAName(t *testing.T) {
	for _, polled := range []bool{false, true} {
		t.Run(fmt.Sprintf("polled=%v", polled), func(t *testing.T) {
			behind := t.TempDir()
			dir := behind
			if polled {
				dir = seenThrough(t, behind)
			}
			at := func(name string) string { return filepath.Join(behind, name) }
			do := func(errs ...error) {
				t.Helper()
				for _, err := range errs {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			stock(t, behind, 0)
			s := newStation(t, dir)
			s.stocked(0)
			gone := func(name string) {
				t.Helper()
				if !comesTrue(func() bool { _, err := os.Lstat(at(name)); return os.IsNotExist(err) }) {
					t.Errorf("%s stays", name)
				}
			}
			comes := func(name string) {
				t.Helper()
				if !comesTrue(func() bool { info, err := os.Lstat(at(name)); return err == nil && info.Mode().IsRegular() }) {
					t.Errorf("%s does not come", name)
				}
			}
			// A folder in a source's place: made there, and moved there with something in it.
			do(os.Remove(at("memo 0.pdf")), os.Mkdir(at("memo 0.pdf"), 0o755))
			do(os.Mkdir(at("full"), 0o755), os.WriteFile(at("full/inner.pdf"), memo(t, 99), 0o644))
			comes("full/inner.preview.md")
			do(os.Remove(at("memo 1.pdf")), os.Rename(at("full"), at("memo 1.pdf")))
			do(os.Remove(at("memo 0.json")), os.Mkdir(at("memo 0.json"), 0o755))
			gone("memo 0.preview.md")
			gone("memo 1.preview.md")
			gone("memo 0.json.problems.md")
			comes("memo 1.pdf/inner.preview.md")
			// And back.
			do(os.Remove(at("memo 0.pdf")), os.WriteFile(at("memo 0.pdf"), memo(t, 0), 0o644))
			do(os.Remove(at("memo 0.json")), os.WriteFile(at("memo 0.json"), []byte(`[{"question": "why?" "answer": "so"}]`), 0o644))
			comes("memo 0.preview.md")
			comes("memo 0.json.problems.md")
			// A folder in a sidecar's place.
			do(os.Remove(at("memo 2.preview.md")), os.Mkdir(at("memo 2.preview.md"), 0o755))
			do(os.Remove(at("memo 0.json.problems.md")), os.Mkdir(at("memo 0.json.problems.md"), 0o755))
			if !comesTrue(func() bool {
				return len(s.lines(func(e entry) bool { return e.Level == "WARN" && filepath.Base(e.Path) == "memo 2.pdf" })) > 0
			}) {
				t.Error("nothing was said of the folder in the preview's place")
			}
			do(os.Remove(at("memo 2.preview.md")), os.Remove(at("memo 0.json.problems.md")))
			comes("memo 2.preview.md")
			comes("memo 0.json.problems.md")
			// While nobody watched.
			s.stop()
			do(os.Remove(at("memo 3.pdf")), os.Mkdir(at("memo 3.pdf"), 0o755))
			s.start()
			gone("memo 3.preview.md")
		})
	}
}
