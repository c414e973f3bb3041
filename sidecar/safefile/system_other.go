//go:build !linux && !darwin

package safefile

import (
	"errors"
	"os"
)

func exchange(_, _ string) error { return errors.ErrUnsupported }

func immutable(string) bool { return false }

func links(path string) uint64 {
	info, err := os.Lstat(path)
	if err != nil {
		return 1
	}
	return identify(info).Links
}
