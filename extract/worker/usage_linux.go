package worker

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// usage tells how much memory the process holds. Its file is opened before the
// sandbox closes the file system.
type usage struct {
	fd int // of /proc/self/statm, or -1
}

func openUsage() *usage {
	fd, err := unix.Open("/proc/self/statm", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd = -1 // recycling by memory is then left to the pool's count
	}
	return &usage{fd: fd}
}

// resident is in bytes, 0 where it is not known.
func (u *usage) resident() int64 {
	var buf [128]byte
	n, err := unix.Pread(u.fd, buf[:], 0)
	if err != nil {
		return 0
	}
	f := bytes.Fields(buf[:n])
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(f[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
