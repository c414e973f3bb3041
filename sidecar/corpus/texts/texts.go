// Package texts keeps the text of papers, so that each is read only once, in
// plain files that any process may read at any time.
//
// # Design notes
//
// A paper's text depends on its bytes and on what read it, so an entry's name is
// made of the PDF's SHA-256 and lies in a folder named for the reader. There is
// nothing to invalidate and nothing to lock: an entry appears whole, by a rename,
// and never changes. Its end holds a checksum; an entry that is damaged or cut
// off, as after a power failure, counts as missing.
//
// The total size is bounded. What was used last longest ago goes first, by the
// files' times, which Get renews about once a day.
package texts

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Store is a folder of texts. Its methods may be called from many goroutines,
// and many processes may use one folder.
type Store struct {
	dir    string
	reader string
	limit  int64

	mu   sync.Mutex // guards what follows
	size int64      // of all entries; -1 before they were counted
}

// maxText bounds one entry's text: far more than a long book has.
const maxText = 256 << 20

// New makes a store in the folder dir, which need not exist. reader names what
// makes the texts, its version and settings included, and is fit to be a file
// name. limit is how many bytes all entries may take on the disk, those of other
// readers included.
func New(dir, reader string, limit int64) *Store {
	return &Store{dir: dir, reader: reader, limit: limit, size: -1}
}

func (s *Store) path(sha [32]byte) string {
	name := hex.EncodeToString(sha[:])
	return filepath.Join(s.dir, s.reader, name[:2], name+".gz")
}

// Get returns the pages of the PDF with that SHA-256. What cannot be read is
// missing.
func (s *Store) Get(sha [32]byte) (pages []string, ok bool) {
	path := s.path(sha)
	f, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, false
	}
	data, err := io.ReadAll(io.LimitReader(z, maxText))
	if err != nil {
		return nil, false
	}
	if pages, ok = decode(data); !ok {
		return nil, false
	}
	if info, err := f.Stat(); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
		now := time.Now()
		_ = os.Chtimes(path, now, now) // another user's entry grows old; that costs little
	}
	return pages, true
}

// Put keeps the pages of the PDF with that SHA-256.
func (s *Store) Put(sha [32]byte, pages []string) error {
	path := s.path(sha)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("keep text: %w", err)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("keep text: %w", err)
	}
	if _, err := z.Write(encode(pages)); err != nil {
		return fmt.Errorf("keep text: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("keep text: %w", err)
	}
	if err := write(path, b.Bytes()); err != nil {
		return fmt.Errorf("keep text: %w", err)
	}
	return s.grew(int64(b.Len()))
}

// write puts data at path in one step. Nothing is synced: the checksum tells a
// damaged entry.
func write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

const tempPrefix = ".new-"

// encode writes the number of pages, and each with its length before it.
func encode(pages []string) []byte {
	b := binary.AppendUvarint(nil, uint64(len(pages)))
	for _, p := range pages {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

func decode(b []byte) ([]string, bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)) {
		return nil, false
	}
	b = b[size:]
	pages := make([]string, n)
	for i := range pages {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, false
		}
		pages[i] = string(b[size:][:n])
		b = b[size:][n:]
	}
	return pages, len(b) == 0
}

// grew notes n bytes more, and makes room where that is too many.
func (s *Store) grew(n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.size >= 0 {
		s.size += n
	}
	if s.size >= 0 && s.size <= s.limit {
		return nil
	}
	entries, total, err := s.entries()
	if err != nil {
		return fmt.Errorf("count kept texts: %w", err)
	}
	s.size = total
	if total <= s.limit {
		return nil
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, e := range entries {
		if s.size <= s.limit*9/10 {
			break
		}
		if err := os.Remove(e.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove old text: %w", err)
		}
		s.size -= e.size
	}
	return nil
}

type entry struct {
	path string
	size int64
	used time.Time
}

// entries lists all entries of all readers. What a process that died was
// writing is removed.
func (s *Store) entries() (all []entry, total int64, err error) {
	err = filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), tempPrefix) {
			if time.Since(info.ModTime()) > time.Hour {
				return os.Remove(path)
			}
			return nil
		}
		all = append(all, entry{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	return all, total, err
}
