//go:build !unix

package sidecar

import (
	"os"
	"syscall"
)

// openPDF opens path for reading.
func openPDF(path string) (*os.File, error) { return os.Open(path) }

// errLoop is what the system says of a link that leads to itself.
const errLoop = syscall.ELOOP
