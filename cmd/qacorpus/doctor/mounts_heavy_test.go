//go:build heavy && linux

package doctor

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// These need root, bindfs and fuse3.

func mustRun(t *testing.T, words ...string) {
	t.Helper()
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, out)
	}
}

// mounted makes a mount that goes with the test.
func mounted(t *testing.T, words ...string) string {
	t.Helper()
	point := words[len(words)-1]
	mustRun(t, words...)
	t.Cleanup(func() { mustRun(t, "umount", point) })
	return point
}

func folders(t *testing.T, names ...string) (paths []any) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, filepath.Join(dir, name))
	}
	return paths
}

func TestFUSE(t *testing.T) {
	f := folders(t, "real", "mount")
	point := mounted(t, "bindfs", f[0].(string), f[1].(string))
	r := Run(t.Context(), options(t, "", point))
	is(t, find(t, r, point, "watching"), ok, "no reliable events", "")
	is(t, find(t, r, point, "tidying"), note, "no safe way", "qacorpus fmt -w")
	if c := find(t, r, point, "file system"); !strings.Contains(c.Said, "fuse") {
		t.Errorf("%+v", c)
	}
	if !r.Healthy {
		t.Errorf("%+v", r.Checks)
	}
}

func TestReadOnlyMount(t *testing.T) {
	f := folders(t, "real", "mount")
	point := mounted(t, "mount", "--bind", f[0].(string), f[1].(string))
	mustRun(t, "mount", "-o", "remount,ro,bind", point)
	r := Run(t.Context(), options(t, "", point))
	is(t, find(t, r, point, "file system"), fix, "read-only", "mount it for writing")
	if r.Healthy {
		t.Error("healthy all the same")
	}
}

func TestFullDisk(t *testing.T) {
	point := mounted(t, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folders(t, "mount")[0].(string))
	fill := exec.Command("dd", "if=/dev/zero", "of="+filepath.Join(point, "x"), "bs=64k")
	_ = fill.Run() // it ends with the disk
	r := Run(t.Context(), options(t, "", point))
	is(t, find(t, r, point, "space"), fix, "only", "make room")
	is(t, find(t, r, point, "watching"), fix, "no probe could be dropped", "space")
	is(t, find(t, r, point, "tidying"), fix, "could not be replaced", "space")
	if names, err := os.ReadDir(point); err != nil || len(names) != 1 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func TestNoInodes(t *testing.T) {
	point := mounted(t, "mount", "-t", "tmpfs", "-o", "size=100m,nr_inodes=20", "tmpfs", folders(t, "mount")[0].(string))
	r := Run(t.Context(), options(t, "", point))
	is(t, find(t, r, point, "space"), fix, "more files only", "delete files")
}

// Overlay mounts are polled, and files can be replaced there.
func TestOverlay(t *testing.T) {
	f := folders(t, "lower", "upper", "work", "mount")
	point := mounted(t, "mount", "-t", "overlay", "overlay", "-o", fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", f[:3]...), f[3].(string))
	r := Run(t.Context(), options(t, "", point))
	is(t, find(t, r, point, "file system"), ok, "overlay", "")
	is(t, find(t, r, point, "watching"), ok, "no reliable events", "")
}

// What the service's account may do is asked as that account.
func TestServiceAccount(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, parent := range []string{filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} {
		_ = os.Chmod(parent, 0o755) // of the test's own
	}
	o := options(t, "", dir)
	o.Account = "nobody"
	r := Run(t.Context(), o)
	is(t, find(t, r, dir, "permissions"), fix, "nobody cannot read and write it", "chown")
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	r = Run(t.Context(), o)
	is(t, find(t, r, dir, "permissions"), ok, "nobody can read and write it", "")
	o.Account = "no-such-account"
	r = Run(t.Context(), o)
	is(t, find(t, r, dir, "permissions"), fix, "no-such-account cannot", "chown")
}

// An ordinary person is told what they may not do, by a copy of this test that
// has given root away.
func TestOrdinaryPerson(t *testing.T) {
	if os.Getenv("QACORPUS_ORDINARY") != "" {
		ordinary(t)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", exe, "-test.run", "^TestOrdinaryPerson$", "-test.v")
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(filepath.Dir(dir)), filepath.Dir(dir), dir} {
		_ = os.Chmod(d, 0o777)
	}
	closed, sticky := filepath.Join(dir, "closed"), filepath.Join(dir, "sticky")
	if err := errors.Join(os.Mkdir(closed, 0o755), os.Mkdir(filepath.Join(closed, "inner"), 0o700), os.Mkdir(sticky, 0o777), unix.Chmod(sticky, 0o1777)); err != nil {
		t.Fatal(err)
	}
	write(t, 0o600, closed, "a.pdf")
	c.Env = append(os.Environ(), "QACORPUS_ORDINARY="+dir, "HOME=/nonexistent", "TMPDIR="+dir)
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS: TestOrdinaryPerson") {
		t.Errorf("%v\n%s", err, out)
	}
}

func ordinary(t *testing.T) {
	dir := os.Getenv("QACORPUS_ORDINARY")
	closed, sticky := filepath.Join(dir, "closed"), filepath.Join(dir, "sticky")
	o := options(t, "", closed, sticky)
	o.Config.State = "/nonexistent/state"
	r := Run(t.Context(), o)
	var said []string
	for _, c := range r.Checks {
		if c.Folder == closed && c.Name == "permissions" {
			if c.Level != fix || c.Do == "" {
				t.Errorf("%+v", c)
			}
			said = append(said, c.Said)
		}
	}
	if got := strings.Join(said, "; "); got != "you cannot read and write it; folders below it that cannot be read: inner; files that cannot be read: a.pdf" {
		t.Errorf("it says %q", got)
	}
	is(t, find(t, r, sticky, "permissions"), note, "sticky bit", "chmod -t")
	is(t, find(t, r, "", "state"), fix, "cannot be made: permission denied", "another one")
	o.Account = "root"
	r = Run(t.Context(), o)
	is(t, find(t, r, closed, "permissions"), note, "not known to you", "sudo -u root")
}
