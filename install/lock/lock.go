// Package lock promises that a folder is looked after by one process of the
// machine at a time, whoever started it, and that nothing is left behind by a
// process that dies in any way.
//
// Design notes. The obvious lock, flock on the folder itself, keeps a
// descriptor open in it, and then nobody can unmount the drive or share that
// the folder is on. A lock file needs a place that every user and every
// hardened service can write to, and there is none on every system. On Linux
// the lock is therefore an open-file-description lock (fcntl(2), F_OFD_SETLK)
// on the root directory "/", which every process can read and nobody unmounts.
// A directory can only be locked for reading, which excludes nobody, but the
// kernel tells of locks that would be in the way of a writer: whoever finds
// another's lock on the folder's range of bytes backs off. Each folder has a
// range of 2^22 bytes at an offset that is a hash of its name, and its holder
// locks the one byte at its own process ID (which is below 2^22, see pid_max in
// proc(5)), so that the lock itself says who has it.
//
// Sub-folders belong to whoever has the folder above them: holders also leave a
// mark in each ancestor's second range.
//
// Elsewhere (lock_windows.go, lock_unix.go) the systems' own means serve.
package lock

import (
	"fmt"
	"path/filepath"
	"slices"
)

// Lock is held until Release, or until the process is gone.
type Lock struct {
	handles []handle
}

// HeldError says who has the folder.
type HeldError struct {
	Path string // the folder that was asked for
	By   string // the folder that the other process has: Path, or one above or below it
	PID  int    // 0 where the system does not tell
}

func (e *HeldError) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	switch {
	case e.By == e.Path:
		return fmt.Sprintf("folder %q is already watched by %s", e.Path, who)
	case e.By != "":
		return fmt.Sprintf("folder %q lies in %q, which %s already watches", e.Path, e.By, who)
	}
	return fmt.Sprintf("a folder within %q is already watched by %s", e.Path, who)
}

// Folders locks all of the folders or none. The error is a *HeldError when
// another process has one of them, one above it or one within it. Folders are
// absolute; one that is not there can be locked too, by its name.
func Folders(paths []string) (*Lock, error) {
	l := &Lock{}
	for _, path := range paths {
		h, err := take(path, names(path))
		if err != nil {
			l.Release()
			return nil, err
		}
		l.handles = append(l.handles, h)
	}
	return l, nil
}

// Release gives the folders back.
func (l *Lock) Release() {
	for _, h := range l.handles {
		h.release()
	}
	l.handles = nil
}

// Holder returns the process that looks after path, a folder or a file that lies
// in a watched one; 0 where none does, or where the system does not tell. Nothing
// is locked to find out.
func Holder(path string) int { return holderOf(names(path)) }

// names returns the folder's own name and those above it, links followed as far
// as the folder is there.
func names(path string) []string {
	path = filepath.Clean(path)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if real, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(real, filepath.Base(path))
	}
	all := []string{path}
	for dir := filepath.Dir(path); dir != all[len(all)-1]; dir = filepath.Dir(dir) {
		all = append(all, dir)
	}
	return slices.Clip(all)
}
