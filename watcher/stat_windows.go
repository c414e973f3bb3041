package watcher

// Windows: a stat of a path gives neither inode nor change time; a folder is told from another by its volume and file index.

import (
	"io/fs"
	"syscall"
)

func stampOf(fi fs.FileInfo) stamp {
	return stamp{size: fi.Size(), mtime: fi.ModTime().UnixNano()}
}

func identityOf(_ fs.FileInfo, path string) identity {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return identity{}
	}
	// Backup semantics is what opens a folder.
	h, err := syscall.CreateFile(name, 0, syscall.FILE_SHARE_READ|syscall.FILE_SHARE_WRITE|syscall.FILE_SHARE_DELETE, nil,
		syscall.OPEN_EXISTING, syscall.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return identity{}
	}
	defer syscall.CloseHandle(h)
	var info syscall.ByHandleFileInformation
	if err := syscall.GetFileInformationByHandle(h, &info); err != nil {
		return identity{}
	}
	volume := uint64(info.VolumeSerialNumber)
	return identity{device: volume, inode: uint64(info.FileIndexHigh)<<32 | uint64(info.FileIndexLow), mount: volume}
}
