//go:build heavy && linux

package install

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// odd is a folder whose name has what unit files give a meaning to.
const odd = "/home/ada/QA corpus 100% of $HOME %h 'x'"

// From install to uninstall, as a new user sees it.
func TestSystemServiceAsOrdinaryUser(t *testing.T) {
	b := boot(t)
	b.folder(odd)
	out := b.says("installed and running", "/root/qacorpus", "install", odd)
	t.Logf("install says:\n%s", out)
	if pid := b.pid(); b.run("ps", "-o", "user=", "-p", strconv.Itoa(pid)) != "ada\n" {
		t.Error("the daemon does not run as the folder's owner")
	}
	b.drop(odd, "first")
	b.eventually("the status to count the PDF and name the last change", func() bool {
		out, err := b.try("qacorpus", "status")
		return err == nil && strings.Contains(out, "1 PDF") && strings.Contains(out, `"first.preview.md"`)
	})
	t.Logf("status says:\n%s", b.run("qacorpus", "status"))
	// The person's own commands find what the service did.
	b.says("first.pdf", as("qacorpus", "list", odd)...)
	pairs := odd + "/first.json"
	b.run(as("sh", "-c", `printf '[{"q": "Why?", "a": "So."}]' >"$1"`, "sh", pairs)...)
	b.eventually("the QA file to be brought into the canonical form", func() bool {
		out, err := b.try("cat", pairs)
		return err == nil && strings.Contains(out, `"question": "Why?"`)
	})
	b.says("1  ", as("qacorpus", "restore", pairs)...)
	b.run(as("qacorpus", "restore", pairs, "1")...)
	if got := b.run("cat", pairs); got != `[{"q": "Why?", "a": "So."}]` {
		t.Errorf("restored to %s", got)
	}
	if out := b.run("qacorpus", "logs"); strings.Contains(out, "sandbox is not complete") || !strings.Contains(out, "first.preview.md") {
		t.Errorf("logs:\n%s", out)
	}
	score := b.run("systemd-analyze", "security", "--no-pager", "qacorpus")
	m := regexp.MustCompile(`Overall exposure level for qacorpus.service: ([0-9.]+)`).FindStringSubmatch(score)
	if m == nil {
		t.Fatalf("no score in\n%s", score)
	}
	if n, err := strconv.ParseFloat(m[1], 64); err != nil || n > 1.0 {
		t.Errorf("systemd-analyze security gives %s, want 1.0 or less\n%s", m[1], score)
	}
	t.Logf("systemd-analyze security: %s", m[1])

	b.says("is running already", "qacorpus", "start")
	b.run("qacorpus", "stop")
	b.code(3, "qacorpus", "status")
	b.says("stopped already", "qacorpus", "stop")
	b.run("qacorpus", "restart")
	b.code(0, "qacorpus", "status")

	t.Logf("uninstall says:\n%s", b.run("qacorpus", "uninstall"))
	b.code(4, "qacorpus", "status")
	b.says("no service is installed", "qacorpus", "uninstall")
	b.code(1, "pgrep", "-f", "qacorpus.watch")
	b.run("test", "-e", odd+"/first.preview.md", "-a", "-e", "/etc/qacorpus/config.toml", "-a", "-d", "/var/lib/qacorpus")
	b.run("qacorpus", "uninstall", "--purge")
	b.run("test", "!", "-e", "/etc/qacorpus", "-a", "!", "-e", "/var/lib/qacorpus", "-a", "!", "-e", "/usr/local/bin/qacorpus")
	b.run("test", "-e", odd+"/first.preview.md", "-a", "-e", odd+"/first.pdf")
}

func TestUserServiceWithLinger(t *testing.T) {
	b := boot(t)
	dir := b.folder("/home/ada/QA corpus 50%")
	b.run("cp", "/root/qacorpus", "/home/ada/qacorpus")
	out := b.code(3, as("/home/ada/qacorpus", "install", "--user", dir)...)
	if !strings.Contains(out, "hint: ") || !strings.Contains(out, "loginctl enable-linger ada") {
		t.Errorf("without a manager of hers:\n%s", out)
	}
	b.run("loginctl", "enable-linger", "ada")
	b.eventually("ada's manager", func() bool {
		_, err := b.try(as("env", "XDG_RUNTIME_DIR=/run/user/1000", "systemctl", "--user", "is-system-running")...)
		return err == nil
	})
	out = b.says("installed and running", as("/home/ada/qacorpus", "install", "--user", dir)...)
	t.Logf("install --user says:\n%s", out)
	mine := "/home/ada/.local/bin/qacorpus"
	b.drop(dir, "first")
	b.code(0, as(mine, "status")...) // her own, without being told
	b.says("first.pdf", as(mine, "list", dir)...)
	b.reboot()
	b.eventually("her service after a reboot, without a log-in", func() bool {
		_, err := b.try(as(mine, "status", "--user")...)
		return err == nil
	})
	b.drop(dir, "second")
	b.run(as(mine, "stop", "--user")...)
	b.code(3, as(mine, "status", "--user")...)
	b.run(as(mine, "start", "--user")...)
	b.run(as(mine, "uninstall", "--user", "--purge")...)
	b.code(1, "test", "-e", mine)
	b.code(1, "test", "-e", "/home/ada/.config/qacorpus")
	b.code(4, as("/home/ada/qacorpus", "status", "--user")...)
}

