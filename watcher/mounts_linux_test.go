package watcher

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestReliableFileSystems(t *testing.T) {
	for _, c := range []struct {
		magic uint32
		want  bool
		name  string
	}{
		{0xEF53, true, "0xef53"}, {0x01021994, true, "0x1021994"}, {0x9123683E, true, "0x9123683e"},
		{0x65735546, false, "fuse"}, {0x6969, false, "nfs"}, {0x517B, false, "smb"}, {0xFF534D42, false, "smb"},
		{0xFE534D42, false, "smb"}, {0x01021997, false, "9p"}, {0x5346414F, false, "afs"}, {0x00C36400, false, "ceph"},
		{0x73757245, false, "coda"}, {0x794C7630, false, "overlay"}, {0x786f4256, false, "vboxsf"}, {0x12345678, false, "0x12345678"},
	} {
		if got := reliable(c.magic); got != c.want {
			t.Errorf("reliable(%#x) = %v, want %v", c.magic, got, c.want)
		}
		if got := nameOf(c.magic); got != c.name {
			t.Errorf("nameOf(%#x) = %q, want %q", c.magic, got, c.name)
		}
	}
}

func TestLimitsSayHowToRaiseThem(t *testing.T) {
	for err, want := range map[error]bool{unix.ENOSPC: true, unix.EMFILE: true, unix.ENFILE: true, unix.ENOENT: false, os.ErrPermission: false} {
		if got := limitOf(&os.PathError{Op: "open", Path: "x", Err: err}) != ""; got != want {
			t.Errorf("limitOf(%v) says something: %v, want %v", err, got, want)
		}
	}
}

func TestMountTableIsThereAndQuiet(t *testing.T) {
	m := openMountTable()
	defer m.close()
	if m.fd < 0 {
		t.Fatal("no mount table")
	}
	if lines, changed := m.changed(); changed && len(lines) == 0 {
		t.Error("the mount table changed, and is empty")
	}
}
