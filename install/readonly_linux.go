// Read-only views: whether a folder is shown to this process without its being
// able to write.

package install

import "golang.org/x/sys/unix"

// ReadOnly reports whether the folder lies on what is mounted read-only in this
// process's view. In the service's own mount name space that is so for a folder
// which was made anew after the service started: the bind that made the old one
// writable went with it, and only a restart gives the new one its own.
func ReadOnly(folder string) bool {
	var st unix.Statfs_t
	return unix.Statfs(folder, &st) == nil && st.Flags&unix.ST_RDONLY != 0
}
