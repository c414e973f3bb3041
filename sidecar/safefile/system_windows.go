package safefile

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

func openForReading(path string, _ bool) (*os.File, error) { return os.Open(path) }

func identify(info fs.FileInfo) Version {
	return Version{Size: info.Size(), Mode: info.Mode(), MTime: info.ModTime().UnixNano(), Links: 1}
}

// own: a file that is open here cannot be deleted by another process, which is
// lock enough.
func own(*os.File, bool) bool { return true }

func linkNew(old, new string) error { return os.Link(old, new) }

func unsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, windows.ERROR_NOT_SUPPORTED) ||
		errors.Is(err, windows.ERROR_INVALID_FUNCTION)
}

func noLinks(err error) bool { return unsupported(err) || errors.Is(err, fs.ErrPermission) }

// syncFolder: NTFS journals names by itself, and folders cannot be synced.
func syncFolder(string) error { return nil }

func mayWrite(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o200 != 0
}

func foreign(fs.FileInfo) bool { return false }

func alive(pid int) bool {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return !errors.Is(err, windows.ERROR_INVALID_PARAMETER)
	}
	windows.CloseHandle(h)
	return true
}

func nameTooLong(err error) bool { return errors.Is(err, windows.ERROR_FILENAME_EXCED_RANGE) }

func mountPoint(error) bool { return false }

func renameNew(old, new string) error {
	from, err := windows.UTF16PtrFromString(old)
	if err != nil {
		return err
	}
	to, err := windows.UTF16PtrFromString(new)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(from, to, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	return nil
}

// keepsOpen: a file that os.Open opened can be neither renamed nor removed.
const keepsOpen = false
