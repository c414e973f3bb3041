package doctor

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	lls "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"github.com/moby/sys/mountinfo"
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
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	above, err := mountinfo.GetMounts(mountinfo.ParentsFilter(path))
	if err != nil {
		return mount{}
	}
	m := last(above)
	var st unix.Statfs_t
	if unix.Statfs(path, &st) == nil && st.Flags&unix.ST_RDONLY != 0 {
		m.ReadOnly = true
	}
	return m
}

// last is the mount that covers the others, which are all above the same path.
func last(above []*mountinfo.Info) (m mount) {
	for _, i := range above {
		if len(i.Mountpoint) >= len(m.Point) {
			m = mount{Type: i.FSType, Point: i.Mountpoint, ReadOnly: hasOption(i.Options, "ro") || hasOption(i.VFSOptions, "ro")}
		}
	}
	return m
}

func hasOption(options, wanted string) bool {
	return slices.Contains(strings.Split(options, ","), wanted)
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