func TestRebootKillAndHang(t *testing.T) {
	b := boot(t)
	b.folder(odd)
	b.run("/root/qacorpus", "install", odd)
	b.reboot()
	b.eventually("the service after a reboot", func() bool { _, err := b.try("qacorpus", "status"); return err == nil })
	b.drop(odd, "after reboot")

	before := b.pid()
	b.run("kill", "-9", strconv.Itoa(before))
	b.eventually("a new daemon after kill -9", func() bool { pid := b.pid(); return pid != 0 && pid != before })
	b.drop(odd, "after kill")

	// A hang, answered by the watchdog; shortened here, since the real one waits a minute.
	b.put("/etc/systemd/system/qacorpus.service.d/hang.conf", "[Service]\nWatchdogSec=3\nTimeoutAbortSec=2\n")
	b.run("systemctl", "daemon-reload")
	b.run("qacorpus", "restart")
	before = b.pid()
	b.run("kill", "-STOP", strconv.Itoa(before))
	b.eventually("a new daemon after a hang", func() bool { pid := b.pid(); return pid != 0 && pid != before })
	b.says("watchdog", "journalctl", "--no-pager", "-u", "qacorpus")
	b.drop(odd, "after hang")
	// And one that does not hang is let live for longer than the watchdog waits.
	b.eventually("an hour of the watchdog's, in short", func() bool {
		since := b.run("systemctl", "show", "-P", "WatchdogTimestampMonotonic", "qacorpus")
		start := b.run("systemctl", "show", "-P", "ExecMainStartTimestampMonotonic", "qacorpus")
		a, _ := strconv.Atoi(strings.TrimSpace(since))
		z, _ := strconv.Atoi(strings.TrimSpace(start))
		return a-z > 6_000_000
	})
}

func TestUpdateOfARunningOlderVersion(t *testing.T) {
	b := boot(t)
	dir := b.folder("/home/ada/one")
	other := b.folder("/home/ada/two words")
	b.run("/root/qacorpus", "install", dir)
	old := b.pid()
	file := b.root + "/etc/qacorpus/config.toml"
	edit(t, file, "# indent = 2\n", "indent = 3 # as in our other tools\n")
	b.outside("sh", "-c", `printf "a later version" >> "$0"`, b.root+"/root/qacorpus") // the loader ignores what follows
	out := b.says("updated and running", "/root/qacorpus", "install", other)
	t.Logf("the second install says:\n%s", out)
	if now := b.pid(); now == old || now == 0 {
		t.Errorf("the old daemon runs on (process %d)", now)
	}
	b.run("cmp", "/root/qacorpus", fmt.Sprintf("/proc/%d/exe", b.pid()))
	b.says("indent = 3 # as in our other tools\n", "cat", "/etc/qacorpus/config.toml")
	b.drop(dir, "a")
	b.drop(other, "b")
	b.says("is running", "qacorpus", "status")
	b.says("updated and running", "qacorpus", "install") // with nothing new
	b.drop(other, "c")
}

