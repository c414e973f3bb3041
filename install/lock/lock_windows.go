// Windows: a named mutex in the machine's global name space, which the system
// closes with its process. It does not tell who has it.

package lock

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/windows"
)

type handle struct {
	mutex windows.Handle
}

// release closes the mutex. An error would mean that the handle is not one of ours.
func (h handle) release() {
	_ = windows.CloseHandle(h.mutex)
}

func take(path string, names []string) (handle, error) {
	// Names are compared without regard to case, as the file systems do.
	sum := sha256.Sum256([]byte(strings.ToLower(names[0])))
	name, err := windows.UTF16PtrFromString(fmt.Sprintf(`Global\qacorpus-%x`, sum[:16]))
	if err != nil {
		return handle{}, fmt.Errorf("lock folder %q: %w", path, err)
	}
	mutex, err := windows.CreateMutex(nil, true, name)
	switch {
	case err == nil:
		return handle{mutex}, nil
	case errors.Is(err, windows.ERROR_ALREADY_EXISTS):
		_ = windows.CloseHandle(mutex)
		return handle{}, &HeldError{Path: path, By: path}
	case errors.Is(err, windows.ERROR_ACCESS_DENIED): // another user's
		return handle{}, &HeldError{Path: path, By: path}
	}
	return handle{}, fmt.Errorf("lock folder %q: %w", path, err)
}

func holderOf([]string) int { return 0 } // it is not told here
