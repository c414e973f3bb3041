//go:build linux && heavy

package suites

// Programs that copy whole trees, with temporary names and without, and mounts of theirs. Needs rsync, rclone, bindfs and fuse3.

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"qacorpus/sidecar/name"
)

var copies = flag.Int("copies", 1000, "how many PDFs are copied by each program; 10000 is the long form")

// TestCopiedTrees copies trees of PDFs into a watched folder: afterwards every PDF has its one right preview, and none was ever
// called damaged. Then the tree is copied anew with some files changed and some gone.
func TestCopiedTrees(t *testing.T) {
	source := t.TempDir()
	fillFolder(t, source, *copies, 40)
	changed := t.TempDir()
	fillFolder(t, changed, *copies, 40)
	again, gone := 0, 0
	for i := range *copies {
		path := filepath.Join(changed, fmt.Sprintf("f%04d", i*40 / *copies), fmt.Sprintf("paper-%07d.pdf", i))
		var err error
		switch i % 10 {
		case 0:
			err = os.WriteFile(path, memo(t, i), 0o644)
			again++
		case 1:
			err = os.Remove(path)
			gone++
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	rclone := []string{"rclone", "--config", os.DevNull, "--transfers", "8"}
	for _, c := range []struct {
		name string
		copy []string // source and target follow
		keep []string // for the second time: previews are left alone
	}{
		{"rsync, temporary names", []string{"rsync", "-a"}, []string{"rsync", "-a", "--delete", "--exclude", "*.preview.md"}},
		{"rsync in place", []string{"rsync", "-a", "--inplace"}, []string{"rsync", "-a", "--inplace", "--delete", "--exclude", "*.preview.md"}},
		{"rclone in place", append(rclone, "copy"), append(rclone, "sync", "--exclude", "*.preview.md")},
		{"cp", []string{"cp", "-rT"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, t.TempDir())
			run := func(command []string, from string) {
				t.Helper()
				shell(t, command[0], append(command[1:], from+"/", s.dir+"/")...)
			}
			began := time.Now()
			run(c.copy, source)
			copied := time.Since(began)
			s.becomesRight(*copies)
			t.Logf("%d PDFs copied in %.1f s, all previewed %.1f s after", *copies, copied.Seconds(), time.Since(began).Seconds()-copied.Seconds())
			if n := len(s.writes("")); n != *copies {
				t.Errorf("%d changes for %d PDFs", n, *copies)
			}
			if c.keep != nil {
				before := len(s.writes(""))
				run(c.keep, changed)
				s.becomesRight(*copies - gone)
				t.Logf("%d changed, %d gone: %d changes", again, gone, len(s.writes(""))-before)
			}
			s.neverDamaged()
			noTemporaries(t, s.dir)
			s.comesToRest()
		})
	}
}

// comesToRest waits until the daemon uses next to no processor time, and fails the test if it keeps more memory than at 100,000
// papers.
func (s *station) comesToRest() {
	s.t.Helper()
	pid, used := s.process.Process.Pid, time.Duration(0)
	if !comesTrue(func() bool {
		used = busyTime(s.t, pid)
		pause(s.t, 2*time.Second)
		used = busyTime(s.t, pid) - used
		return used < 10*time.Millisecond
	}) {
		s.t.Errorf("the daemon is never idle: %v in 2 s", used)
	}
	if mb := memoryOf(s.t, pid, "VmRSS")[0]; mb >= 60 {
		s.t.Errorf("resident %.1f MB, want less than 60", mb)
	} else {
		s.t.Logf("idle: %v in 2 s, resident %.1f MB", used, mb)
	}
}

func noTemporaries(t *testing.T, dir string) {
	t.Helper()
	for path := range filesIn(t, dir) {
		if k := name.Of(filepath.Base(path)); k != name.PDF && k != name.Preview {
			t.Errorf("%s is left over", path)
		}
	}
}

// TestRcloneMount watches a folder of a cloud client, once with files written behind the mount and once through it. The client
// uploads a file a while after its last close, 5 s if nothing else is asked for: whoever reads it again and again puts that off for
// good. So the test looks behind the mount, and the daemon must not read too often either.
func TestRcloneMount(t *testing.T) {
	for _, after := range []string{"500ms", "5s"} {
		t.Run("uploads after "+after, func(t *testing.T) { rcloneMount(t, after) })
	}
}

func rcloneMount(t *testing.T, after string) {
	behind, target := t.TempDir(), t.TempDir()
	fillFolder(t, behind, 100, 4)
	c := exec.Command("rclone", "--config", os.DevNull, "--cache-dir", t.TempDir(), "mount", "--dir-cache-time", "2s", "--vfs-cache-mode", "writes",
		"--vfs-write-back", after, behind, target)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		shell(t, "umount", "-l", target)
		_ = c.Wait()
	})
	if !comesTrue(func() bool { _, err := os.Stat(filepath.Join(target, "f0000")); return err == nil }) {
		t.Fatal("rclone never mounted")
	}
	s := newStation(t, target)
	s.showsRight(behind, 100)
	more := t.TempDir()
	fillFolder(t, more, 100, 4, "-start", "100")
	shell(t, "cp", "-rT", more, behind)
	s.showsRight(behind, 200)
	third := t.TempDir()
	fillFolder(t, third, 100, 4, "-start", "200")
	shell(t, "rsync", "-a", third+"/", target+"/")
	s.showsRight(behind, 300)
	if !comesTrue(func() bool { return wrong(target, 300) == "" }) { // it may be behind by what the kernel remembers of it
		t.Error(wrong(target, 300))
	}
	s.neverDamaged()
	if n := len(s.writes("")); n != 300 {
		t.Errorf("%d changes for 300 PDFs", n)
	}
	if n := len(s.lines(func(e entry) bool { return e.Msg == "file system sends no reliable events; polling it" })); n != 1 {
		t.Errorf("said %d times that the mount is polled", n)
	}
}
