package watcher

// macOS: inode and device come with every stat. There are no mount numbers, so the device stands for the mount.

import (
	"io/fs"
	"syscall"
)

func stampOf(fi fs.FileInfo) stamp {
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return stamp{size: fi.Size(), mtime: fi.ModTime().UnixNano()}
	}
	return stamp{size: st.Size, blocks: st.Blocks, mtime: st.Mtimespec.Nano(), ctime: st.Ctimespec.Nano(), inode: st.Ino}
}

func identityOf(fi fs.FileInfo, _ string) identity {
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return identity{}
	}
	return identity{device: uint64(st.Dev), inode: st.Ino, mount: uint64(st.Dev)}
}
