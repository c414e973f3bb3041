package cache

import (
	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// Rest gives back the memory into which the store's pages were mapped; what is needed again is read again, from the
// system's own cache as a rule. It is for when there is nothing to do for a while.
func (c *Cache) Rest() error {
	return c.use(func() error {
		return c.db.View(func(tx *bbolt.Tx) error { // while it lasts, the store is not mapped anew
			_, _, errno := unix.Syscall(unix.SYS_MADVISE, c.db.Info().Data, uintptr(tx.Size()), unix.MADV_DONTNEED)
			if errno != 0 {
				return errno
			}
			return nil
		})
	})
}
