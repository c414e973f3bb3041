package sandbox

import (
	"errors"
	"fmt"

	"github.com/landlock-lsm/go-landlock/landlock"
	lls "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// enter builds the walls, each as far as the kernel has it.
func enter(o Options) (gaps []string) {
	miss := func(what string, err error) {
		if err != nil {
			gaps = append(gaps, fmt.Sprintf("%s: %v", what, err))
		}
	}
	// Nobody else with this user's rights may look into the process, and no
	// program that it might start could gain rights.
	miss("other processes may look into a worker", unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0))
	miss("started programs may gain rights", unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
	miss("resource limits", setLimits(o.Memory))
	miss("file system (Landlock)", restrictFiles())
	miss("system calls (seccomp)", restrictCalls())
	return gaps
}

// openFiles is how many descriptors a worker may hold: its standard ones, one
// document, and Go's own.
const openFiles = 32

// setLimits bounds memory, descriptors and files written. Pipes and sockets
// are no files to RLIMIT_FSIZE.
func setLimits(memory int64) error {
	if err := defaultSignal(unix.SIGXCPU); err != nil {
		return err
	}
	for _, l := range []struct {
		what  int
		value uint64
	}{
		{unix.RLIMIT_DATA, uint64(memory)},
		{unix.RLIMIT_NOFILE, openFiles},
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_FSIZE, 0},
		{unix.RLIMIT_MEMLOCK, 0},
		{unix.RLIMIT_MSGQUEUE, 0},
	} {
		if err := lower(l.what, l.value); err != nil {
			return err
		}
	}
	return nil
}

// lower sets both limits, to the hard one where that is lower already.
func lower(what int, value uint64) error {
	var now unix.Rlimit
	if err := unix.Prlimit(0, what, nil, &now); err != nil {
		return fmt.Errorf("read limit %d: %w", what, err)
	}
	value = min(value, now.Max)
	if err := unix.Prlimit(0, what, &unix.Rlimit{Cur: value, Max: value}, nil); err != nil {
		return fmt.Errorf("set limit %d: %w", what, err)
	}
	return nil
}

// restrictFiles denies all that the kernel's Landlock knows to deny.
func restrictFiles() error {
	abi, err := lls.LandlockGetABIVersion()
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return fmt.Errorf("it may not be asked for here, as in some containers: %w", err)
	case err != nil, abi < 1:
		return errors.New("the kernel has none: Linux 5.13 is the first, and it may be switched off at boot")
	}
	// The newest the library knows: what the kernel does not know is left out,
	// and the system call filter covers it.
	return landlock.V7.BestEffort().Restrict()
}
