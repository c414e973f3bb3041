package complete

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// open opens path for reading without waiting for a pipe's writer.
func open(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// firstHole returns the offset of the first range that was never written, size
// where there is none. File systems that do not know answer size too.
func firstHole(f *os.File, size int64) int64 {
	off, err := unix.Seek(int(f.Fd()), 0, unix.SEEK_HOLE)
	if err != nil {
		return size
	}
	return off
}
