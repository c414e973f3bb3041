//go:build linux && heavy

package suites

// Names that lead to something else than one expects, and times from nowhere.

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestFaultNoFiles has pipes, sockets, devices and links that lead nowhere in the
// place of papers and QA files.
func TestFaultNoFiles(t *testing.T) {
	f := newFaulty(t, "", 0)
	f.do(unix.Mkfifo(f.at("early.pdf"), 0o644), unix.Mkfifo(f.at("early.json"), 0o644))
	f.start()
	f.others(f.dir)
	names := []string{"early.pdf", "early.json"} // were there before the daemon
	for _, end := range []string{".pdf", ".json"} {
		at := func(name string) string {
			names = append(names, name+end)
			return f.at(name + end)
		}
		f.do(unix.Mkfifo(at("pipe"), 0o644), unix.Mknod(at("socket"), unix.S_IFSOCK|0o644, 0),
			unix.Mknod(at("null"), unix.S_IFCHR|0o644, int(unix.Mkdev(1, 3))), unix.Mknod(at("block"), unix.S_IFBLK|0o600, int(unix.Mkdev(240, 0))),
			os.Symlink("loop"+end, at("loop")), os.Symlink("nowhere", at("dangling")))
	}
	var patterns []string
	for _, name := range names {
		patterns = append(patterns, "^left as it is: "+name+": it is (a|no) ")
		f.warned(patterns[len(patterns)-1])
	}
	f.others(f.dir)
	for _, name := range names {
		if _, err := os.Lstat(previewOf(f.at(name))); strings.HasSuffix(name, ".pdf") && err == nil {
			t.Errorf("%s has a preview", name)
		}
	}
	for _, name := range names {
		f.do(os.Remove(f.at(name)))
		if strings.HasSuffix(name, ".pdf") {
			f.drop(f.at(name))
		} else {
			f.ask(f.at(name))
		}
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".pdf") {
			f.previewed(f.at(name), "no-text")
		} else {
			f.tidied(f.at(name))
		}
	}
	f.only(patterns...)
	f.clean()
}

// TestFaultFolderForFile has a folder take the place of a paper and of a QA file,
// and a file that of the folder again.
func TestFaultFolderForFile(t *testing.T) {
	f := newFaulty(t, "", 0)
	f.start()
	pdf, json := f.at("x.pdf"), f.at("x.json")
	f.drop(pdf)
	f.do(os.WriteFile(json, []byte("[ {\"question\": \"one?\" \"answer\": \"b\"} ]\n"), 0o644))
	f.previewed(pdf, "no-text")
	f.has(json + ".problems.md")
	for _, path := range []string{pdf, json} {
		f.do(os.Remove(path), os.Mkdir(path, 0o755))
		f.drop(filepath.Join(path, "inner.pdf"))
	}
	f.gone(previewOf(pdf))
	f.gone(json + ".problems.md")
	f.previewed(filepath.Join(pdf, "inner.pdf"), "no-text")
	f.previewed(filepath.Join(json, "inner.pdf"), "no-text")
	f.do(os.RemoveAll(pdf), os.RemoveAll(json))
	f.drop(pdf)
	f.ask(json)
	f.previewed(pdf, "no-text")
	f.tidied(json)
	f.only()
	f.clean()
}

// has waits until a file is there.
func (f *faulty) has(path string) {
	f.t.Helper()
	if !comesTrue(func() bool { _, err := os.Lstat(path); return err == nil }) {
		f.t.Fatalf("%s never came\n%s", path, f.log.text())
	}
}

func TestFaultLongNames(t *testing.T) {
	f := newFaulty(t, "", 0)
	f.start()
	pdf, json := f.at(strings.Repeat("p", 251)+".pdf"), f.at(strings.Repeat("ü", 125)+".json")
	f.drop(pdf)
	f.ask(json)
	f.tidied(json)
	f.do(os.WriteFile(json, []byte("[ {\"question\": \"one?\" \"answer\": \"b\"} ]\n"), 0o644))
	matches := func(pattern string, n int) {
		t.Helper()
		var all []string
		if !comesTrue(func() bool {
			var err error
			all, err = filepath.Glob(f.at(pattern))
			f.do(err)
			return len(all) == n
		}) {
			t.Fatalf("%d of %s: %q\n%s", n, pattern, all, f.log.text())
		}
	}
	matches("ppp*~????????.preview.md", 1)
	matches("ü*~????????.problems.md", 1)
	f.ask(json)
	f.tidied(json)
	matches("*.problems.md", 0)
	f.do(os.Remove(pdf))
	matches("ppp*", 0)
	f.others(f.dir)
	f.only()
	f.clean()
}

// TestFaultTimes has files from the future and from before 1970, and papers that
// are replaced by others of the same size and time.
func TestFaultTimes(t *testing.T) {
	f := newFaulty(t, "", 0)
	past, future := time.Unix(-1e9, 0), time.Unix(1<<33, 0)
	times := map[string]time.Time{"past.pdf": past, "future.pdf": future, "epoch.pdf": time.Unix(0, 0)}
	set := func(path string, at time.Time) { t.Helper(); f.do(os.Chtimes(path, at, at)) }
	for name, at := range times {
		f.drop(f.at(name))
		set(f.at(name), at)
	}
	for name, at := range map[string]time.Time{"past.json": past, "future.json": future} {
		f.ask(f.at(name))
		set(f.at(name), at)
	}
	f.start()
	f.tidied(f.at("past.json"))
	f.tidied(f.at("future.json"))
	for name, at := range times {
		f.previewed(f.at(name), "no-text")
		old, err := os.ReadFile(previewOf(f.at(name)))
		f.do(err)
		f.drop(f.at(name))
		set(f.at(name), at)
		if !comesTrue(func() bool {
			now, err := os.ReadFile(previewOf(f.at(name)))
			return err == nil && string(now) != string(old)
		}) {
			t.Errorf("%s: its preview is of what it held before", name)
		}
	}
	for name := range times {
		f.do(os.Remove(f.at(name)))
		f.gone(previewOf(f.at(name)))
	}
	f.only()
	f.clean()
}
