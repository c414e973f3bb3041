package history

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Restored is the Why of the line that MarkRestored writes.
const Restored = "restored"

// Store is a history in one folder. Its methods may be called by several
// goroutines and several processes at once.
type Store struct {
	dir  string
	logs string // the name of the folder of logs in dir

	mu      sync.Mutex      // guards lasting
	lasting map[string]bool // folders whose names are known to outlive a power cut
}

// Open opens the history in dir, and makes it with mode 0700 if it is not
// there. A history whose logs are lost gets them back as far as its blobs tell.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir, logs: "logs", lasting: map[string]bool{}}
	if err := os.MkdirAll(s.path("blobs"), 0o700); err != nil {
		return nil, fmt.Errorf("make history: %w", err)
	}
	if _, err := os.Stat(s.path(s.logs)); errors.Is(err, fs.ErrNotExist) {
		if err := s.alone(s.rebuild); err != nil {
			return nil, fmt.Errorf("make history: %w", err)
		}
	}
	return s, nil
}

// Put keeps data as a version of the file at path, and is durable on return.
// Bytes that are already the file's newest version are not kept again. why is a
// short reason for people, such as "before normalising".
func (s *Store) Put(path string, data []byte, why string) (Version, error) {
	sum := sha256.Sum256(data)
	v := Version{Time: time.Now().UTC(), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data)), Why: why, Path: path}
	err := s.shared(func() error {
		if err := s.writeBlob(v, data); err != nil {
			return err
		}
		return s.appendLine(v, func(last Version) bool { return last.SHA256 == v.SHA256 && last.Why != Restored })
	})
	if err != nil {
		return Version{}, fmt.Errorf("keep %q in history: %w", path, err)
	}
	return v, nil
}

// List returns the kept versions of the file at path, oldest first. Marks are
// left out. None is no error.
func (s *Store) List(path string) ([]Version, error) {
	all, err := s.readLog(s.logPath(path))
	if err != nil {
		return nil, fmt.Errorf("list history of %q: %w", path, err)
	}
	kept := all[:0]
	for _, v := range all {
		if v.Why != Restored {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

// Get returns the bytes of the version with that SHA-256, in 64 hexadecimal
// digits, checked against it. ErrNotFound if there is none.
func (s *Store) Get(sha string) ([]byte, error) {
	if !isSum(sha) {
		return nil, fmt.Errorf("get version %q: %w", sha, ErrNotFound)
	}
	data, err := os.ReadFile(s.blobPath(sha))
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("get version %s: %w", sha, err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Errorf("get version %s: the kept bytes are damaged", sha)
	}
	return data, nil
}

// Has tells whether bytes with that SHA-256 are kept as a version of some file.
// A blob alone is not enough: Put may have been ended before it was named, and
// then the next Prune takes it away.
func (s *Store) Has(sum [sha256.Size]byte) bool {
	sha := hex.EncodeToString(sum[:])
	path := s.blobPath(sha)
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if v, ok := parseLine(getMeta(path)); ok && s.names(s.logPath(v.Path), sha) {
		return true
	}
	// Kept first for a file whose log does not name it any more, or no extended
	// attributes here: look everywhere.
	found := false
	err = filepath.WalkDir(s.path(s.logs), func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && s.names(name, sha) {
			found = true
			return filepath.SkipAll
		}
		return err
	})
	return err == nil && found
}

// names tells whether the log of that name has a version with that hash.
func (s *Store) names(log, sha string) bool {
	all, err := s.readLog(log)
	return err == nil && slices.ContainsFunc(all, func(v Version) bool { return v.SHA256 == sha && v.Why != Restored })
}

// MarkRestored notes that the bytes with that SHA-256, 64 hexadecimal digits,
// are put back at path because somebody wants just these. Called before they
// are written, so that no daemon sees them unmarked.
func (s *Store) MarkRestored(path, sha string) error {
	err := s.shared(func() error {
		data, err := s.Get(sha)
		if err != nil {
			return err
		}
		v := Version{Time: time.Now().UTC(), SHA256: sha, Size: int64(len(data)), Why: Restored, Path: path}
		return s.appendLine(v, func(last Version) bool { return last.SHA256 == sha && last.Why == Restored })
	})
	if err != nil {
		return fmt.Errorf("mark %q as restored: %w", path, err)
	}
	return nil
}

// IsRestored tells whether the bytes with that hash are what was restored at
// path last, and nothing was kept of the file since. They are then not to be
// normalised: the first edit makes other bytes of them.
func (s *Store) IsRestored(path string, sum [sha256.Size]byte) (bool, error) {
	all, err := s.readLog(s.logPath(path))
	if err != nil {
		return false, fmt.Errorf("read history of %q: %w", path, err)
	}
	if len(all) == 0 {
		return false, nil
	}
	last := all[len(all)-1]
	return last.Why == Restored && last.SHA256 == hex.EncodeToString(sum[:]), nil
}

func (s *Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

func (s *Store) blobPath(sha string) string { return s.path("blobs", sha[:2], sha) }

func (s *Store) logPath(path string) string {
	sum := sha256.Sum256([]byte(path))
	name := hex.EncodeToString(sum[:])
	return s.path(s.logs, name[:2], name+".log")
}

func isSum(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == s
}
