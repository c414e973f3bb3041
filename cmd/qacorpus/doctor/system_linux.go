package doctor

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	lls "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// perFile tells that a watched file takes a descriptor: kqueue.
const perFile = false

// abilities are what the kernel has for shutting processes in.
func abilities() string {
	abi, err := lls.LandlockGetABIVersion()
	if err != nil || abi < 1 {
		return ""
	}
	return fmt.Sprintf("Landlock %d, seccomp, resource limits", abi)
}

// mountOf finds the mount that holds path in the kernel's table: the last of those
// with the longest mount point, which covers those before it
// (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html).
func mountOf(path string) mount {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return mount{}
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	m := mountIn(table, path)
	var st unix.Statfs_t
	if unix.Statfs(path, &st) == nil && st.Flags&unix.ST_RDONLY != 0 {
		m.ReadOnly = true
	}
	return m
}

// mountIn is mountOf for a table's text.
func mountIn(table []byte, path string) (m mount) {
	for line := range bytes.Lines(table) {
		before, after, ok := strings.Cut(string(line), " - ")
		fields, rest := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 6 || len(rest) < 1 {
			continue
		}
		point := unescape(fields[4])
		if rel, err := filepath.Rel(point, path); err != nil || !filepath.IsLocal(rel) || len(point) < len(m.Point) {
			continue
		}
		m = mount{Type: rest[0], Point: point, ReadOnly: hasOption(fields[5], "ro") || len(rest) > 2 && hasOption(rest[2], "ro")}
	}
	return m
}

func hasOption(options, wanted string) bool {
	for o := range strings.SplitSeq(options, ",") {
		if o == wanted {
			return true
		}
	}
	return false
}

// unescape reads the octal escapes of a mount table.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// roomAt is the room on the disk that holds path; inodes is -1 where their number
// is not limited, as on btrfs.
func roomAt(path string) (free uint64, inodes int64, ok bool) {
	var st unix.Statfs_t
	if unix.Statfs(path, &st) != nil {
		return 0, 0, false
	}
	inodes = -1
	if st.Files > 0 {
		inodes = int64(st.Ffree)
	}
	return st.Bavail * uint64(st.Bsize), inodes, true
}

// inotify reads the limits, and counts what the processes of this user have.
func inotify() (l limits) {
	for key, at := range map[string]*int{"max_user_watches": &l.watches, "max_user_instances": &l.instances, "max_queued_events": &l.queue} {
		data, err := os.ReadFile("/proc/sys/fs/inotify/" + key)
		if err != nil {
			return limits{}
		}
		if *at, err = strconv.Atoi(strings.TrimSpace(string(data))); err != nil {
			return limits{}
		}
	}
	l.known = true
	links, _ := filepath.Glob("/proc/[0-9]*") // the pattern is right
	for _, process := range links {
		info, err := os.Stat(process)
		if err != nil || !owns(info) {
			continue
		}
		descriptors, err := os.ReadDir(process + "/fd")
		if err != nil {
			l.partly = true // it changed its user, say
			continue
		}
		for _, fd := range descriptors {
			if to, err := os.Readlink(process + "/fd/" + fd.Name()); err == nil && to == "anon_inode:inotify" {
				l.usedInstances++
				l.usedWatches += watchesOf(process + "/fdinfo/" + fd.Name())
			}
		}
	}
	return l
}

// watchesOf counts the watches of one instance.
func watchesOf(path string) (n int) {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if bytes.HasPrefix(lines.Bytes(), []byte("inotify ")) {
			n++
		}
	}
	return n
}
