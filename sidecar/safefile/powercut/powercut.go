//go:build linux && heavy

// Package powercut gives tests a disk whose power can be cut: nothing that was
// not made durable before is there afterwards. Needs root and mkfs.ext4.
//
// # Design notes
//
// An ext4 file system in a file is shut down by EXT4_IOC_SHUTDOWN with
// EXT4_GOING_FLAGS_NOLOGFLUSH (linux/ext4.h): not even the running transaction
// of its journal reaches the disk. Then a copy of the file is mounted, as
// another disk, since the kernel may hold on to the first one if another mount
// namespace does. Unlike a real cut, writes that the device was given are
// neither reordered nor torn.
package powercut

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Run does this n times, each with a new disk: work works below dir, calls cut
// and returns; check looks at what is left, below another dir.
func Run(t *testing.T, n int, work func(dir string, cut func()), check func(dir string)) {
	t.Helper()
	base := t.TempDir()
	for i := range n {
		image := filepath.Join(base, fmt.Sprint("image", i))
		dir := filepath.Join(base, fmt.Sprint("disk", i))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		sh(t, "truncate", "-s", "64M", image)
		sh(t, "mkfs.ext4", "-q", image)
		mounted(t, image, dir, func() {
			work(dir, func() { shutdown(t, dir) })
			sh(t, "cp", image, image+"after")
		})
		mounted(t, image+"after", dir, func() { check(dir) })
		sh(t, "rm", image, image+"after")
	}
}

// mounted runs f while image is mounted at dir.
func mounted(t *testing.T, image, dir string, f func()) {
	t.Helper()
	sh(t, "mount", "-o", "loop", image, dir)
	defer sh(t, "umount", "-l", dir)
	f()
}

func shutdown(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	flags := uint32(2)
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), 0x8004587D, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		t.Fatal(errno)
	}
}

func sh(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}
