//go:build linux && heavy

package history

// The power goes while a process keeps and prunes on an ext4 file system. Needs
// root, for the mounts, and mkfs.ext4.

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

var powerCuts = flag.Int("cuts", 10, "how often the power is cut")

func sh(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func TestPowerCuts(t *testing.T) {
	base := t.TempDir()
	acknowledged := 0
	for n := range *powerCuts {
		dir, image := filepath.Join(base, fmt.Sprint("m", n)), filepath.Join(base, fmt.Sprint("image", n))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		sh(t, "truncate", "-s", "64M", image)
		sh(t, "mkfs.ext4", "-q", image)
		sh(t, "mount", "-o", "loop", image, dir)
		last := untilCut(t, dir)
		// What the disk has is mounted as another disk: another mount
		// namespace may hold on to the first.
		sh(t, "cp", image, image+"after")
		sh(t, "umount", "-l", dir)
		sh(t, "mount", "-o", "loop", image+"after", dir)
		s, err := Open(filepath.Join(dir, "history"))
		if err != nil {
			t.Fatal(err)
		}
		for f, newest := range last {
			got := list(t, s, fmt.Sprintf("/f%d\n.json", f))
			for _, n := range []int{0, newest} {
				if want := fmt.Sprintf("version %d of %d", n, f); newest >= 0 && !slices.Contains(got, want) {
					t.Errorf("%q is not in %q", want, got)
				}
			}
			acknowledged += newest + 1
		}
		sh(t, "umount", "-l", dir)
		sh(t, "rm", image, image+"after")
	}
	t.Logf("%d cuts, %d versions acknowledged", *powerCuts, acknowledged)
}

// untilCut runs a keeper for a moment, cuts the power, and returns the newest
// version of each file that was said to be kept.
func untilCut(t *testing.T, dir string) []int {
	t.Helper()
	last := []int{-1, -1, -1}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"="+filepath.Join(dir, "history"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	lines := bufio.NewScanner(out)
	for seen, enough := 0, 10+rand.IntN(60); lines.Scan(); {
		var f, n int
		if _, err := fmt.Sscan(lines.Text(), &f, &n); err != nil {
			t.Fatal(err)
		}
		last[f] = n
		if seen++; seen == enough {
			shutdown(t, dir)
		}
	}
	return last
}

// shutdown is EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH (linux/ext4.h):
// nothing more reaches the disk, not even the journal's running transaction.
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
