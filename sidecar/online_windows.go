package sidecar

import (
	"io/fs"
	"syscall"
)

// Attributes of files whose content lies elsewhere, from winnt.h: OFFLINE,
// RECALL_ON_OPEN and RECALL_ON_DATA_ACCESS, which OneDrive's and Drive's
// placeholders carry.
const recall = 0x1000 | 0x40000 | 0x400000

// onlineOnly reports whether reading the file would pull its content down.
func onlineOnly(info fs.FileInfo) bool {
	attr, ok := info.Sys().(*syscall.Win32FileAttributeData)
	return ok && attr.FileAttributes&recall != 0
}
