package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
)

// Windows' access lists are not asked; whether the folder can be written to shows
// when a probe is dropped.

func mayUse(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

func mayMake(path string) error { return mayUse(path) }

func mayRead(path string) bool { return mayUse(path) == nil }

func mayUseAs(context.Context, string, string) error { return errors.ErrUnsupported }

func owns(fs.FileInfo) bool { return true }

func names(fs.FileInfo) uint64 { return 1 }

func (d *doctor) descriptors() {}
