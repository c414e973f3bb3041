//go:build unix

package sidecar

import (
	"os"
	"syscall"
)

// openPDF opens path for reading without waiting, should a pipe have taken its
// place since it was looked at.
func openPDF(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// errLoop is what the system says of a link that leads to itself.
const errLoop = syscall.ELOOP
