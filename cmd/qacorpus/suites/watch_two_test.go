//go:build linux && heavy

package suites

// Two machines on one synced folder: daemons with a state of their own each, which see one folder through two mounts, or two
// folders between which a program copies both ways. Needs rsync, rclone, bindfs and fuse3.

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"qacorpus/sidecar/name"
)

// marks are what shows that a file was written or replaced, by path.
func marks(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for path, data := range filesIn(t, dir) {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		all[path] = fmt.Sprintf("inode %d, of %v, %x", info.Sys().(*syscall.Stat_t).Ino, info.ModTime(), sha256.Sum256(data))
	}
	return all
}

// unmoved fails the test if a file below dir is written in the next while.
func unmoved(t *testing.T, dir string, while time.Duration) {
	t.Helper()
	before := marks(t, dir)
	pause(t, while)
	after := marks(t, dir)
	for path := range after {
		if before[path] != after[path] {
			t.Errorf("%s: %s, then %s", path, before[path], after[path])
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d files, then %d", len(before), len(after))
	}
}

// options are how the second of two machines differs from the first.
var options = map[string][]string{
	"alike":               nil,
	"fewer pages, slower": {"QACORPUS_PREVIEW_PAGES=2", "QACORPUS_EXTRACT_TIMEOUT=5s", "QACORPUS_EXTRACT_WORKERS=1"},
	"more pages":          {"QACORPUS_PREVIEW_PAGES=8"},
}

// live drops, changes and removes files in dir as people do, and returns how many PDFs there are then.
func live(t *testing.T, dir string, round int) int {
	t.Helper()
	const n = 12
	paper, err := os.ReadFile("../../../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("paper %d.pdf", i))
		data := memo(t, round*n+i)
		if i%2 == 0 {
			data = append(append([]byte{}, paper...), increment(paper, round)...)
		}
		if i%4 != round%4 || round == 0 { // some stay as they are
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	pairs := fmt.Sprintf(`[ {"Question": "round %d?",   "Answer": "yes"} ]`, round)
	if err := os.WriteFile(filepath.Join(dir, "paper 1.json"), []byte(pairs), 0o644); err != nil {
		t.Fatal(err)
	}
	if round%2 == 1 {
		if err := os.Remove(filepath.Join(dir, "paper 3.pdf")); err != nil {
			t.Fatal(err)
		}
		return n - 1
	}
	return n
}

// TestTwoMounts lets two daemons watch one folder through two mounts.
func TestTwoMounts(t *testing.T) {
	for what, env := range options {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			both := []*station{
				newStation(t, seenThrough(t, dir), "QACORPUS_QA_NORMALISE=always"),
				newStation(t, seenThrough(t, dir), append(slices.Clone(env), "QACORPUS_QA_NORMALISE=always")...),
			}
			for round := range 4 {
				n := live(t, both[round%2].dir, round)
				for _, s := range both {
					s.becomesRight(n)
				}
			}
			settle(t, dir, both)
			unmoved(t, dir, 20*time.Second)
			noFights(t, dir, both, 2*4*13)
		})
	}
}

// settle waits until neither daemon does anything any more and the QA file is tidy.
func settle(t *testing.T, dir string, both []*station) {
	t.Helper()
	if !comesTrue(func() bool {
		data, _ := os.ReadFile(filepath.Join(dir, "paper 1.json"))
		return strings.HasPrefix(string(data), "[\n  {\n    \"question\": \"round 3?\"")
	}) {
		t.Error("the QA file was never tidied")
	}
	for range 2 { // the second may answer what the first did
		for _, s := range both {
			s.rests(4 * time.Second)
		}
	}
}

// noFights fails the test if a file has a foreign name or the two wrote more than most files in all. Previews that the sync client
// put aside, because both machines had just made one, lie there until they are cleared up.
func noFights(t *testing.T, dir string, both []*station, most int) {
	t.Helper()
	writes := len(both[0].writes("")) + len(both[1].writes(""))
	t.Logf("%d and %d changes", len(both[0].writes("")), len(both[1].writes("")))
	if writes > most {
		t.Errorf("%d changes, want at most %d", writes, most)
	}
	aside := 0
	for path := range filesIn(t, dir) {
		base := filepath.Base(path)
		if name.Conflicting(base) != "" {
			aside++
			continue
		}
		if k := name.Of(base); name.ConflictCopy(base) || k != name.PDF && k != name.QA && k != name.Preview {
			t.Errorf("%s is in the folder", path)
		}
	}
	t.Logf("%d previews were put aside", aside)
}

// comparesBytes tells whether the rclone of this machine is one whose bisync compares what changed on both sides.
func comparesBytes(t *testing.T) bool {
	t.Helper()
	out, err := exec.Command("rclone", "version").Output()
	if err != nil {
		t.Fatalf("run rclone: %v", err)
	}
	version, _, _ := strings.Cut(string(out), "\n")
	var minor int
	if _, err := fmt.Sscanf(version, "rclone v1.%d", &minor); err != nil {
		t.Fatalf("rclone is %q: %v", version, err)
	}
	t.Log(version)
	return minor >= 66
}

// TestSyncedFolders copies between two folders both ways, all the time, while people work in both and a daemon watches each.
//
// rclone's bisync, up to 1.65, takes a file that is new or changed on both sides for a conflict though the bytes are the same
// (https://rclone.org/bisync/, "Changelog"). Such a one is told to leave the previews alone, which each machine makes for itself,
// and one machine alone tidies. A later one exchanges all.
func TestSyncedFolders(t *testing.T) {
	rclone := []string{"rclone", "--config", os.DevNull, "bisync", "--workdir"}
	filter, modern := "- .qacorpus-*\n", comparesBytes(t)
	if !modern {
		filter += "- *.preview.md\n- *.problems.md\n"
	}
	for _, c := range []struct {
		name string
		sync func(t *testing.T, work, a, b string, first bool) *exec.Cmd
	}{
		{"rsync", func(_ *testing.T, _, a, b string, _ bool) *exec.Cmd {
			return exec.Command("sh", "-c", `rsync -a --update "$1/" "$2/" && rsync -a --update "$2/" "$1/"`, "sh", a, b)
		}},
		{"rclone bisync", func(t *testing.T, work, a, b string, first bool) *exec.Cmd {
			filters := filepath.Join(work, "filters")
			if err := os.WriteFile(filters, []byte(filter), 0o644); err != nil {
				t.Fatal(err)
			}
			args := append(slices.Clone(rclone[1:]), work, "--filters-file", filters, a, b)
			if first {
				args = append(args, "--resync")
			}
			return exec.Command(rclone[0], args...)
		}},
	} {
		for what, env := range options {
			if c.name != "rsync" && !modern && len(env) > 0 {
				continue // no previews are exchanged, which other options could change
			}
			t.Run(c.name+", "+what, func(t *testing.T) {
				a, b, work := t.TempDir(), t.TempDir(), t.TempDir()
				first := true
				sync := func() {
					t.Helper()
					if out, err := c.sync(t, work, a, b, first).CombinedOutput(); err != nil {
						t.Logf("sync: %v\n%s", err, out)
					}
					first = false
				}
				if c.name != "rsync" && !modern {
					env = append(slices.Clone(env), "QACORPUS_QA_NORMALISE=false")
				}
				live(t, a, 0)
				sync()
				both := []*station{newStation(t, a), newStation(t, b, env...)}
				both[0].rests(4 * time.Second) // else people on the other side would change what is being tidied here
				sync()
				n := 0
				for round := 1; round < 4; round++ {
					// rsync knows nothing of files that went: round 1 removes one, and the sync brings it back.
					n = live(t, both[round%2].dir, round)
					for range 4 {
						pause(t, time.Second)
						sync()
					}
				}
				if c.name == "rsync" {
					n = 12
				}
				for range 3 {
					for _, s := range both {
						s.becomesRight(n)
					}
					sync()
				}
				settle(t, a, both)
				sync()
				settle(t, b, both)
				for _, s := range both {
					unmoved(t, s.dir, 5*time.Second)
				}
				before := [2]map[string]string{marks(t, a), marks(t, b)}
				sync()
				for i, s := range both {
					after := marks(t, s.dir)
					for path := range after {
						if after[path] != before[i][path] {
							t.Errorf("%s: %s is still exchanged: %s, then %s", s.dir, path, before[i][path], after[path])
						}
					}
				}
				noFights(t, a, both, 2*4*13*2)
				compareFolders(t, a, b)
			})
		}
	}
}
