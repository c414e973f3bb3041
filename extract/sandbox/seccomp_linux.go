package sandbox

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// always are the system calls that reading a passed document takes, with Go's
// run time and glibc's malloc and threads around it.
const always = `
	read pread64 write writev recvmsg close fstat lseek
	munmap mremap madvise brk
	futex nanosleep clock_nanosleep clock_gettime sched_yield sched_getaffinity
	getpid gettid rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
	set_robust_list rseq exit exit_group getrandom
	epoll_create1 epoll_ctl epoll_pwait eventfd2 ppoll`

// restrictCalls installs the allow-list on all threads.
func restrictCalls() error {
	if !seccomp.Supported() {
		return errors.New("this kernel has no filter for system calls")
	}
	err := seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy()})
	if err != nil {
		return err
	}
	// Where one thread cannot take the filter, the kernel installs none and
	// says so by a positive result, which looks like success.
	if fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); err != unix.EPERM {
		_ = unix.Close(fd)
		return fmt.Errorf("the filter does not hold: %w", err)
	}
	return nil
}

func policy() seccomp.Policy {
	return seccomp.Policy{
		DefaultAction: seccomp.ActionErrno, // EPERM
		Syscalls: []seccomp.SyscallGroup{
			{Action: seccomp.ActionAllow, Names: append(strings.Fields(always), archCalls...), NamesWithCondtions: conditional()},
			// glibc starts threads by clone3 and falls back to clone, whose
			// flags a filter can see, only at this error.
			{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
		},
	}
}

// conditional are calls that are allowed with some arguments only.
func conditional() []seccomp.NameWithConditions {
	when := func(name string, arg uint32, op seccomp.Operation, value int) seccomp.NameWithConditions {
		return seccomp.NameWithConditions{Name: name, Conditions: seccomp.ArgumentConditions{{Argument: arg, Operation: op, Value: uint64(value)}}}
	}
	calls := []seccomp.NameWithConditions{
		when("clone", 0, seccomp.BitsSet, unix.CLONE_THREAD), // threads, no processes
		when("mmap", 2, seccomp.BitsNotSet, unix.PROT_EXEC),  // no new code
		when("mprotect", 2, seccomp.BitsNotSet, unix.PROT_EXEC),
		when("tgkill", 0, seccomp.Equal, os.Getpid()), // Go pre-empts its own threads
		when("fcntl", 1, seccomp.Equal, unix.F_GETFL),
		when("fcntl", 1, seccomp.Equal, unix.F_DUPFD_CLOEXEC),
	}
	// Its own processor time, for AllowSeconds.
	cpu := when("prlimit64", 0, seccomp.Equal, 0)
	cpu.Conditions = append(cpu.Conditions, seccomp.Condition{Argument: 1, Operation: seccomp.Equal, Value: unix.RLIMIT_CPU})
	return slices.Concat(calls, []seccomp.NameWithConditions{cpu})
}
