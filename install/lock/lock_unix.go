//go:build unix && !linux

// Other Unixes: flock on the folder itself. It keeps the folder's volume from
// being ejected while the daemon runs, and does not tell who has it.

package lock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

type handle struct {
	folder *os.File // nil for a folder that is not there
}

func (h handle) release() {
	if h.folder != nil {
		h.folder.Close()
	}
}

func take(path string, names []string) (handle, error) {
	folder, err := os.Open(names[0])
	if errors.Is(err, os.ErrNotExist) {
		return handle{}, nil
	}
	if err != nil {
		return handle{}, fmt.Errorf("lock folder: %w", err)
	}
	err = syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return handle{folder}, nil
	}
	folder.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return handle{}, &HeldError{Path: path, By: path}
	}
	return handle{}, fmt.Errorf("lock folder %q: %w", path, err)
}

func holderOf([]string) int { return 0 } // it is not told here
