// Package place promises one answer to where qacorpus keeps what is not in a
// watched folder: its configuration, its state and the program itself.
//
// Design notes. The functions are pure: system and environment are passed in,
// so that the same answer comes out in the person's shell, in the installer
// that runs as root and in a test. The folders follow the XDG base directory
// specification (https://specifications.freedesktop.org/basedir-spec/) and the
// file system hierarchy standard, on macOS Apple's library folders, on Windows
// the known folders.
package place

import (
	"path"
	"strings"
)

// Place is where one installation keeps its things; all absolute, "" where the
// environment lacks what would tell.
type Place struct {
	System bool   // for the machine, not for one person
	Config string // the configuration file
	State  string // the folder of cache and history
	Binary string // where the installer puts the program if it has to
	Units  string // where the service manager reads service files
}

// User returns the places of the person whose environment ("NAME=value") env is.
// goos is a runtime.GOOS.
func User(goos string, env []string) Place {
	e := lookup(goos, env)
	switch goos {
	case "windows":
		local, roaming := e("LOCALAPPDATA"), e("APPDATA")
		return Place{Config: join(goos, roaming, "qacorpus", "config.toml"),
			State: join(goos, local, "qacorpus"), Binary: join(goos, local, "Programs", "qacorpus", "qacorpus.exe")}
	case "darwin":
		support := join(goos, e("HOME"), "Library", "Application Support", "qacorpus")
		return Place{Config: join(goos, support, "config.toml"), State: join(goos, support, "state"),
			Binary: join(goos, e("HOME"), ".local", "bin", "qacorpus"), Units: join(goos, e("HOME"), "Library", "LaunchAgents")}
	}
	config := xdg(e, "XDG_CONFIG_HOME", ".config")
	return Place{Config: join(goos, config, "qacorpus", "config.toml"),
		State:  join(goos, xdg(e, "XDG_STATE_HOME", ".local/state"), "qacorpus"),
		Binary: join(goos, e("HOME"), ".local", "bin", "qacorpus"),
		Units:  join(goos, config, "systemd", "user")}
}

// System returns the machine's places.
func System(goos string, env []string) Place {
	e := lookup(goos, env)
	switch goos {
	case "windows":
		data := join(goos, e("PROGRAMDATA"), "qacorpus")
		return Place{System: true, Config: join(goos, data, "config.toml"), State: join(goos, data, "state"),
			Binary: join(goos, e("PROGRAMFILES"), "qacorpus", "qacorpus.exe")}
	case "darwin":
		support := "/Library/Application Support/qacorpus"
		return Place{System: true, Config: support + "/config.toml", State: support + "/state",
			Binary: "/usr/local/bin/qacorpus", Units: "/Library/LaunchDaemons"}
	}
	return Place{System: true, Config: "/etc/qacorpus/config.toml", State: "/var/lib/qacorpus",
		Binary: "/usr/local/bin/qacorpus", Units: "/etc/systemd/system"}
}

// lookup returns a function that reads one variable of env, "" if it is not
// there. Windows does not tell capitals from small letters in their names.
func lookup(goos string, env []string) func(string) string {
	return func(name string) string {
		for i := len(env) - 1; i >= 0; i-- { // the last one counts, as in os/exec
			key, value, _ := strings.Cut(env[i], "=")
			if key == name || goos == "windows" && strings.EqualFold(key, name) {
				return value
			}
		}
		return ""
	}
}

// xdg reads a base directory. What is relative is to be ignored, says the
// specification.
func xdg(e func(string) string, name, below string) string {
	if dir := e(name); strings.HasPrefix(dir, "/") {
		return path.Clean(dir)
	}
	return join("linux", e("HOME"), below)
}

// join puts a path together in goos's way; one that would not be absolute is "".
func join(goos, base string, parts ...string) string {
	if base == "" || goos != "windows" && !strings.HasPrefix(base, "/") {
		return ""
	}
	if goos == "windows" {
		return strings.TrimRight(base, `\/`) + `\` + strings.Join(parts, `\`)
	}
	return path.Join(append([]string{base}, parts...)...)
}
