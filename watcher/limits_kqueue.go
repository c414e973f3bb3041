//go:build !linux && !windows

package watcher

import (
	"errors"
	"os"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

// limitOf says how to raise the limit that err tells of; "" if err tells of none.
func limitOf(err error) string {
	if errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) {
		return "raise the limit of open files: sudo launchctl limit maxfiles 65536 200000, or ulimit -n 65536 before starting"
	}
	return ""
}

// addWatch asks for the events of the folder at path. kqueue holds a descriptor for the folder and for every file in it, so
// a folder is watched only while half of the allowed descriptors are left for everything else.
func addWatch(w *fsnotify.Watcher, path string, have int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return w.Add(path)
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return err
	}
	// The next descriptor's number tells how many are in use, nearly.
	if uint64(d.Fd())+uint64(len(names)) > uint64(limit.Cur)/2 {
		return unix.EMFILE
	}
	return w.Add(path)
}
