package watcher

// What the file system says about a path, read with as few calls and allocations as Linux allows.

import (
	"golang.org/x/sys/unix"
)

// kind is what a name in a folder stands for.
type kind uint8

const (
	kindOther kind = iota // socket, device, pipe
	kindFile
	kindLink
	kindFolder
	kindUnknown // the folder did not say: stat it
)

func kindOfMode(mode uint32) kind {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return kindFile
	case unix.S_IFLNK:
		return kindLink
	case unix.S_IFDIR:
		return kindFolder
	}
	return kindOther
}

func stampOf(st *unix.Stat_t) stamp {
	return stamp{size: st.Size, blocks: st.Blocks, mtime: st.Mtim.Nano(), ctime: st.Ctim.Nano(), inode: st.Ino}
}

// statSource returns the stamp of a regular file, or of what a link leads to; ok is false if there is no such file.
// A link that leads nowhere is a file that can't be read, not a missing one.
func statSource(path string) (stamp, bool) {
	var st unix.Stat_t
	if err := retry(func() error { return unix.Lstat(path, &st) }); err != nil {
		// Only these say that the file is gone. Any other error (EIO, EACCES …) is the reader's to report.
		return stamp{}, err != unix.ENOENT && err != unix.ENOTDIR
	}
	switch kindOfMode(st.Mode) {
	case kindFile:
		return stampOf(&st), true
	case kindLink:
		var target unix.Stat_t
		if retry(func() error { return unix.Stat(path, &target) }) == nil {
			st = target
		}
		return stampOf(&st), kindOfMode(st.Mode) != kindFolder
	}
	return stamp{}, false
}

// statKind returns what path is, not following links.
func statKind(path string) (kind, bool) {
	var st unix.Stat_t
	if retry(func() error { return unix.Lstat(path, &st) }) != nil {
		return kindOther, false
	}
	return kindOfMode(st.Mode), true
}

// retry repeats a call that a signal interrupted, which happens on network mounts.
func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// identity tells one folder from another that took its path: by inode, device and mount.
type identity struct {
	device, inode, mount uint64
}

// wanted asks statx for what identity holds. Linux 6.8 and later then give a mount number that is never used again; older
// ones ignore that bit and may give a new mount the number of the one before it.
const wanted = unix.STATX_INO | unix.STATX_TYPE | unix.STATX_MNT_ID | unix.STATX_MNT_ID_UNIQUE

// identify returns the identity of the folder at path, following links.
func identify(path string) (identity, error) {
	var sx unix.Statx_t
	err := retry(func() error {
		return unix.Statx(unix.AT_FDCWD, path, unix.AT_STATX_DONT_SYNC, wanted, &sx)
	})
	if err != nil {
		return identity{}, err
	}
	if kindOfMode(uint32(sx.Mode)) != kindFolder {
		return identity{}, unix.ENOTDIR
	}
	return identityOf(&sx), nil
}

// folderTime returns when a name last came to or went from the folder at path, in nanoseconds since 1970; 0 if it can't tell. It
// asks the server of a network mount, which NFS clients otherwise do once a minute.
func folderTime(path string) int64 {
	var sx unix.Statx_t
	err := retry(func() error {
		return unix.Statx(unix.AT_FDCWD, path, unix.AT_STATX_FORCE_SYNC, unix.STATX_MTIME, &sx)
	})
	if err != nil {
		return 0
	}
	return sx.Mtime.Sec*1e9 + int64(sx.Mtime.Nsec)
}

func identityOf(sx *unix.Statx_t) identity {
	return identity{device: unix.Mkdev(sx.Dev_major, sx.Dev_minor), inode: sx.Ino, mount: sx.Mnt_id}
}

func isNotFolder(err error) bool { return err == unix.ENOTDIR || err == unix.ELOOP }
