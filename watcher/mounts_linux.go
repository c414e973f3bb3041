package watcher

// Mounts on Linux: which file system a folder lies on, and whether inotify hears of every change there.
//
// inotify reports what passes through this machine's own file-system code. Changes made by another machine, or on the
// backing side of a FUSE or overlay mount, send nothing (https://man7.org/linux/man-pages/man7/inotify.7.html,
// "Limitations and caveats"). So only file systems known to be local and whole are trusted; all others are polled.

import (
	"fmt"
	"strconv"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

// reliable lists the statfs numbers of file systems whose events suffice
// (https://man7.org/linux/man-pages/man2/statfs.2.html and linux/magic.h).
func reliable(magic uint32) bool {
	switch magic {
	case unix.EXT4_SUPER_MAGIC, // ext2, ext3 and ext4
		unix.TMPFS_MAGIC, unix.RAMFS_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC,
		unix.MSDOS_SUPER_MAGIC, // vfat too
		unix.EXFAT_SUPER_MAGIC, unix.JFFS2_SUPER_MAGIC, unix.NILFS_SUPER_MAGIC, unix.REISERFS_SUPER_MAGIC,
		unix.ISOFS_SUPER_MAGIC, unix.UDF_SUPER_MAGIC, unix.SQUASHFS_MAGIC, unix.EROFS_SUPER_MAGIC_V1,
		0x2fc12fc1, // zfs
		0xca451a4e, // bcachefs
		0x7366746e, // ntfs3
		0x3153464a, // jfs
		0x482b:     // hfs+
		return true
	}
	return false
}

// fileSystem tells whether events suffice on the mount that holds path, and what it is called.
func fileSystem(path string) (trusted bool, name string) {
	var st unix.Statfs_t
	if err := retry(func() error { return unix.Statfs(path, &st) }); err != nil {
		return false, "unknown"
	}
	magic := uint32(st.Type)
	return reliable(magic), nameOf(magic)
}

func nameOf(magic uint32) string {
	switch magic {
	case unix.FUSE_SUPER_MAGIC:
		return "fuse"
	case unix.NFS_SUPER_MAGIC:
		return "nfs"
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "smb"
	case unix.V9FS_MAGIC:
		return "9p"
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "afs"
	case unix.CEPH_SUPER_MAGIC:
		return "ceph"
	case unix.CODA_SUPER_MAGIC:
		return "coda"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlay"
	case 0x786f4256:
		return "vboxsf"
	}
	return "0x" + strconv.FormatUint(uint64(magic), 16)
}

// mountTable tells when something was mounted or unmounted. The kernel marks an open mountinfo file as exceptional then
// (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html), so asking costs one call.
//
// The mark is cleared by whoever asks first, so the file must not be an os.File, after which the runtime asks.
type mountTable struct {
	fd int // -1 if the system has none
}

func openMountTable() *mountTable {
	fd, err := unix.Open("/proc/self/mountinfo", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd = -1
	}
	return &mountTable{fd: fd}
}

// changed tells whether there was a change since the last call, and what there is now.
func (m *mountTable) changed() (lines []mountLine, changed bool) {
	if m.fd < 0 {
		return nil, false
	}
	fds := []unix.PollFd{{Fd: int32(m.fd), Events: unix.POLLPRI}}
	if n, err := unix.Poll(fds, 0); err != nil || n == 0 {
		return nil, false
	}
	mounts, err := mountinfo.GetMounts(nil)
	if err != nil {
		return nil, false
	}
	for _, i := range mounts {
		lines = append(lines, mountLine{point: i.Mountpoint, text: fmt.Sprint(*i)})
	}
	return lines, true
}

func (m *mountTable) close() {
	if m.fd >= 0 {
		unix.Close(m.fd)
	}
}
