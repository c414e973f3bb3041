package sandbox

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// AllowSeconds lets the process use n more seconds of processor time, after
// which the kernel ends it. It is the second line behind the pool's clock:
// the limit counts from the start of the process, so it is raised before each
// document (setrlimit(2), RLIMIT_CPU).
func AllowSeconds(n int) error {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &used); err != nil {
		return fmt.Errorf("read processor time: %w", err)
	}
	var now unix.Rlimit
	if err := unix.Prlimit(0, unix.RLIMIT_CPU, nil, &now); err != nil {
		return fmt.Errorf("read limit of processor time: %w", err)
	}
	now.Cur = min(uint64(used.Sec)+uint64(n)+1, now.Max)
	if err := unix.Prlimit(0, unix.RLIMIT_CPU, &now, nil); err != nil {
		return fmt.Errorf("set limit of processor time: %w", err)
	}
	return nil
}

// defaultSignal gives a signal its default action. Go catches SIGXCPU and
// does nothing with it; os/signal cannot give it back to the kernel.
func defaultSignal(sig unix.Signal) error {
	var action [64]byte // struct sigaction with SIG_DFL, no flags, empty mask
	const setLen = 8
	_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&action)), 0, setLen, 0, 0)
	if e != 0 {
		return fmt.Errorf("reset signal %d: %w", sig, e)
	}
	return nil
}
