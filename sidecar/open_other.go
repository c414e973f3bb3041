//go:build !unix

package sidecar

import "os"

// openPDF opens path for reading.
func openPDF(path string) (*os.File, error) { return os.Open(path) }
