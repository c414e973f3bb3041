package history

// Blobs: written whole, durable, and never changed.

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// tmpPrefix starts the names of files that are being written.
const tmpPrefix = ".tmp-"

// writeBlob makes v's blob of data durable. One that is there already, whole,
// is left.
func (s *Store) writeBlob(v Version, data []byte) error {
	path := s.blobPath(v.SHA256)
	if info, err := os.Lstat(path); err == nil && info.Size() == v.Size {
		if kept, err := s.Get(v.SHA256); err == nil && len(kept) == len(data) {
			return nil
		}
	}
	return writeFile(path, data, func(f *os.File) { setMeta(f, formatLine(v)) })
}

// writeFile writes path by a temporary name, durably, mode 0600, in a folder
// that it makes if need be. It replaces what is there.
func writeFile(path string, data []byte, prepare func(*os.File)) error {
	dir := filepath.Dir(path)
	if err := makeFolder(dir); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, tmpPrefix+"*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if prepare != nil {
		prepare(f)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}

func makeFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

// rebuild writes logs from what the blobs carry about themselves.
func (s *Store) rebuild() error {
	var all []Version
	err := filepath.WalkDir(s.path("blobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), tmpPrefix) {
			return err
		}
		if v, ok := parseLine(getMeta(path)); ok && v.SHA256 == d.Name() {
			all = append(all, v)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Version) int { return a.Time.Compare(b.Time) })
	for _, v := range all {
		if err == nil {
			err = s.appendLine(v, func(Version) bool { return false })
		}
	}
	return err
}

// sweep removes blobs that no log names, and temporary files older than an
// hour. The caller holds the lock alone.
func (s *Store) sweep(named map[string]bool, now time.Time) error {
	for _, sub := range []string{"blobs", "logs"} {
		err := filepath.WalkDir(s.path(sub), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			stale := sub == "blobs" && isSum(d.Name()) && !named[d.Name()]
			if strings.HasPrefix(d.Name(), tmpPrefix) {
				info, err := d.Info()
				stale = err == nil && now.Sub(info.ModTime()) > time.Hour
			}
			if stale {
				return os.Remove(path)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
