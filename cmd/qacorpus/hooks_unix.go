//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// withChildren gives the command a process group of its own, so that what it
// started ends with it, and so that Ctrl-C on a terminal is not also for it.
func withChildren(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
