package safefile

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/windows"
)

// openElsewhere opens the file without letting others write, which fails while
// somebody does.
func openElsewhere(path string, _ fs.FileInfo) bool {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return false
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ|windows.FILE_SHARE_DELETE, nil,
		windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return errors.Is(err, windows.ERROR_SHARING_VIOLATION)
	}
	windows.CloseHandle(h)
	return false
}
