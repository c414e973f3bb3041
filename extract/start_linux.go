package extract

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// selfPath is this program as it was started, even if another version has
// been put in its place since: the two sides must be the same.
func selfPath() (string, error) {
	const exe = "/proc/self/exe"
	if _, err := os.Stat(exe); err == nil {
		return exe, nil
	}
	return os.Executable()
}

// prepare makes the worker end with this process, and keeps the keys of a
// terminal from it.
func prepare(cmd *exec.Cmd) {
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// unhurried lets the processes that this thread starts wake up to 5 ms late where
// they wait for a time (prctl(2), PR_SET_TIMERSLACK). In a worker that is only Go's
// scheduler, which looks every 20 microseconds whether a call into MuPDF has
// returned, and spent a thirtieth of its time on it.
func unhurried() {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(5*time.Millisecond), 0, 0, 0) // without it they are slower
}

// confine does nothing: the worker shuts itself in.
func confine(*exec.Cmd, int64) (func(), error) { return func() {}, nil }

func socketPair() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make socket: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "pool"), os.NewFile(uintptr(fds[1]), "worker"), nil
}
