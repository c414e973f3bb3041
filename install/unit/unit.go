// Package unit promises service files that say exactly what was meant, whatever
// the folders are called, or an error: it renders the systemd unit and the
// launchd property list of the daemon.
//
// Design notes. The functions are pure, so that golden tests show each byte and
// none needs root. Why the unit is as it is:
//
//   - Folders are not named in ExecStart; the configuration file has them. So
//     only the sandbox's ReadWritePaths must follow the folders.
//   - There is no RequiresMountsFor: a mount that fails at boot would keep the
//     daemon from starting for good, and unmounting would stop it. The daemon
//     waits for folders by itself; the unit only starts after the mounts that
//     the system makes at boot.
//   - ReadWritePaths binds its path over itself in the service's own mount name
//     space. Below a mount point such a bind keeps the old file system alive when
//     it is unmounted, and hides the one that is mounted next; bound at the mount
//     point itself it goes away and comes back with the mount (seen with systemd
//     252). Hence WritePath, which names the mount point where one can go away.
//   - The workers shut themselves in with Landlock and seccomp, whose system
//     calls are not in @system-service before systemd 254; they are named. What
//     systemd does not know it ignores with a warning.
//   - A worker killed for memory must not take the service along: OOMPolicy.
//   - chown is let through (without capabilities it can only give a file to
//     one of the user's own groups), since a replaced file keeps its group.
package unit

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Service is what a service file is rendered from.
type Service struct {
	User    bool     // runs under a person's own manager
	As      string   // the account it runs as; "" for User
	Group   string   // its primary group, likewise
	Program string   // absolute path of the executable
	Args    []string // its arguments
	Env     []string // "NAME=value", in this order
	Write   []string // folders that it must be able to write to; see WritePath
	Memory  int64    // bytes that all its processes may take together
	TmpUsed bool     // a folder lies in /tmp or /var/tmp, which must then be the real ones
	LogFile string   // for launchd, which keeps no journal
	Notes   Notes
}

// check refuses what no service file can hold.
func (s Service) check() error {
	for _, text := range append(append([]string{s.As, s.Group, s.Program, s.LogFile, s.Notes.Config, s.Notes.As, s.Notes.Copied}, s.Args...), append(s.Write, s.Env...)...) {
		if err := fits(text); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(s.Program, "/") {
		return fmt.Errorf("render service file: program %q is not an absolute path", s.Program)
	}
	return nil
}

// fits refuses control characters, with which a name could pass for other lines
// of the file, and what is not UTF-8, which systemd skips.
func fits(text string) error {
	for _, r := range text {
		if r < ' ' || r == 0x7f {
			return fmt.Errorf("render service file: %q holds a control character, which a service file cannot express; rename it", text)
		}
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("render service file: %q is not valid UTF-8, which a service file cannot express; rename it", text)
	}
	return nil
}

// WritePath returns what must be writable in the service's name space so that
// folder is, also after its file system was unmounted and mounted again.
// mountPoint is where the file system that folder lies on is mounted. The
// mounts that a running system keeps are narrowed down to the folder.
func WritePath(folder, mountPoint string) string {
	switch mountPoint {
	case "", "/", "/home", "/var", "/srv", "/opt", "/usr", "/usr/local":
		return folder
	}
	return path.Clean(mountPoint)
}

// Notes are what an installation leaves in a unit for the next one.
type Notes struct {
	Config string // the configuration file
	As     string // the account that was asked for; "" if none was
	Copied string // where the installation put the program; "" if it lay well
}

// ReadNotes returns the notes in a unit that Systemd rendered.
func ReadNotes(unit []byte) Notes {
	var n Notes
	for line := range strings.Lines(string(unit)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		switch name {
		case "X-Config":
			n.Config = unquoted(value)
		case "X-As":
			n.As = unquoted(value)
		case "X-Copied":
			n.Copied = unquoted(value)
		}
	}
	return n
}

// unquoted takes back what word did to a note.
func unquoted(text string) string {
	text = strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`)
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(text)
}

// InTmp reports whether a folder lies where the unit's own /tmp would hide it.
func InTmp(folder string) bool {
	return strings.HasPrefix(folder+"/", "/tmp/") || strings.HasPrefix(folder+"/", "/var/tmp/")
}
