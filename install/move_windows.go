package install

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// moveOver puts a file in another's place. Windows lets nobody replace a program
// that runs, but it lets it be renamed: it is moved aside, and removed as soon as
// that can be, here or at a later time.
func moveOver(from, to string) error {
	aside := filepath.Join(filepath.Dir(to), ".qacorpus-old-"+filepath.Base(to)+".tmp")
	_ = os.Remove(aside) // what an earlier time left; in use still, or gone
	err := os.Rename(from, to)
	if err == nil || !errors.Is(err, os.ErrPermission) {
		return err
	}
	if os.Rename(to, aside) != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return errors.Join(err, os.Rename(aside, to))
	}
	_ = os.Remove(aside)
	return nil
}

// removeAll removes a folder with what is in it. os.RemoveAll asks for a way of
// removing that old file systems, and wine, do not have.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	var all []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	})
	for _, path := range slices.Backward(all) {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
