package sandbox

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// EnterToRun shuts the process in as far as a program allows that it then
// becomes by exec: the program may read what is installed on the system, and
// nothing else; it has no network, writes no file and signals nobody. What is
// missing is an error in the mode "required" only.
func EnterToRun(o Options, program string) error {
	if o.Mode == "off" {
		return nil
	}
	err := errors.Join(
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		setLimits(o.Memory),
		landlock.V7.BestEffort().Restrict(
			landlock.RODirs("/usr", "/lib", "/lib64", "/etc", "/opt", filepath.Dir(program)).IgnoreIfMissing()),
		denyCalls(),
	)
	if err != nil && o.Mode == "required" {
		return fmt.Errorf("enter sandbox: %w", err)
	}
	return nil
}

// denied are the system calls that no program needs to read a picture. A list
// of the allowed ones would break with the next version of some library.
const denied = `
	socket socketpair connect bind listen accept4 sendto sendmsg sendmmsg
	kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
	ptrace process_vm_readv process_vm_writev
	mount umount2 pivot_root chroot setns unshare
	bpf perf_event_open userfaultfd io_uring_setup
	keyctl add_key request_key
	init_module finit_module delete_module kexec_load reboot swapon swapoff
	chmod fchmod fchmodat fchown fchownat setxattr fsetxattr
	memfd_create inotify_init1 fanotify_init`

// denyCalls installs the list on all threads. It is inherited by exec.
func denyCalls() error {
	if !seccomp.Supported() {
		return errors.New("this kernel has no filter for system calls")
	}
	var names []string
	for _, n := range strings.Fields(denied) {
		if n != "chmod" || len(archCalls) > 0 { // newer processors have no such call
			names = append(names, n)
		}
	}
	return seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
		DefaultAction: seccomp.ActionAllow,
		Syscalls:      []seccomp.SyscallGroup{{Action: seccomp.ActionErrno, Names: names}},
	}})
}
