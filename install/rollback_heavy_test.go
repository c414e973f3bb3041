//go:build heavy && linux

package install

import (
	"fmt"
	"strings"
	"testing"
)

// The steps of an installation, and how each is made to fail: a folder that cannot
// be written to, or a daemon that does not come up.
var failures = []struct{ step, breaks, mends, says string }{
	{"the program cannot be copied", readOnly("/usr/local/bin"), writable("/usr/local/bin"), "copy the program"},
	{"the configuration cannot be written", readOnly("/etc/qacorpus"), writable("/etc/qacorpus"), "write configuration"},
	{"the account cannot read the configuration", "mkdir -p /etc/qacorpus; chmod 700 /etc/qacorpus", "chmod 755 /etc/qacorpus", "cannot be read by user ada"},
	{"the service file cannot be written", readOnly("/etc/systemd/system"), writable("/etc/systemd/system"), "write service file"},
	{"the service does not come up", // the old program is not refused
		`mkdir -p /run/systemd/system/qacorpus.service.d
		printf '[Service]\nExecStartPre=/bin/sh -c "echo the reason; ! grep -q broken-build /usr/local/bin/qacorpus"\n' >/run/systemd/system/qacorpus.service.d/fail.conf`,
		"rm -r /run/systemd/system/qacorpus.service.d; systemctl daemon-reload", "the reason"},
	{"the service comes up and ends at once",
		`mkdir -p /run/systemd/system/qacorpus.service.d
		printf '[Service]\nExecStart=\nExecStart=/bin/sh -c "if grep -q broken-build /usr/local/bin/qacorpus; then echo it broke; exit 2; fi; exec /usr/local/bin/qacorpus watch --config /etc/qacorpus/config.toml"\n' >/run/systemd/system/qacorpus.service.d/fail.conf`,
		"rm -r /run/systemd/system/qacorpus.service.d; systemctl daemon-reload", "it broke"},
}

func readOnly(dir string) string {
	return fmt.Sprintf("mkdir -p %[1]s && mount --bind %[1]s %[1]s && mount -o remount,bind,ro %[1]s", dir)
}

func writable(dir string) string { return "umount -l " + dir }

// An installation that fails at any step leaves nothing behind; an update that
// does leaves the old version and configuration at work.
func TestEveryStepIsTakenBack(t *testing.T) {
	b := boot(t)
	dir, other := b.folder("/home/ada/one"), b.folder("/home/ada/two")
	b.run("cp", "/root/qacorpus", "/root/newer")
	b.outside("sh", "-c", `printf "broken-build" >> "$0"`, b.root+"/root/newer") // the loader ignores what follows

	all := "find /etc/qacorpus /etc/systemd/system /usr/local/bin /var/lib/qacorpus -path /var/lib/qacorpus/\\* -prune -o -type f -exec sha256sum {} + -o -print 2>/dev/null | sort"
	try := func(when string, program, folder, state string) {
		for _, f := range failures {
			before := b.run("sh", "-c", all)
			b.run("sh", "-c", f.breaks)
			out, err := b.try(program, "install", folder)
			b.run("sh", "-c", f.mends)
			if err == nil || !strings.Contains(out, f.says) || !strings.Contains(out, "taken back") {
				t.Errorf("%s, %s: %v\n%s", when, f.step, err, out)
			}
			if f.step == "the configuration cannot be written" || strings.Contains(f.breaks, "700") {
				b.run("sh", "-c", "rmdir /etc/qacorpus 2>/dev/null || true") // made to break it
			}
			if after := b.run("sh", "-c", all); after != before {
				t.Errorf("%s, %s: before\n%s\nafter\n%s", when, f.step, before, after)
			}
			if got := strings.TrimSpace(b.run("systemctl", "show", "-P", "ActiveState", "qacorpus")); got != state {
				t.Errorf("%s, %s: the service is %s, want %s", when, f.step, got, state)
			}
		}
	}
	try("a first installation", "/root/newer", dir, "inactive")
	b.run("/root/qacorpus", "install", dir)
	b.drop(dir, "before")
	try("an update", "/root/newer", other, "active")
	b.run("cmp", "/root/qacorpus", fmt.Sprintf("/proc/%d/exe", b.pid()))
	b.drop(dir, "after")
	b.run("test", "!", "-e", other+"/after.preview.md")
	b.says("updated and running", "/root/newer", "install", other)
	b.drop(other, "at last")
}
