//go:build heavy && linux

package install

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests of this build tag boot a real systemd in a container and install
// the real program there. They need root, systemd-nspawn (Debian's
// systemd-container) and, the first time, debootstrap and a Debian mirror.

// patience bounds how long a test waits for what must happen; nothing waits
// longer than it has to.
const patience = 90 * time.Second

// built is the program under test; TestMain fills it.
var built string

func TestMain(m *testing.M) {
	os.Exit(withProgram(m))
}

func withProgram(m *testing.M) int {
	dir, err := os.MkdirTemp("", "qacorpus-program-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	built = filepath.Join(dir, "qacorpus")
	cmd := exec.Command("go", "build", "-o", built, "qacorpus/cmd/qacorpus")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return m.Run()
}

// image returns the cached root file system, made if it is missing.
func image(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("these tests boot a container and need root")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "qacorpus-test", "systemd-bookworm")
	if exists(dir) {
		return dir
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("debootstrap", "--variant=minbase",
		"--include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,procps", "bookworm", part)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("debootstrap (Debian's package debootstrap) could not make %s: %v\n%s", part, err, out)
	}
	if err := os.Rename(part, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// box is a container.
type box struct {
	t      *testing.T
	root   string // its root folder, seen from outside
	nspawn *exec.Cmd
	leader int // its init, seen from outside
}

// boot starts a fresh container with a user ada and the program in /root.
func boot(t *testing.T) *box {
	t.Helper()
	from := image(t)
	root, err := os.MkdirTemp(filepath.Dir(from), "run-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(root); err != nil {
			t.Error(err)
		}
	})
	b := &box{t: t, root: filepath.Join(root, "root")}
	b.outside("cp", "-a", "--reflink=auto", from, b.root)
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	b.put("/etc/machine-id", hex.EncodeToString(id)+"\n")
	b.outside("chroot", b.root, "useradd", "-m", "-s", "/bin/bash", "-u", "1000", "ada")
	b.outside("cp", built, b.root+"/root/qacorpus")
	b.start()
	t.Cleanup(b.halt)
	return b
}

// start boots the container. It has a /run of its own on top of the machine's,
// where nspawn would leave traces; its systemd never sees the machine's /tmp.
func (b *box) start() {
	b.t.Helper()
	b.nspawn = exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-c",
		`mount -t tmpfs -o mode=755 tmpfs /run && exec systemd-nspawn -q -b -D "$0" -M "$1" --private-network --register=no --keep-unit \
		--system-call-filter="landlock_create_ruleset landlock_add_rule landlock_restrict_self" --console=pipe`,
		b.root, "qacorpus-"+strconv.Itoa(os.Getpid()))
	if err := b.nspawn.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.eventually("systemd to boot", func() bool {
		out, err := exec.Command("pgrep", "-P", strconv.Itoa(b.nspawn.Process.Pid), "-x", "systemd").Output()
		if err != nil {
			return false
		}
		if b.leader, err = strconv.Atoi(strings.TrimSpace(string(out))); err != nil {
			return false
		}
		said, _ := b.try("systemctl", "is-system-running")
		return strings.Contains(said, "running") || strings.Contains(said, "degraded")
	})
}

// halt shuts the container down as a machine is.
func (b *box) halt() {
	if err := b.nspawn.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		b.t.Error(err)
	}
	_ = b.nspawn.Wait() // its status is the container's
}

// reboot is a whole one: the kernel apart, nothing survives but the disk.
func (b *box) reboot() {
	b.t.Helper()
	b.halt()
	b.start()
}

// outside runs a command on the machine.
func (b *box) outside(args ...string) {
	b.t.Helper()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		b.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// try runs a command in the container as root and returns all that it wrote.
func (b *box) try(args ...string) (string, error) {
	enter := append([]string{"-t", strconv.Itoa(b.leader), "-m", "-p", "-u", "-i", "-n", "-C", "--",
		"env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"}, args...)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nsenter", enter...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// run is try where a failure ends the test.
func (b *box) run(args ...string) string {
	b.t.Helper()
	out, err := b.try(args...)
	if err != nil {
		b.t.Fatalf("%q in the container: %v\n%s", args, err, out)
	}
	return out
}

// as puts before a command what makes it ada's, without XDG_RUNTIME_DIR, as
// under su or cron.
func as(args ...string) []string {
	return append([]string{"setpriv", "--reuid=1000", "--regid=1000", "--init-groups", "env", "HOME=/home/ada", "USER=ada"}, args...)
}

// code is a command's exit status.
func (b *box) code(want int, args ...string) string {
	b.t.Helper()
	out, err := b.try(args...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		b.t.Fatal(err)
	}
	if got != want {
		b.t.Fatalf("%q ended with status %d, want %d\n%s", args, got, want, out)
	}
	return out
}

// says runs a command and looks for words in what it wrote.
func (b *box) says(want string, args ...string) string {
	b.t.Helper()
	out := b.run(args...)
	if !strings.Contains(out, want) {
		b.t.Fatalf("%q does not say %q but\n%s", args, want, out)
	}
	return out
}

// put writes a file in the container.
func (b *box) put(path, text string) {
	b.t.Helper()
	if err := os.MkdirAll(filepath.Dir(b.root+path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(b.root+path, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// folder makes a folder of ada's. It is made inside, where mounts are.
func (b *box) folder(path string) string {
	b.t.Helper()
	b.run("install", "-d", "-o", "ada", "-g", "ada", path)
	return path
}

// drop puts a real paper into a folder, as ada would, and waits for its preview:
// the service's main job.
func (b *box) drop(folder, name string) {
	b.t.Helper()
	paper, err := filepath.Abs("../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		b.t.Fatal(err)
	}
	data, err := os.ReadFile(paper)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(b.root+"/root/paper.pdf", data, 0o644); err != nil {
		b.t.Fatal(err)
	}
	b.run("install", "-o", "ada", "-g", "ada", "-m", "640", "/root/paper.pdf", folder+"/"+name+".pdf")
	preview := folder + "/" + name + ".preview.md"
	b.eventually("the preview "+preview, func() bool {
		out, err := b.try("cat", preview)
		return err == nil && strings.Contains(out, "status: ok")
	})
	if owner := b.run("stat", "-c", "%U", preview); owner != "ada\n" {
		b.t.Errorf("%s belongs to %q", preview, owner)
	}
	b.run("cmp", "/root/paper.pdf", folder+"/"+name+".pdf")
}

// eventually waits until it is so.
func (b *box) eventually(what string, so func() bool) {
	b.t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-end.C:
			log, _ := b.try("journalctl", "--no-pager", "-n", "40", "-o", "short-monotonic")
			b.t.Fatalf("waited %v in vain for %s; the journal ends\n%s", patience, what, log)
		}
	}
}

// pid is the daemon's process, seen from inside; 0 while there is none.
func (b *box) pid() int {
	n, _ := strconv.Atoi(strings.TrimSpace(b.run("systemctl", "show", "-P", "MainPID", "qacorpus")))
	return n
}
