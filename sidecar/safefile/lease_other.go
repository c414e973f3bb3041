//go:build !linux

package safefile

import (
	"errors"
	"os"
)

func takeLease(*os.File) error { return errors.ErrUnsupported }

func leaseBroken(*os.File) bool { return true }

func dropLease(*os.File) {}
