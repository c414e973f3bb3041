package safefile

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func changeTime(st *syscall.Stat_t) int64 { return st.Ctimespec.Nano() }

// renameNew renames without ever replacing (renamex_np(2); APFS and HFS+).
func renameNew(old, new string) error { return renamex(old, new, unix.RENAME_EXCL) }

// exchange swaps what two names refer to, in one step (APFS).
func exchange(a, b string) error { return renamex(a, b, unix.RENAME_SWAP) }

func renamex(old, new string, flags uint32) error {
	if err := unix.RenamexNp(old, new, flags); err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	return nil
}

// immutable tells chflags uchg, schg, uappnd and sappnd.
func immutable(path string) bool {
	const flags = 0x2 | 0x4 | 0x20000 | 0x40000 // chflags(2)
	var st unix.Stat_t
	return unix.Lstat(path, &st) == nil && st.Flags&flags != 0
}

func links(path string) uint64 {
	var st unix.Stat_t
	if unix.Lstat(path, &st) != nil {
		return 1
	}
	return uint64(st.Nlink)
}
