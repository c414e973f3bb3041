//go:build unix && !linux

package extract

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

func selfPath() (string, error) { return os.Executable() }

// prepare keeps the keys of a terminal from the worker.
func prepare(cmd *exec.Cmd) {
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// unhurried does nothing: it is Linux's to offer.
func unhurried() {}

// confine does nothing: the worker shuts itself in.
func confine(*exec.Cmd, int64) (func(), error) { return func() {}, nil }

func socketPair() (ours, theirs *os.File, err error) {
	syscall.ForkLock.RLock() // no other start may inherit the two
	defer syscall.ForkLock.RUnlock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make socket: %w", err)
	}
	unix.CloseOnExec(fds[0])
	unix.CloseOnExec(fds[1])
	return os.NewFile(uintptr(fds[0]), "pool"), os.NewFile(uintptr(fds[1]), "worker"), nil
}
