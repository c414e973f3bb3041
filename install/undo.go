// Undoing: what is done is remembered with how to take it back.

package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// undo is a stack of what takes the steps done so far back.
type undo struct {
	steps []func() error
}

func (u *undo) add(step func() error) { u.steps = append(u.steps, step) }

// all takes the steps back, the last one first, and goes on past errors.
func (u *undo) all() error {
	var errs []error
	for i := len(u.steps) - 1; i >= 0; i-- {
		errs = append(errs, u.steps[i]())
	}
	u.steps = nil
	return errors.Join(errs...)
}

// write puts data into the file at path, whole or not at all, and remembers what
// was there. An existing file keeps its mode. It reports whether anything changed.
func (u *undo) write(path string, data []byte, perm fs.FileMode) (bool, error) {
	old, err := os.ReadFile(path)
	existed := err == nil
	switch {
	case existed && string(old) == string(data):
		return false, nil
	case existed:
		if info, err := os.Stat(path); err == nil {
			perm = info.Mode().Perm()
		}
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if err := u.mkdir(filepath.Dir(path)); err != nil {
		return false, err
	}
	if err := replace(path, data, perm); err != nil {
		return false, err
	}
	u.add(func() error {
		if existed {
			return replace(path, old, perm)
		}
		return os.Remove(path)
	})
	return true, nil
}

// mkdir makes a folder and those above it, and remembers which it made.
func (u *undo) mkdir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := u.mkdir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	u.add(func() error {
		if err := os.Remove(dir); !errors.Is(err, fs.ErrExist) { // somebody else uses it by now
			return err
		}
		return nil
	})
	return nil
}

// replace writes a file beside path and puts it in its place.
func replace(path string, data []byte, perm fs.FileMode) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link, such as one to a dotfiles folder, stays one
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".qacorpus-*.tmp")
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(perm)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = moveOver(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("write %q: %w", path, err)
	}
	return nil
}
