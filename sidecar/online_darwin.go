package sidecar

import (
	"io/fs"
	"syscall"
)

// sfDataless marks files whose content the file provider keeps elsewhere
// (SF_DATALESS in sys/stat.h).
const sfDataless = 0x40000000

// onlineOnly reports whether reading the file would pull its content down.
func onlineOnly(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Flags&sfDataless != 0
}
