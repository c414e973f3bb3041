package history

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock waits for the lock on f, which ends when f is closed.
func lock(f *os.File, exclusive bool) error {
	var flags uint32
	if exclusive {
		flags = windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	// Far behind the end: locks are mandatory on Windows, and readers take none.
	at := &windows.Overlapped{OffsetHigh: 0x7fffffff}
	return os.NewSyscallError("LockFileEx", windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, at))
}

// syncPath has nothing to do: renaming is durable with the file system's journal,
// and a file that is only open for reading cannot be synced.
func syncPath(string) error { return nil }
