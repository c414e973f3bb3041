// The systemd unit.

package unit

import (
	"fmt"
	"strings"
)

// Systemd returns the unit file qacorpus.service.
func Systemd(s Service) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if strings.ContainsAny(s.As+s.Group, " %:/") {
		return nil, fmt.Errorf("render service file: %q is not a user's or group's name", s.As+":"+s.Group)
	}
	var b strings.Builder
	b.WriteString("# Written by `qacorpus install`, which replaces it; change it with `systemctl edit qacorpus`.\n")
	section(&b, "Unit", s.unit())
	section(&b, "Service", s.service())
	if s.User {
		section(&b, "Install", []string{"WantedBy=default.target"})
	} else {
		section(&b, "Install", []string{"WantedBy=multi-user.target"})
	}
	return []byte(b.String()), nil
}

func section(b *strings.Builder, name string, lines []string) {
	fmt.Fprintf(b, "\n[%s]\n%s\n", name, strings.Join(lines, "\n"))
}

func (s Service) unit() []string {
	lines := []string{
		"Description=qacorpus: previews of papers and checks of QA files",
		"StartLimitIntervalSec=300",
		"StartLimitBurst=10",
	}
	for _, note := range [][2]string{{"X-Config", s.Notes.Config}, {"X-As", s.Notes.As}, {"X-Copied", s.Notes.Copied}} {
		if note[1] != "" { // names with X- are no business of systemd's
			lines = append(lines, note[0]+"="+word(note[1], ""))
		}
	}
	if !s.User {
		lines = append(lines, "After=local-fs.target remote-fs.target")
	}
	return lines
}

func (s Service) service() []string {
	command := word(s.Program, "%")
	for _, arg := range s.Args {
		command += " " + word(arg, "%$")
	}
	lines := append(running(command, s.Memory), environment(s.Env)...)
	if !s.User {
		lines = append(lines, s.system()...)
	}
	return append(lines, everywhere()...)
}

// environment sets variables. Go ends a panicking program, and one that the
// watchdog aborts, with status 2, which here means a wrong configuration,
// unless it is told to abort.
func environment(env []string) []string {
	lines := []string{`Environment="GOTRACEBACK=crash"`}
	for _, pair := range env {
		lines = append(lines, "Environment="+word(pair, "%"))
	}
	return lines
}

// running is how the daemon is run, watched and bounded.
func running(command string, memory int64) []string {
	return []string{
		"Type=notify",
		"NotifyAccess=main",
		"ExecStart=" + command,
		"ExecReload=/bin/kill -HUP $MAINPID",
		"Restart=always",
		"RestartSec=2",
		"RestartPreventExitStatus=2", // wrong configuration: trying again does not mend it
		"WatchdogSec=60",
		"TimeoutStopSec=30",
		"KillMode=mixed",
		"OOMPolicy=continue",
		fmt.Sprintf("MemoryMax=%d", memory),
		"TasksMax=512",
		"LimitNOFILE=65536",
		"LimitCORE=0",
		"UMask=0022",
		"Nice=10",
		"IOSchedulingClass=idle",
	}
}

// template returns the unit qacorpus@.service that packages ship, for those who
// set services up by hand: its instance is an account, whose configuration is in
// /etc/qacorpus. What the folders will be is not known, so the sandbox leaves
// homes and data writable as far as that account may write.
func template() []byte {
	var b strings.Builder
	b.WriteString("# For services set up by hand: write /etc/qacorpus/ada.toml, then\n" +
		"# systemctl enable --now qacorpus@ada. `qacorpus install` does not need this file.\n")
	section(&b, "Unit", Service{}.unit())
	lines := append(running("/usr/bin/qacorpus watch --config /etc/qacorpus/%i.toml", 4<<30), environment(nil)...)
	lines = append(lines, "User=%i", "StateDirectory=qacorpus/%i", "ProtectSystem=full")
	section(&b, "Service", append(append(lines, closed()...), everywhere()...))
	section(&b, "Install", []string{"WantedBy=multi-user.target"})
	return []byte(b.String())
}

// system is what only the system's manager can do.
func (s Service) system() []string {
	lines := []string{
		"User=" + s.As,
		"Group=" + s.Group,
		"StateDirectory=qacorpus",
		"ProtectSystem=strict",
		"ProtectHome=read-only",
	}
	seen := map[string]bool{}
	for _, dir := range s.Write {
		if !seen[dir] {
			seen[dir] = true
			// The minus lets the service start, and wait, while the folder is away.
			lines = append(lines, "ReadWritePaths="+word("-"+dir, "%"))
		}
	}
	if !s.TmpUsed {
		lines = append(lines, "PrivateTmp=yes")
	}
	return append(lines, closed()...)
}

// closed is what the service can do without, whatever its folders are.
func closed() []string {
	return []string{
		"StateDirectoryMode=0700",
		"CapabilityBoundingSet=",
		"AmbientCapabilities=",
		"PrivateDevices=yes",
		"PrivateNetwork=yes",
		"IPAddressDeny=any",
		"ProtectKernelTunables=yes",
		"ProtectKernelModules=yes",
		"ProtectKernelLogs=yes",
		"ProtectControlGroups=yes",
		"ProtectClock=yes",
		"ProtectHostname=yes",
		"ProtectProc=invisible",
		"ProcSubset=pid",
	}
}

// everywhere needs no privilege, so a person's own manager does it too.
func everywhere() []string {
	return []string{
		"NoNewPrivileges=yes",
		"RestrictAddressFamilies=AF_UNIX",
		"RestrictNamespaces=yes",
		"RestrictRealtime=yes",
		"RestrictSUIDSGID=yes",
		"LockPersonality=yes",
		"MemoryDenyWriteExecute=yes",
		"SystemCallArchitectures=native",
		"SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp",
		"SystemCallFilter=~@privileged @resources",
		"SystemCallFilter=@chown",
		"SystemCallErrorNumber=EPERM",
	}
}

// word quotes one word of a unit file (systemd.syntax(7), systemd.service(5)).
// What is in doubled has a meaning there and is written twice: % begins a
// specifier, $ in a command's arguments a variable.
func word(text, doubled string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
		case strings.IndexByte(doubled, c) >= 0:
			b.WriteByte(c)
		}
		b.WriteByte(text[i])
	}
	b.WriteByte('"')
	return b.String()
}
