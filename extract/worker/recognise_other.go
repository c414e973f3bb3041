//go:build !linux

package worker

import "errors"

// recognise is not needed here: the pool starts tesseract itself.
func recognise([]string) error { return errors.New("run tesseract: not by this way") }
