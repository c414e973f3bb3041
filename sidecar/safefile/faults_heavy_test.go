//go:build linux && heavy

package safefile

// Faults: every system call of the work fails in turn, and the ones that people
// meet are made for real: a full disk, a read-only mount, folders and files
// that may not be written.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// fallible are the calls that are made to fail: those that reach a disk.
const fallible = "openat,write,pread64,fsync,rename,renameat,renameat2,linkat,unlinkat,fchmod,fchown,fsetxattr,flock,newfstatat,fstat,flistxattr"

func TestFailedAtEverySystemCall(t *testing.T) {
	var names []string
	for name := range crashes() {
		if !strings.HasPrefix(name, "aside") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	total := 0
	for _, name := range names {
		for _, fault := range []string{"EIO", "ENOSPC", "EMFILE"} {
			t.Run(name+"/"+fault, func(t *testing.T) {
				base := t.TempDir()
				c := crashes()[name]
				a := fresh(t, base, name, 0, c)
				for i, at := range a.instants(t, fallible) {
					a := fresh(t, base, name, i+1, c)
					inject := fmt.Sprintf("--inject=%s:error=%s:when=%d", at.call, fault, at.n)
					if out, _ := a.strace(t, "-o", "/dev/null", inject); bytes.Contains(out, []byte("goroutine ")) {
						t.Errorf("%s", out)
					}
					if err := a.recover(); err != nil {
						t.Errorf("recover: %v", err)
					}
					c.after(t, a)
					if total++; t.Failed() {
						t.Fatalf("at %+v", at)
					}
				}
			})
		}
	}
	t.Logf("%d faults", total)
}

func TestFaultsOfRealFileSystems(t *testing.T) {
	p := mount(t, "tmpfs")
	path := filepath.Join(p.dir, "a.json")
	writeFile(t, path, "old")
	v := read(t, path)
	w := &Writer{}
	fails := func(what string, want error, do func() error) {
		t.Helper()
		err := do()
		if !errors.Is(err, want) || strings.Count(err.Error(), p.dir) != 1 {
			t.Errorf("%s: %v", what, err)
		}
		t.Logf("%-10s %v", what, err)
		holds(t, path, "old")
		if names, _ := tempsIn(p.dir); len(names) > 0 {
			t.Errorf("%s leaves %q", what, names)
		}
	}
	replace := func() error { return w.Replace(context.Background(), path, v, bytes.Repeat([]byte("n"), 1<<20)) }
	create := func() error { return w.Create(filepath.Join(p.dir, "p.md"), bytes.Repeat([]byte("n"), 1<<20), 0o644) }

	filler := filepath.Join(p.dir, "filler")
	fill(t, filler)
	fails("full", syscall.ENOSPC, replace)
	fails("full", syscall.ENOSPC, create)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	sh(t, "mount", "-o", "remount,ro", p.dir)
	fails("read-only", syscall.EROFS, replace)
	fails("read-only", syscall.EROFS, create)
	fails("read-only", syscall.EROFS, func() error { return w.Remove(path, v) })
	sh(t, "mount", "-o", "remount,rw", p.dir)
	if err := errors.Join(replace(), create()); err != nil {
		t.Errorf("once the cause is gone: %v", err)
	}
}

func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 1<<20); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

func TestFaultsOfImmutableThings(t *testing.T) {
	p := mount(t, "ext4")
	for _, flag := range []string{"i", "a"} {
		path := filepath.Join(p.dir, "a"+flag+".json")
		writeFile(t, path, "old")
		sh(t, "chattr", "+"+flag, path)
		kind(t, new(Writer).Replace(context.Background(), path, read(t, path), []byte("new")), "immutable")
		holds(t, path, "old")
		sh(t, "chattr", "-"+flag, path)
	}
	mounted := filepath.Join(p.dir, "mounted.json")
	writeFile(t, mounted, "old")
	sh(t, "mount", "--bind", mounted, mounted)
	kind(t, new(Writer).Replace(context.Background(), mounted, read(t, mounted), []byte("new")), "mount-point")
	sh(t, "umount", mounted)
	if names, _ := tempsIn(p.dir); len(names) > 0 {
		t.Errorf("left %q", names)
	}
}

// TestFaultsOfAnOrdinaryUser runs this same test as nobody, who meets files and
// folders of others.
func TestFaultsOfAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		ordinaryUser(t, os.Getenv("SAFEFILE_TEST_DIR"))
		return
	}
	dir, err := os.MkdirTemp("", "safefile-user")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	at := func(name string) string { return filepath.Join(dir, name) }
	own := func(name string, uid, gid int, mode fs.FileMode) {
		t.Helper()
		if err := errors.Join(os.Chown(at(name), uid, gid), os.Chmod(at(name), mode)); err != nil {
			t.Fatal(err)
		}
	}
	own(".", nobody, nobody, 0o755)
	for _, sub := range []string{"closed", "theirs"} {
		if err := os.Mkdir(at(sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"closed/a.json", "theirs/a.json", "theirs/group.json", "theirs/acl.json"} {
		writeFile(t, at(name), "old")
	}
	own("closed/a.json", nobody, nobody, 0o644)
	own("closed", 0, 0, 0o755)
	own("theirs", 0, 0, 0o777)
	own("theirs/a.json", 1, 1, 0o666)
	own("theirs/group.json", nobody, 1, 0o664)
	own("theirs/acl.json", nobody, nobody, 0o644)
	sh(t, "setfacl", "-m", "u:2:rw", at("theirs/acl.json"))
	program := at("safefile.test")
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.v", "-test.run", "^TestFaultsOfAnOrdinaryUser$")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SAFEFILE_TEST_DIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := acl(t, "getfacl", "-n", "-p", at("theirs/acl.json")); !strings.Contains(got, "user:2:rw-") {
		t.Errorf("access list lost: %s", got)
	}
}

func ordinaryUser(t *testing.T, dir string) {
	at := func(name string) string { return filepath.Join(dir, name) }
	replace := func(name string) error {
		return new(Writer).Replace(context.Background(), at(name), read(t, at(name)), []byte("new"))
	}
	if err := replace("closed/a.json"); !errors.Is(err, unix.EACCES) {
		t.Errorf("a folder of somebody else: %v", err)
	}
	kind(t, replace("theirs/a.json"), "foreign-owner")
	kind(t, replace("theirs/group.json"), "foreign-owner")
	if err := replace("theirs/acl.json"); err != nil {
		t.Errorf("a file with an access list: %v", err)
	}
	holds(t, at("theirs/a.json"), "old")
	holds(t, at("theirs/acl.json"), "new")
	if err := os.Chmod(at("theirs/acl.json"), 0o444); err != nil {
		t.Fatal(err)
	}
	kind(t, replace("theirs/acl.json"), "read-only")
	if err := os.Chmod(at("theirs/acl.json"), 0o644); err != nil {
		t.Fatal(err)
	}
}
