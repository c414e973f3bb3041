package sandbox

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// attackWord makes the test program an attacker: it enters the sandbox, or
// does not, and tries what a document might make a worker do.
const attackWord = "__attack"

// targets are what the attacker goes for; the test has made them.
type targets struct {
	Secret, New, TCP, UDP, Unix string
	Parent                      int
	Mode                        string
	Memory                      int64
}

// report is what the attacker found out: "" is success.
type report struct {
	Gaps    []string
	Refused string
	Results map[string]string
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == attackWord {
		os.Exit(attacker(os.Args[2]))
	}
	os.Exit(m.Run())
}

func attacker(arg string) int {
	var t targets
	if err := json.Unmarshal([]byte(arg), &t); err != nil {
		return 9
	}
	r, err := enterAs(t)
	if err != nil {
		r.Refused = err.Error()
	}
	for _, a := range attacks(t) {
		if r.Results == nil {
			r.Results = map[string]string{}
		}
		if t.Mode == "eat" || (t.Mode == "off" || t.Mode == "landlock") && !a.plain {
			continue
		}
		r.Results[a.name] = ""
		if err := a.try(); err != nil {
			r.Results[a.name] = err.Error()
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		return 9
	}
	if _, err := os.Stdout.Write(data); err != nil {
		return 9
	}
	return 0
}

// enterAs closes what the mode says, a part of the sandbox for some tests.
func enterAs(t targets) (r report, err error) {
	switch t.Mode {
	case "landlock":
		return r, restrictFiles()
	case "eat", "spin":
		_, err = Enter(Options{Mode: "required", Memory: t.Memory})
	default:
		r.Gaps, err = Enter(Options{Mode: t.Mode, Memory: t.Memory})
	}
	if err != nil {
		return r, err
	}
	switch t.Mode {
	case "eat":
		r = eat()
	case "spin":
		if err = AllowSeconds(1); err == nil {
			spin()
		}
	}
	return r, err
}

type attack struct {
	name string
	// plain says that the attack succeeds without a sandbox, here and in a
	// container: only then does its failure in the sandbox prove anything.
	plain bool
	try   func() error
}

func attacks(t targets) []attack {
	dial := func(network, addr string) func() error {
		return func() error {
			c, err := net.Dial(network, addr)
			if err == nil {
				_, err = c.Write([]byte("x"))
			}
			return err
		}
	}
	raw := func(nr uintptr, args ...uintptr) func() error {
		return func() error {
			a := slices.Concat(args, make([]uintptr, 6-len(args)))
			if _, _, e := unix.Syscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5]); e != 0 {
				return e
			}
			return nil
		}
	}
	parent := uintptr(t.Parent)
	self := uintptr(os.Getpid())
	path := func(s string) uintptr { p, _ := unix.BytePtrFromString(s); return uintptr(unsafe.Pointer(p)) }
	var at int32 = unix.AT_FDCWD
	here := uintptr(at)
	return []attack{
		{"read a file", true, func() error { _, err := os.ReadFile(t.Secret); return err }},
		{"look at a file", true, func() error { _, err := os.Stat(t.Secret); return err }},
		{"list a folder", true, func() error { _, err := os.ReadDir(filepath.Dir(t.Secret)); return err }},
		{"write a file", true, func() error { return os.WriteFile(t.New, []byte("x"), 0o600) }},
		{"change a file", true, func() error { return os.WriteFile(t.Secret, []byte("x"), 0o600) }},
		{"truncate a file", true, func() error { return os.Truncate(t.Secret, 0) }},
		{"rename a file", true, func() error { return os.Rename(t.Secret, t.Secret+"2") }},
		{"remove a file", true, func() error { return os.Remove(t.Secret + "2") }},
		{"make a folder", true, func() error { return os.Mkdir(t.New+"d", 0o700) }},
		{"make a link", true, func() error { return os.Symlink("x", t.New+"l") }},
		{"dial TCP", true, dial("tcp", t.TCP)},
		{"dial UDP", true, dial("udp", t.UDP)},
		{"dial a Unix socket", true, dial("unix", t.Unix)},
		{"listen", true, func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err }},
		{"make a socket pair", true, func() error { _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err }},
		{"start a program", true, func() error { return exec.Command("/bin/true").Run() }},
		{"start it by a raw call", false, raw(unix.SYS_EXECVE, path("/bin/true"), 0, 0)},
		{"fork", true, fork},
		{"make code", true, func() error {
			_, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC, unix.MAP_ANON|unix.MAP_PRIVATE)
			return err
		}},
		{"make a file in memory", true, func() error { _, err := unix.MemfdCreate("x", 0); return err }},
		{"signal the parent", true, func() error { return unix.Kill(t.Parent, 0) }},
		{"kill the parent", false, func() error { return unix.Kill(t.Parent, unix.SIGKILL) }},
		{"signal a thread of the parent", true, raw(unix.SYS_TGKILL, parent, parent, 0)},
		{"queue a signal to the parent", false, raw(unix.SYS_RT_SIGQUEUEINFO, parent, 0, 0)},
		{"open the parent", true, func() error { _, err := unix.PidfdOpen(t.Parent, 0); return err }},
		{"have the parent signalled", true, func() error {
			_, err := unix.FcntlInt(0, unix.F_SETOWN, t.Parent)
			return err
		}},
		{"trace the parent", false, raw(unix.SYS_PTRACE, unix.PTRACE_SEIZE, parent, 0, 0)},
		{"read the parent's memory", false, raw(unix.SYS_PROCESS_VM_READV, parent, 0, 0, 0, 0, 0)},
		{"change the parent's limits", true, func() error {
			return unix.Prlimit(t.Parent, unix.RLIMIT_CORE, nil, &unix.Rlimit{})
		}},
		{"raise its own limits", false, func() error {
			return unix.Prlimit(0, unix.RLIMIT_DATA, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}, nil)
		}},
		{"change its user", true, raw(unix.SYS_SETUID, uintptr(os.Getuid()))},
		{"change its folder", true, func() error { return os.Chdir("/") }},
		{"make a namespace", false, raw(unix.SYS_UNSHARE, unix.CLONE_NEWUSER)},
		{"mount", false, raw(unix.SYS_MOUNT, path("none"), path("/tmp"), path("tmpfs"), 0, 0)},
		{"load a kernel program", false, raw(unix.SYS_BPF, 0, 0, 0)},
		{"use io_uring", false, raw(unix.SYS_IO_URING_SETUP, 1, 0)},
		{"use the keyring", false, raw(unix.SYS_KEYCTL, 0, 0)},
		{"watch files", true, func() error { _, err := unix.InotifyInit1(0); return err }},
		{"become traceable", true, func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) }},
		{"change its priority", true, raw(unix.SYS_SETPRIORITY, 0, self, 19)},
		{"open by an old call", false, raw(unix.SYS_OPENAT2, here, path(t.Secret), 0, 0)},
	}
}

