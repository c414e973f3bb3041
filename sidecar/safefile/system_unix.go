//go:build unix

package safefile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func openForReading(path string, follow bool) (*os.File, error) {
	flags := os.O_RDONLY | unix.O_NONBLOCK | unix.O_CLOEXEC
	if !follow {
		flags |= unix.O_NOFOLLOW
	}
	return os.OpenFile(path, flags, 0)
}

func identify(info fs.FileInfo) Version {
	v := Version{Size: info.Size(), Mode: info.Mode(), MTime: info.ModTime().UnixNano(), Links: 1}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		v.Dev, v.Ino, v.Links, v.CTime = uint64(st.Dev), uint64(st.Ino), uint64(st.Nlink), changeTime(st)
	}
	return v
}

// own takes the lock that tells Recover, in this or another process, that what
// f refers to is in use. It ends when f is closed or the process dies. A file
// system without locks counts as locked: there the machine's tag and the age
// have to do. False means that somebody else holds a lock.
func own(f *os.File, exclusive bool) bool {
	how := unix.LOCK_SH
	if exclusive {
		how = unix.LOCK_EX
	}
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	return !errors.Is(err, unix.EWOULDBLOCK)
}

// linkNew gives the file old a second name, new, which must not exist.
func linkNew(old, new string) error { return os.Link(old, new) }

func unsupported(err error) bool {
	return errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) ||
		errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, errors.ErrUnsupported)
}

// noLinks tells the errors of file systems that have no hard links, or forbid
// them; rclone's mount calls it an input/output error.
func noLinks(err error) bool {
	return unsupported(err) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EIO) || errors.Is(err, unix.EMLINK) || errors.Is(err, unix.EXDEV)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !unsupported(err) {
		return err
	}
	return nil
}

// mayWrite asks the system, which knows of modes and ACLs. A file system that
// is read-only as a whole is a fault to wait out, not a property of the file.
func mayWrite(path string) bool {
	return !errors.Is(unix.Faccessat(unix.AT_FDCWD, path, unix.W_OK, unix.AT_EACCESS), unix.EACCES)
}

// foreign tells a file whose owner an ordinary user could not keep.
func foreign(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	me := os.Geteuid()
	return ok && me != 0 && int(st.Uid) != me
}

func alive(pid int) bool { return !errors.Is(unix.Kill(pid, 0), unix.ESRCH) }

func nameTooLong(err error) bool { return errors.Is(err, unix.ENAMETOOLONG) }

func mountPoint(err error) bool { return errors.Is(err, unix.EBUSY) }

// keepsOpen: files can be renamed and removed while they are open.
const keepsOpen = true
