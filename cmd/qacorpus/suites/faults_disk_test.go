//go:build linux && heavy

package suites

// Faults of disks: full, a quota used up, read-only, broken.
//
// apt-get install btrfs-progs fuse3

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// fill fills the disk that dir is on, and returns the file that does.
func (f *faulty) fill(dir string, full syscall.Errno) string {
	f.t.Helper()
	filler := filepath.Join(dir, "filler")
	file, err := os.Create(filler)
	f.do(err)
	defer file.Close()
	f.do(os.Chown(filler, f.uid, f.uid))
	for size := 1 << 16; err == nil || size > 1; {
		if err != nil {
			size /= 2
		}
		if _, err = file.Write(make([]byte, size)); err == nil {
			err = file.Sync()
		}
	}
	if !errors.Is(err, full) {
		f.t.Fatal(err)
	}
	return filler
}

func TestFaultFullDisk(t *testing.T) {
	dir := t.TempDir()
	mounted(t, dir, "-t", "tmpfs", "-o", "size=400k", "tmpfs")
	f := newFaulty(t, dir, 0)
	for _, name := range []string{"a.pdf", "b.pdf", "c.pdf"} {
		f.drop(f.at(name))
	}
	f.ask(f.at("q.json"))
	filler := f.fill(dir, unix.ENOSPC)
	f.start()
	f.warned("no space left on device")
	f.others()
	f.again(f.at("a.pdf"))
	f.again(f.at("q.json"))
	f.others()
	f.untouched(f.at("q.json"))
	f.do(os.Remove(filler))
	for _, name := range []string{"a.pdf", "b.pdf", "c.pdf"} {
		f.previewed(f.at(name), "no-text")
	}
	f.tidied(f.at("q.json"))
	f.only("^not done, will be tried again: .*no space left on device$")
	f.clean()
}

// TestFaultFullState has the disk of the history and the cache full: without a
// copy of what it held no file is tidied, but previews are made.
func TestFaultFullState(t *testing.T) {
	f := newFaulty(t, "", 0)
	mounted(t, f.state, "-t", "tmpfs", "-o", "size=600k", "tmpfs")
	f.start()
	f.others(f.dir)
	filler := f.fill(f.state, unix.ENOSPC)
	f.ask(f.at("q.json"))
	f.warned("no space left on device")
	f.others(f.dir)
	f.again(f.at("q.json"))
	f.others(f.dir)
	f.untouched(f.at("q.json"))
	f.do(os.Remove(filler))
	f.tidied(f.at("q.json"))
	f.only("^not done, will be tried again: .*no space left on device$")
}

