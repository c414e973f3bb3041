//go:build unix

package cache

import (
	"io/fs"
	"syscall"
)

// system adds the inode and the change time.
func (s *Stat) system(info fs.FileInfo) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Ino = st.Ino
		s.Ctime = changeTime(st)
	}
}
