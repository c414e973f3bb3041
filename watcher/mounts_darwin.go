package watcher

import "golang.org/x/sys/unix"

// fileSystem tells whether events suffice on the mount that holds path, and what it is called: kqueue hears of every change
// on the local file systems only.
func fileSystem(path string) (trusted bool, name string) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return false, "unknown"
	}
	name = unix.ByteSliceToString(st.Fstypename[:])
	switch name {
	case "apfs", "hfs", "exfat", "msdos", "udf", "cd9660":
		return true, name
	}
	return false, name
}
