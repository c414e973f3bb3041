package safefile

// The Writer: its settings, and the operations that create and move.

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Writer creates, replaces, moves and removes files in folders where people
// work. The zero value is ready, safe where the system is, and keeps no
// history. Its fields are set before the first use; its methods may be called
// by several goroutines at once, though for one path by one at a time.
type Writer struct {
	// Always replaces and removes files also where the system offers no safe
	// way, after Quiet. Else those are left alone with an *UnsafeError.
	Always bool

	// Quiet is how long a file must have been left alone where there are no
	// leases. 0 is 2 seconds.
	Quiet time.Duration

	// Grace is how long a displaced file is watched for late writers, and so
	// what each Replace costs at least. 0 is 50 ms, which is many times what a
	// process needs between looking up a name and opening it.
	Grace time.Duration

	// Deferred leaves the fsync of folders to Flush. After a power cut a file
	// that Create made may then be missing, but never half there.
	Deferred bool

	// Keep puts bytes that a person saved at path into the history; called for
	// whatever does not stay in a file. It must be durable on return. nil:
	// such bytes are never removed, their temporary file stays.
	Keep func(path string, data []byte) error

	// Known tells bytes that the history already has. nil: none.
	Known func(sha256 [sha256.Size]byte) bool

	// at, in tests, is called at the named steps of a replacement.
	at func(step string)

	mu    sync.Mutex
	dirty map[string]bool // folders that Flush has to sync; guarded by mu
	left  map[string]bool // folders where this Writer left a temporary file; guarded by mu
}

func (w *Writer) step(name string) {
	if w.at != nil {
		w.at(name)
	}
}

func (w *Writer) quiet() time.Duration {
	if w.Quiet > 0 {
		return w.Quiet
	}
	return 2 * time.Second
}

func (w *Writer) grace() time.Duration {
	if w.Grace > 0 {
		return w.Grace
	}
	return 50 * time.Millisecond
}

// Create makes the file at path, whole and durable, with perm before the
// umask. It never replaces anything: fs.ErrExist if the name is taken.
func (w *Writer) Create(path string, data []byte, perm fs.FileMode) error {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	t, err := w.write(path, data, perm, nil)
	if err != nil {
		return fmt.Errorf("create %q: %w", path, bare(err))
	}
	if err := moveNew(t.path, path); err != nil {
		t.discard()
		return fmt.Errorf("create %q: %w", path, bare(err))
	}
	t.close()
	return w.synced(path)
}

// Move renames a file of ours, in one file system, without ever replacing:
// fs.ErrExist if the new name is taken.
func (w *Writer) Move(old, new string) error {
	if err := moveNew(old, new); err != nil {
		return fmt.Errorf("move %q to %q: %w", old, new, bare(err))
	}
	if filepath.Dir(old) != filepath.Dir(new) {
		if err := w.synced(old); err != nil {
			return err
		}
	}
	return w.synced(new)
}

// Flush makes durable what Deferred left: each folder is synced once. The first
// error is returned, and its folder tried again next time.
func (w *Writer) Flush() error {
	w.mu.Lock()
	dirs := w.dirty
	w.dirty = nil
	w.mu.Unlock()
	var first error
	for dir := range dirs {
		if err := syncFolder(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.markDirty(dir)
			if first == nil {
				first = fmt.Errorf("sync folder %q: %w", dir, bare(err))
			}
		}
	}
	return first
}

// leave notes that a temporary file stays in path's folder because somebody
// writes to it, or because its bytes could not be kept.
func (w *Writer) leave(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left == nil {
		w.left = make(map[string]bool)
	}
	w.left[filepath.Dir(path)] = true
}

// settleEarlier takes up what leave noted for path's folder.
func (w *Writer) settleEarlier(path string) error {
	dir := filepath.Dir(path)
	w.mu.Lock()
	noted := w.left[dir]
	delete(w.left, dir)
	w.mu.Unlock()
	if !noted {
		return nil
	}
	left, err := w.Recover(dir)
	if left > 0 {
		w.leave(path)
	}
	return err
}

// synced makes the names in path's folder durable, now or with the next Flush.
func (w *Writer) synced(path string) error {
	dir := filepath.Dir(path)
	if w.Deferred {
		w.markDirty(dir)
		return nil
	}
	if err := syncFolder(dir); err != nil {
		return fmt.Errorf("sync folder %q: %w", dir, bare(err))
	}
	return nil
}

func (w *Writer) markDirty(dir string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dirty == nil {
		w.dirty = make(map[string]bool)
	}
	w.dirty[dir] = true
}

// moveNew renames old to new, which must not exist: fs.ErrExist.
func moveNew(old, new string) error {
	err := renameNew(old, new)
	if !unsupported(err) {
		return err
	}
	err = linkNew(old, new)
	if err == nil {
		return os.Remove(old)
	}
	if !noLinks(err) {
		return err
	}
	// Neither is there (cloud drives through FUSE, exFAT of old): look first.
	if _, err := os.Lstat(new); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	return os.Rename(old, new)
}

// bare drops the paths that the os package puts into its errors, which here are
// often a temporary name; the caller names the one that people know.
func bare(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	}
	return err
}
