package safefile

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func changeTime(st *syscall.Stat_t) int64 { return st.Ctim.Nano() }

// renameNew renames without ever replacing; an error for which unsupported is
// true where the file system cannot promise that.
func renameNew(old, new string) error { return renameat2(old, new, unix.RENAME_NOREPLACE) }

// exchange swaps what two names refer to, in one step.
func exchange(a, b string) error { return renameat2(a, b, unix.RENAME_EXCHANGE) }

func renameat2(old, new string, flags uint) error {
	for {
		err := unix.Renameat2(unix.AT_FDCWD, old, unix.AT_FDCWD, new, flags)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
		}
		return nil
	}
}

// immutable tells chattr +i and +a, which forbid even root to replace a file.
func immutable(path string) bool {
	var st unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_MODE, &st)
	return err == nil && st.Attributes&(unix.STATX_ATTR_IMMUTABLE|unix.STATX_ATTR_APPEND) != 0
}

// links counts a file's names as the file system has them now: after a link and
// an unlink, FUSE answers from its cache for a second.
func links(path string) uint64 {
	var st unix.Statx_t
	if unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW|unix.AT_STATX_FORCE_SYNC, unix.STATX_NLINK, &st) != nil {
		return 1
	}
	return uint64(st.Nlink)
}
