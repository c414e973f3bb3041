package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// oncePerCause logs each trouble once: a full disk is one line, not one for
// every file, and a file that stays as it is is not told of again. What went
// well forgets what was said before.
type oncePerCause struct {
	log *slog.Logger

	mu    sync.Mutex
	notes map[string]string          // by path: the last note; guarded by mu
	fails map[string]string          // by path: its last failure's cause; guarded by mu
	told  map[string]map[string]bool // by cause: the paths that fail by it; guarded by mu
}

func newOncePerCause(log *slog.Logger) *oncePerCause {
	return &oncePerCause{log: log, notes: map[string]string{}, fails: map[string]string{}, told: map[string]map[string]bool{}}
}

// note tells what a person should know about path; "" for nothing any more.
func (o *oncePerCause) note(path, note string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if note == "" {
		delete(o.notes, path)
		return
	}
	if o.notes[path] != note {
		o.notes[path] = note
		o.log.Warn("left as it is", "path", path, "reason", note)
	}
}

// failed tells that work on path failed with err, or went well where err is nil.
func (o *oncePerCause) failed(path string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before, cause := o.fails[path], causeOf(path, err)
	if before == cause {
		return
	}
	if before != "" {
		delete(o.told[before], path)
		delete(o.fails, path)
		if len(o.told[before]) == 0 {
			delete(o.told, before)
			if _, err := os.Lstat(path); err == nil {
				o.log.Info("works again", "path", path)
			}
		}
	}
	if err == nil {
		return
	}
	o.fails[path] = cause
	if o.told[cause] == nil {
		o.told[cause] = map[string]bool{}
		o.log.Warn("not done, will be tried again", "path", path, "err", err)
	}
	o.told[cause][path] = true
}

// causeOf names what is behind err: for what concerns a whole disk or the whole
// process only that, for a folder's permission the folder, else path itself.
func causeOf(path string, err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.ENOSPC):
		return "the disk is full"
	case errors.Is(err, syscall.EDQUOT):
		return "the quota is used up"
	case errors.Is(err, syscall.EROFS):
		return "the file system is read-only"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "too many open files"
	case errors.Is(err, fs.ErrPermission) && !ofFile(err, path):
		return "permission denied in " + filepath.Dir(path)
	}
	return path + ": " + err.Error()
}

// ofFile reports whether err came of opening the file at path itself, not of
// what was to be done in its folder.
func ofFile(err error, path string) bool {
	var p *fs.PathError
	return errors.As(err, &p) && p.Path == path
}
