package safefile

// Replace: which way there is, and the safe one.

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Replace puts data in place of what the file at path holds, if that is still
// seen. The caller has put the bytes that it read into the history before. It
// takes at least Grace, and ctx ends only what may be ended without harm.
//
// Errors: ErrChanged and ErrBusy as they say, *UnsafeError where the file is
// not to be replaced, fs errors otherwise. After any of them path holds what
// people put there. An error may leave a temporary file for Recover.
func (w *Writer) Replace(ctx context.Context, path string, seen Version, data []byte) error {
	if err := w.settleEarlier(path); err != nil {
		return err
	}
	err := w.replace(ctx, path, seen, data)
	if err == nil {
		return w.synced(path)
	}
	var unsafe *UnsafeError
	if errors.As(err, &unsafe) {
		return unsafe
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrChanged
	}
	return fmt.Errorf("replace %q: %w", path, bare(err))
}

func (w *Writer) replace(ctx context.Context, path string, seen Version, data []byte) error {
	if seen.Symlink {
		return unsafeFile(path, "symlink", "it is a symbolic link")
	}
	old, err := w.expect(path, seen)
	if err != nil {
		return err
	}
	defer old.close()
	safe := old.trusted()
	old.release() // writing the temporary file takes long; nobody has to wait for that
	if !safe {
		if !w.Always {
			return unsafeFile(path, "no-safe-way", noLease)
		}
		if err := w.waitQuiet(ctx, path, old.info); err != nil {
			return err
		}
	}
	t, err := w.write(path, data, 0o600, func(f *os.File) error { return copyAttributes(path, old.f, f) })
	if err != nil {
		return err
	}
	err = w.exchangeWith(ctx, path, seen, identify(old.info), t)
	if unsupported(err) {
		if !w.Always {
			t.discard()
			return unsafeFile(path, "no-safe-way", "its file system cannot exchange two files in one step")
		}
		if safe { // so far nobody waited
			if err := w.waitQuiet(ctx, path, old.info); err != nil {
				t.discard()
				return err
			}
		}
		old.close()
		err = w.replaceAside(path, seen, t)
		if err != nil {
			w.leave(path) // perhaps; looked at once
		}
	}
	return err
}

// expect opens the file at path if it holds what was seen, and may be replaced.
func (w *Writer) expect(path string, seen Version) (*item, error) {
	it, err := openItem(path)
	if err != nil {
		return nil, err
	}
	err = replaceable(path, it.info)
	switch {
	case err != nil:
	case it.writing:
		err = ErrBusy
	case it.sum != seen.SHA256:
		err = ErrChanged
	default:
		return it, nil
	}
	it.close()
	return nil, err
}

// replaceable says why a file must stay as it is, if it must.
func replaceable(path string, info fs.FileInfo) error {
	switch {
	case identify(info).Links > 1 && links(path) > 1:
		if heldOpen(path, info) || links(path) <= 1 {
			return ErrBusy
		}
		return unsafeFile(path, "hard-linked", "it has several names (hard links)")
	case info.Mode()&0o222 == 0 || !mayWrite(path):
		return unsafeFile(path, "read-only", "it is read-only")
	case foreign(info):
		return unsafeFile(path, "foreign-owner", "it belongs to another user")
	case immutable(path):
		return unsafeFile(path, "immutable", "it is marked immutable")
	}
	return nil
}

// heldOpen tells that the file's further name is one by which a FUSE or NFS client
// keeps what was removed while somebody has it open: one of our temporary names,
// when an editor opened the file before that was gone. It goes by itself, as does
// the temporary name of another process that is just giving the file its own.
func heldOpen(path string, info fs.FileInfo) bool {
	dir := filepath.Dir(path)
	names, err := namesIn(dir)
	if err != nil {
		return false
	}
	for _, name := range names {
		if !strings.HasPrefix(name, ".fuse_hidden") && !strings.HasPrefix(name, ".nfs") && !isTemp(name) {
			continue
		}
		if other, err := os.Lstat(filepath.Join(dir, name)); err == nil && os.SameFile(other, info) {
			return true
		}
	}
	return false
}

// exchangeWith does the exchange of path with t, and all that follows. was is
// the file whose attributes t has. An error for which unsupported is true means
// that nothing happened and t is still there.
func (w *Writer) exchangeWith(ctx context.Context, path string, seen, was Version, t *temp) error {
	s, err := w.stage(ctx, path, seen, was, t)
	if err != nil {
		t.discard()
		return err
	}
	defer s.close()
	ours := s.out
	w.step("exchanging")
	quiet, err := s.flip()
	switch {
	case unsupported(err):
		return err
	case err != nil:
		t.discard()
		if mountPoint(err) {
			return unsafeFile(path, "mount-point", "something is mounted on it")
		}
		return err
	}
	err = s.settle(quiet)
	if err == nil {
		err = s.dispose()
	}
	if err != nil {
		w.leave(path)
		return err
	}
	if s.in != ours {
		return ErrChanged
	}
	return nil
}

// stage takes hold of both files, if path is still what it was.
func (w *Writer) stage(ctx context.Context, path string, seen, was Version, t *temp) (*swap, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := t.become(roleExchanged); err != nil {
		return nil, err
	}
	ours, err := openItem(t.path)
	if err != nil {
		return nil, err
	}
	t.close() // ours holds the lock from here on
	old, err := w.expect(path, seen)
	if err != nil {
		ours.close()
		return nil, err
	}
	s := &swap{w: w, path: path, tmp: t.path, in: old, out: ours, mine: [2][sha256.Size]byte{ours.sum, seen.SHA256}}
	switch {
	case identify(old.info) != was: // a chmod, or the same bytes saved again
		err = ErrChanged
	case old.leased && leaseBroken(old.f):
		err = ErrBusy
	}
	if err != nil {
		s.close()
	}
	return s, err
}

// waitQuiet returns nil once nothing has happened to the file for the quiet
// time. Clocks are not compared, since the file's may be another machine's.
func (w *Writer) waitQuiet(ctx context.Context, path string, was fs.FileInfo) error {
	for end := time.Now().Add(w.quiet()); ; {
		if busy, err := Writing(path); err != nil || busy {
			if err == nil {
				err = ErrBusy
			}
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		if !os.SameFile(info, was) || info.Size() != was.Size() || !info.ModTime().Equal(was.ModTime()) {
			return ErrChanged
		}
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, 100*time.Millisecond)):
		}
	}
}
