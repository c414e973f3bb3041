//go:build unix && !linux && !darwin

package safefile

import (
	"errors"
	"syscall"
)

func changeTime(*syscall.Stat_t) int64 { return 0 }

func renameNew(_, _ string) error { return errors.ErrUnsupported }
