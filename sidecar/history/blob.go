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
// is left; it may be there and not yet durable, if who wrote it was ended or is
// just writing it.
func (s *Store) writeBlob(v Version, data []byte) error {
	path := s.blobPath(v.SHA256)
	if info, err := os.Lstat(path); err == nil && info.Size() == v.Size {
		if kept, err := s.Get(v.SHA256); err == nil && len(kept) == len(data) {
			if err := syncPath(path); err != nil {
				return err
			}
			return s.sync(filepath.Dir(path))
		}
	}
	return s.writeFile(path, data, func(f *os.File) { setMeta(f, formatLine(v)) })
}

// writeFile writes path by a temporary name, durably, mode 0600, in a folder
// that it makes if need be. It replaces what is there.
func (s *Store) writeFile(path string, data []byte, prepare func(*os.File)) error {
	dir := filepath.Dir(path)
	if err := s.makeFolder(dir); err != nil {
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
	return s.sync(dir)
}

// makeFolder makes a folder of the history, and all of it anew if somebody
// removed it.
func (s *Store) makeFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		s.mu.Lock()
		clear(s.lasting)
		s.mu.Unlock()
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// sync makes the names in dir durable, a folder of the history, and dir's own
// name, whoever made it: each folder above dir once in the life of a Store.
func (s *Store) sync(dir string) error {
	if err := syncPath(dir); err != nil {
		return err
	}
	s.mu.Lock()
	done := s.lasting[dir]
	s.mu.Unlock()
	if done {
		return nil
	}
	// Up to the name of the folder that holds the history. Outside it is others'
	// folders, which we may not even read.
	for at := filepath.Dir(dir); ; at = filepath.Dir(at) {
		inside := len(at) >= len(s.dir)
		if err := syncPath(at); err != nil && (inside || !errors.Is(err, fs.ErrPermission)) {
			return err
		}
		if len(at) < len(filepath.Dir(s.dir)) || at == filepath.Dir(at) {
			break
		}
	}
	s.mu.Lock()
	s.lasting[dir] = true
	s.mu.Unlock()
	return nil
}

// rebuild makes the folder of logs, from what the blobs carry about themselves.
// It has its name only when it is whole: a rebuilding that is cut short begins
// anew with the next Open. The caller holds the lock alone.
func (s *Store) rebuild() error {
	if _, err := os.Stat(s.path(s.logs)); err == nil {
		return nil // another process did so
	}
	fresh := &Store{dir: s.dir, logs: "logs.new", lasting: map[string]bool{}}
	if err := os.RemoveAll(s.path(fresh.logs)); err != nil {
		return err
	}
	if err := s.makeFolder(s.path(fresh.logs)); err != nil {
		return err
	}
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
			err = fresh.appendLine(v, func(Version) bool { return false })
		}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(s.path(fresh.logs), s.path(s.logs)); err != nil {
		return err
	}
	return s.sync(s.path(s.logs))
}

// sweep removes blobs that no log names, and temporary files older than an
// hour. The caller holds the lock alone.
func (s *Store) sweep(named map[string]bool, now time.Time) error {
	for _, sub := range []string{"blobs", s.logs} {
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