// fork makes a child that ends at once.
func fork() error {
	pid, _, e := unix.RawSyscall6(unix.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if e != 0 {
		return e
	}
	if pid == 0 {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
	_, err := unix.Wait4(int(pid), nil, 0, nil)
	return err
}

// run lets the attacker loose.
func run(t *testing.T, mode string, attr *syscall.SysProcAttr) report {
	t.Helper()
	dir, err := os.MkdirTemp("", "attack") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	tg := targets{Secret: filepath.Join(dir, "secret"), New: filepath.Join(dir, "new"), Unix: filepath.Join(dir, "socket"), Parent: os.Getpid(), Mode: mode, Memory: 512 << 20}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tg.Secret, []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	sock, err := net.Listen("unix", tg.Unix)
	if err != nil {
		t.Fatal(err)
	}
	defer sock.Close()
	tg.TCP, tg.UDP = tcp.Addr().String(), udp.LocalAddr().String()
	arg, err := json.Marshal(tg)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe", attackWord, string(arg))
	cmd.SysProcAttr = attr
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("attacker: %v", err)
	}
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("attacker said %q: %v", out, err)
	}
	if mode != "off" {
		if data, err := os.ReadFile(tg.Secret); err != nil || string(data) != "secret" {
			t.Errorf("the secret is %q, %v", data, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
			t.Errorf("the folder holds %v, %v", entries, err)
		}
	}
	return r
}

// TestAttacks: each attack works without the sandbox, where that can be tried,
// and none does inside.
func TestAttacks(t *testing.T) {
	off := run(t, "off", nil)
	in := run(t, "required", nil)
	if len(in.Gaps) > 0 || in.Refused != "" {
		t.Errorf("gaps %q, refused %q", in.Gaps, in.Refused)
	}
	for _, a := range attacks(targets{}) {
		outside := "not tried"
		if a.plain {
			outside = or(off.Results[a.name])
		}
		t.Logf("%-30s outside: %-10s inside: %s", a.name, outside, or(in.Results[a.name]))
		if a.plain && off.Results[a.name] != "" {
			t.Errorf("%s: does not even work outside: %s", a.name, off.Results[a.name])
		}
		if in.Results[a.name] == "" {
			t.Errorf("%s: works in the sandbox", a.name)
		}
	}
}

func or(s string) string {
	if s == "" {
		return "works"
	}
	return s[strings.LastIndex(s, ": ")+1:]
}

// TestPlainUser enters the sandbox without any privilege.
func TestPlainUser(t *testing.T) {
	attr := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	in := run(t, "required", attr)
	if len(in.Gaps) > 0 || in.Refused != "" {
		t.Errorf("gaps %q, refused %q", in.Gaps, in.Refused)
	}
	for name, res := range in.Results {
		if res == "" {
			t.Errorf("%s: works in the sandbox", name)
		}
	}
}

func TestOff(t *testing.T) {
	gaps, err := Enter(Options{Mode: "off"})
	if err != nil || len(gaps) != 1 {
		t.Error(gaps, err)
	}
	if _, err := os.Stat("/"); err != nil {
		t.Error(err)
	}
}
