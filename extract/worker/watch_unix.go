//go:build unix && !linux

package worker

import (
	"os"

	"golang.org/x/sys/unix"
)

// watch ends the process when the pool's end of the socket is gone, even in
// the middle of a document.
func watch() {
	for {
		fds := []unix.PollFd{{Fd: 0}} // no events asked for: a hang-up is always told
		if n, err := unix.Poll(fds, -1); n > 0 || err != nil && err != unix.EINTR {
			os.Exit(0)
		}
	}
}