// edit changes a file in the container, as a person would.
func edit(t *testing.T, file, from, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), from, to, 1)
	if text == string(data) {
		t.Fatalf("%s does not hold %q", file, from)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// An installation that fails leaves nothing, and an update that fails leaves
// what was there, running.
func TestFailureIsTakenBack(t *testing.T) {
	b := boot(t)
	dir := b.folder("/home/ada/one")
	b.put("/etc/systemd/system/qacorpus.service.d/fail.conf", "[Service]\nExecStartPre=/bin/sh -c 'echo the reason; exit 1'\n")
	out := b.code(3, "/root/qacorpus", "install", dir)
	if !strings.Contains(out, "the reason") || !strings.Contains(out, "taken back") {
		t.Errorf("a failed install says:\n%s", out)
	}
	for _, path := range []string{"/etc/systemd/system/qacorpus.service", "/etc/systemd/system/multi-user.target.wants/qacorpus.service",
		"/etc/qacorpus", "/usr/local/bin/qacorpus"} {
		b.code(1, "test", "-e", path)
	}
	b.run("rm", "-r", "/etc/systemd/system/qacorpus.service.d")
	b.run("systemctl", "daemon-reload")
	b.run("/root/qacorpus", "install", dir)

	root := b.run("sha256sum", "/etc/qacorpus/config.toml", "/etc/systemd/system/qacorpus.service", "/usr/local/bin/qacorpus")
	for _, tt := range []struct{ dir, want string }{
		{"/home/ada/none", "is not there"},
		{"/root", "belongs"},
		{"/home/ada", "holds"},
		{"/etc/passwd", "not a folder"},
	} {
		if out, err := b.try("/root/qacorpus", "install", tt.dir); err == nil || !strings.Contains(out, tt.want) && tt.want != "belongs" {
			t.Errorf("install %s: %v\n%s", tt.dir, err, out)
		}
	}
	edit(t, b.root+"/etc/qacorpus/config.toml", "[qa]\n", "[qa]\nindnt = 3\n")
	if out := b.code(2, "/root/qacorpus", "install", b.folder("/home/ada/two")); !strings.Contains(out, "config.toml:") || !strings.Contains(out, "did you mean qa.indent?") {
		t.Errorf("with a slip in the configuration:\n%s", out)
	}
	edit(t, b.root+"/etc/qacorpus/config.toml", "indnt = 3\n", "")
	if now := b.run("sha256sum", "/etc/qacorpus/config.toml", "/etc/systemd/system/qacorpus.service", "/usr/local/bin/qacorpus"); now != root {
		t.Errorf("files changed:\n%s\n%s", root, now)
	}
	b.drop(dir, "still at work")
}

// A drive that is away when the machine boots, comes, goes and comes again.
func TestFolderOnADriveThatComesAndGoes(t *testing.T) {
	b := boot(t)
	b.run("mkdir", "-p", "/mnt/usb")
	mount := func(name string) string {
		b.run("mount", "-t", "tmpfs", name, "/mnt/usb")
		return b.folder("/mnt/usb/QA 100%")
	}
	dir := mount("first")
	b.run("/root/qacorpus", "install", dir)
	b.drop(dir, "before")
	for i := range 2 {
		b.run("umount", "/mnt/usb") // not busy: the daemon keeps nothing open there
		b.eventually("the status to say that the folder is away", func() bool {
			out, err := b.try("qacorpus", "status")
			return err == nil && strings.Contains(out, "waiting")
		})
		mount(fmt.Sprint("again", i))
		b.drop(dir, fmt.Sprint("after ", i))
	}
	b.reboot()
	b.eventually("the service to wait for the drive", func() bool {
		out, err := b.try("qacorpus", "status")
		return err == nil && strings.Contains(out, "waiting")
	})
	mount("after boot")
	b.drop(dir, "late")
	b.says("is running", "qacorpus", "status")
}

// A folder that is deleted and made anew, or another put in its place.
func TestFolderMadeAnew(t *testing.T) {
	b := boot(t)
	b.folder(odd)
	b.run("/root/qacorpus", "install", odd)
	b.drop(odd, "before")
	b.run("rm", "-rf", odd)
	b.eventually("the status to say that the folder is away", func() bool {
		out, err := b.try("qacorpus", "status")
		return err == nil && strings.Contains(out, "waiting")
	})
	b.folder(odd)
	b.drop(odd, "anew")
	b.run("mv", odd, odd+" old")
	b.folder(odd)
	b.drop(odd, "another")
	b.run("test", "!", "-e", odd+" old/another.preview.md")
}

func TestOneDaemonPerFolder(t *testing.T) {
	b := boot(t)
	dir := b.folder("/home/ada/one")
	b.run("/root/qacorpus", "install", dir)
	out, err := b.try(as("qacorpus", "watch", dir)...)
	if err == nil || !strings.Contains(out, fmt.Sprintf("process %d", b.pid())) {
		t.Errorf("a second daemon, in a terminal: %v\n%s", err, out)
	}
	if out, err := b.try(as("qacorpus", "watch", "/home/ada")...); err == nil || !strings.Contains(out, fmt.Sprintf("process %d", b.pid())) {
		t.Errorf("a second daemon, above it: %v\n%s", err, out)
	}
}
