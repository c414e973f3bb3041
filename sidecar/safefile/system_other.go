//go:build !linux && !darwin

package safefile

import "errors"

func exchange(_, _ string) error { return errors.ErrUnsupported }

func immutable(string) bool { return false }