func TestFaultQuota(t *testing.T) {
	base := t.TempDir()
	image, disk := filepath.Join(base, "image"), filepath.Join(base, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	shell(t, "truncate", "-s", "128M", image)
	shell(t, "mkfs.btrfs", "-q", image)
	mounted(t, disk, "-o", "loop", image)
	dir := filepath.Join(disk, "QA")
	shell(t, "btrfs", "-q", "quota", "enable", disk)
	shell(t, "btrfs", "-q", "subvolume", "create", dir)
	f := newFaulty(t, dir, 0)
	f.drop(f.at("a.pdf"))
	f.drop(f.at("b.pdf"))
	f.ask(f.at("q.json"))
	shell(t, "sync", "-f", dir)
	shell(t, "btrfs", "qgroup", "limit", "1M", dir)
	filler := f.fill(dir, unix.EDQUOT)
	f.start()
	f.warned("disk quota exceeded")
	f.others()
	f.again(f.at("a.pdf"))
	f.others()
	f.untouched(f.at("q.json"))
	shell(t, "btrfs", "qgroup", "limit", "none", dir)
	f.do(os.Remove(filler))
	f.previewed(f.at("a.pdf"), "no-text")
	f.previewed(f.at("b.pdf"), "no-text")
	f.tidied(f.at("q.json"))
	f.only("^not done, will be tried again: .*disk quota exceeded$")
	f.clean()
}

// TestFaultReadOnly has a folder that another may write to, and the daemon not.
func TestFaultReadOnly(t *testing.T) {
	behind, dir := t.TempDir(), t.TempDir()
	mounted(t, dir, "--bind", behind)
	shell(t, "mount", "-o", "remount,bind,ro", dir)
	f := newFaulty(t, dir, 0)
	f.start()
	f.others()
	f.drop(filepath.Join(behind, "a.pdf"))
	f.drop(filepath.Join(behind, "b.pdf"))
	f.ask(filepath.Join(behind, "q.json"))
	f.warned("read-only file system")
	f.others()
	f.again(filepath.Join(behind, "a.pdf"))
	f.others()
	f.untouched(f.at("q.json"))
	shell(t, "mount", "-o", "remount,bind,rw", dir)
	f.previewed(f.at("a.pdf"), "no-text")
	f.previewed(f.at("b.pdf"), "no-text")
	f.tidied(f.at("q.json"))
	f.only("^not done, will be tried again: .*read-only file system$")
	f.clean()
}

// TestFaultBrokenDisk reads and writes through a file system that fails as it is
// told to.
func TestFaultBrokenDisk(t *testing.T) {
	f, behind, rules := onFailfs(t)
	f.do(os.WriteFile(rules, []byte("5 read bad.pdf\n5 read bad.json\n5 fsync .qacorpus-*c.preview.md*\n"), 0o600))
	f.start()
	for _, name := range []string{"bad.pdf", "c.pdf"} {
		f.drop(filepath.Join(behind, name))
	}
	f.ask(filepath.Join(behind, "bad.json"))
	f.previewed(f.at("bad.pdf"), "unreadable")
	f.warned("bad.json: .*input/output error")
	f.warned("c.pdf: .*input/output error")
	f.others(f.dir)
	f.do(os.WriteFile(rules, nil, 0o600))
	f.previewed(f.at("bad.pdf"), "no-text")
	f.previewed(f.at("c.pdf"), "no-text")
	// The daemon never replaces a QA file on FUSE, and says so.
	f.warned("bad.json: it could be tidied")
	f.only("^not done, will be tried again: bad.pdf: .*input/output error$", "^not done, will be tried again: bad.json: .*input/output error$",
		"^not done, will be tried again: c.pdf: .*input/output error$", "^left as it is: bad.json: it could be tidied, but is left as it is: its file system has no safe way")
	f.clean()
}

// TestFaultUnreadableFolder has a folder whose names cannot be read for a while:
// nothing is taken for deleted.
func TestFaultUnreadableFolder(t *testing.T) {
	f, behind, rules := onFailfs(t)
	f.start()
	f.drop(filepath.Join(behind, "a.pdf"))
	f.previewed(f.at("a.pdf"), "no-text")
	f.do(os.WriteFile(rules, []byte("5 readdir *\n"), 0o600))
	f.warned("input/output error")
	f.others()
	f.do(os.WriteFile(rules, nil, 0o600))
	f.others(f.dir)
	f.previewed(f.at("a.pdf"), "no-text")
	f.only("input/output error$")
}

// onFailfs mounts the test's own file system: behind is the folder that it
// shows, rules the file that says what fails.
func onFailfs(t *testing.T) (f *faulty, behind, rules string) {
	t.Helper()
	base := t.TempDir()
	behind, rules = filepath.Join(base, "behind"), filepath.Join(base, "rules")
	dir, program := filepath.Join(base, "mounted"), filepath.Join(base, "failfs")
	if err := errors.Join(os.Mkdir(behind, 0o755), os.Mkdir(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "testdata/failfs"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	server := exec.Command(program, behind, dir, rules)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(unix.Unmount(dir, unix.MNT_DETACH), server.Wait()); err != nil {
			t.Error(err)
		}
	})
	if !comesTrue(func() bool { var st unix.Statfs_t; return unix.Statfs(dir, &st) == nil && st.Type == 0x65735546 }) {
		t.Fatal("the file system was never mounted")
	}
	return newFaulty(t, dir, 0), behind, rules
}
