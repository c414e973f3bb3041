//go:build unix

package safefile

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestReadTellsKindsApart(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, at("file.json"), "12345")
	must(os.Mkdir(at("folder.json"), 0o755))
	must(unix.Mkfifo(at("fifo.json"), 0o600))
	must(os.Symlink("file.json", at("link.json")))
	must(os.Symlink("folder.json", at("folderlink.json")))
	must(os.Symlink("/dev/zero", at("device.json")))
	must(os.Symlink("loop.json", at("loop.json")))
	must(os.Symlink("nothing", at("dangling.json")))
	socket, err := net.Listen("unix", at("s.json"))
	must(err)
	defer socket.Close()
	for name, want := range map[string]string{"folder.json": "folder", "fifo.json": "fifo", "folderlink.json": "folder",
		"device.json": "device", "s.json": "socket"} {
		_, _, err := Read(at(name), 0)
		kind(t, err, want)
		_, err = Writing(at(name))
		kind(t, err, want)
	}
	data, v, err := Read(at("link.json"), 5)
	if err != nil || string(data) != "12345" || !v.Symlink || v.Size != 5 {
		t.Errorf("through a link: %q %+v %v", data, v, err)
	}
	_, v, err = Read(at("file.json"), 4)
	kind(t, err, "too-large")
	if v.Size != 5 || v.Symlink {
		t.Errorf("version of a large file: %+v", v)
	}
	if _, _, err := Read(at("dangling.json"), 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("dangling link: %v", err)
	}
	if _, _, err := Read(at("loop.json"), 0); !errors.Is(err, unix.ELOOP) {
		t.Errorf("link to itself: %v", err)
	}
}

func TestReplaceRefusesWhatItCannotKeep(t *testing.T) {
	for name, prepare := range map[string]func(path string) error{
		"symlink": func(path string) error {
			return errors.Join(os.Rename(path, path+".real"), os.Symlink(filepath.Base(path)+".real", path))
		},
		"hard-linked": func(path string) error { return os.Link(path, path+".other") },
		"read-only":   func(path string) error { return os.Chmod(path, 0o444) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.json")
			writeFile(t, path, "old")
			if err := prepare(path); err != nil {
				t.Fatal(err)
			}
			kind(t, new(Writer).Refusal(path, read(t, path)), name)
			err := new(Writer).Replace(context.Background(), path, read(t, path), []byte("new"))
			kind(t, err, name)
			holds(t, path, "old")
			if err != nil && (!strings.Contains(err.Error(), "it ") || strings.Count(err.Error(), path) != 1) {
				t.Errorf("the message does not tell people what it is: %v", err)
			}
			if names, _ := tempsIn(filepath.Dir(path)); len(names) > 0 {
				t.Errorf("left %q", names)
			}
		})
	}
}

func TestAttributesStay(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("only mode is looked at here")
	}
	path := filepath.Join(t.TempDir(), "a.json")
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o666, 0o755, 0o664 | fs.ModeSetgid, 0o200} {
		if os.Geteuid() != 0 && mode == 0o200 {
			continue // only root reads such a file
		}
		os.Remove(path)
		writeFile(t, path, "old")
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := unix.Setxattr(path, "user.note", []byte("mine\x00too"), 0); err != nil {
			t.Fatal(err)
		}
		before := read(t, path)
		if err := new(Writer).Replace(context.Background(), path, before, []byte("new")); err != nil {
			t.Fatal(err)
		}
		after := read(t, path)
		if after.Mode != before.Mode {
			t.Errorf("mode %v became %v", before.Mode, after.Mode)
		}
		if after.MTime <= before.MTime {
			t.Error("the modification time did not move")
		}
		value := make([]byte, 100)
		n, err := unix.Getxattr(path, "user.note", value)
		if err != nil || string(value[:n]) != "mine\x00too" {
			t.Errorf("attribute %q, %v", value[:max(n, 0)], err)
		}
	}
}

// acl runs setfacl or getfacl, from the package acl.
func acl(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func TestFolderDefaultsDoNotCreepIn(t *testing.T) {
	if runtime.GOOS != "linux" {
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	for _, own := range []bool{false, true} {
		os.Remove(path)
		acl(t, "setfacl", "-k", dir)
		writeFile(t, path, "old")
		if own {
			acl(t, "setfacl", "-m", "u:2:rw,u:3:r,g:4:---,m::rw", path)
		}
		acl(t, "setfacl", "-d", "-m", "u:1:rwx,g::rwx,o::---", dir)
		want := acl(t, "getfacl", "-n", "-p", path)
		if err := new(Writer).Replace(context.Background(), path, read(t, path), []byte("new")); err != nil {
			t.Fatal(err)
		}
		holds(t, path, "new")
		if got := acl(t, "getfacl", "-n", "-p", path); got != want {
			t.Errorf("access list became\n%s\nand was\n%s", got, want)
		}
	}
}

// Refusal knows beforehand what Replace does, and leaves no trace.
func TestRefusal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	writeFile(t, path, "old")
	seen := read(t, path)
	w := new(Writer)
	if err := w.Refusal(path, seen); err != nil && !errors.As(err, new(*UnsafeError)) {
		t.Errorf("of an ordinary file: %v", err)
	}
	writer, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Refusal(path, seen)
	writer.Close()
	if runtime.GOOS == "linux" && !errors.Is(err, ErrBusy) {
		t.Errorf("of a file that is open for writing: %v", err)
	}
	writeFile(t, path, "other")
	if err := w.Refusal(path, seen); !errors.Is(err, ErrChanged) {
		t.Errorf("of a file that changed: %v", err)
	}
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

// A FUSE or NFS client keeps what is removed while somebody has it open under
// another name: that makes no hard link of it.
func TestHeldOpenIsBusy(t *testing.T) {
	for _, hidden := range []string{".fuse_hidden0000000100000002", ".nfs00000000000001",
		".qacorpus-w-0123abcd-0123abcd-0123456789abcdef-a.json.tmp"} {
		path := filepath.Join(t.TempDir(), "a.json")
		writeFile(t, path, "old")
		twin := filepath.Join(filepath.Dir(path), hidden)
		if err := os.Link(path, twin); err != nil {
			t.Fatal(err)
		}
		if err := new(Writer).Replace(t.Context(), path, read(t, path), []byte("new")); !errors.Is(err, ErrBusy) {
			t.Errorf("%s: %v", hidden, err)
		}
		if err := os.Remove(twin); err != nil {
			t.Fatal(err)
		}
		writeFile(t, twin, "another's")
		if err := new(Writer).Replace(t.Context(), path, read(t, path), []byte("new")); err != nil {
			t.Errorf("%s: %v", hidden, err)
		}
	}
}
