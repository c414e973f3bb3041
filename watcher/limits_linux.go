package watcher

import (
	"errors"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

// limitOf says how to raise the limit that err tells of; "" if err tells of none.
func limitOf(err error) string {
	switch {
	case errors.Is(err, unix.ENOSPC):
		return "run as root: sysctl -w fs.inotify.max_user_watches=1048576; to keep it, put that setting into /etc/sysctl.d/90-inotify.conf"
	case errors.Is(err, unix.ENFILE):
		return "run as root: sysctl -w fs.file-max=2097152"
	case errors.Is(err, unix.EMFILE):
		return "run as root: sysctl -w fs.inotify.max_user_instances=1024, and check that the limit of open files (ulimit -n, LimitNOFILE=) is 65536"
	case errors.Is(err, unix.ENOMEM):
		return "the kernel is out of memory for watches"
	}
	return ""
}

// addWatch asks for the events of the folder at path. have is the number of folders watched so far.
func addWatch(w *fsnotify.Watcher, path string, _ int) error { return w.Add(path) }
