// Package cache remembers what was last seen of every file, so that a start over
// an unchanged folder reads none of them. Losing it costs time, nothing else.
//
// # Design notes
//
// The store is bbolt: one file, crash-safe, mapped into memory, so that a large
// folder costs no heap. Writes are collected until [Cache.Commit], because each
// commit syncs the disk; what was not yet committed when the process dies is
// looked at again at the next start.
//
// A file counts as unchanged when size, times and inode are those that were seen. A change within the same tick of the file system's clock would not
// show, so an entry that was taken so soon after the file's last change that
// this could happen is not trusted ([Entry.Fresh]).
//
// bbolt checks no page that it reads: one that a bad disk spoilt makes it panic,
// or reach beyond the mapped file. Both end only the call. The store then forgets
// everything and takes nothing more, and its file goes, so that the next start
// makes a new one.
package cache

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Entry is what is remembered of one source and its sidecar.
type Entry struct {
	Source  Stat     // of the PDF or QA file when it was read
	Read    int64    // when, in nanoseconds since 1970
	SHA     [32]byte // SHA-256 of its bytes
	Options uint64   // hash of the options and versions that led to the sidecar
	Sidecar Stat     // of the sidecar afterwards; zero where there was none
	Written [32]byte // SHA-256 of the sidecar's bytes where they are this program's, else zero
	Status  string   // the preview's status, or the QA file's shape

	Pairs, Errors, Warnings int // of a QA file
}

// Fresh reports whether a source that looks like now and a sidecar that looks
// like side are surely the ones that e was taken of.
func (e Entry) Fresh(source, side Stat) bool {
	return e.Source == source && e.Sidecar == side && e.Read-source.Ctime > source.tick()
}

var (
	entriesBucket = []byte("entries") // path → Entry
	bytesBucket   = []byte("bytes")   // SHA-256 followed by path → nothing
)

// Cache is an open store. Its methods may be called from many goroutines.
type Cache struct {
	db      *bbolt.DB
	damaged atomic.Bool // the store turned out to be; nothing is asked of it any more

	commit sync.Mutex // held by the one who commits; taken before mu

	mu      sync.Mutex        // guards what follows
	pending map[string]*Entry // not yet committed; nil marks a deletion
	flying  map[string]*Entry // what a commit is writing: the store may not show it yet
}

// Open opens or creates the store at path, making its folder if need be. A
// store that cannot be read, for example by an older version, is made anew.
func Open(path string) (*Cache, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	var db *bbolt.DB
	try := func() (err error) { db, err = open(path); return err }
	err := guarded(try)
	if err != nil && !errors.Is(err, berrors.ErrTimeout) && !errors.Is(err, os.ErrPermission) {
		if os.Remove(path) == nil {
			err = try()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	return &Cache{db: db, pending: map[string]*Entry{}}, nil
}

func open(path string) (db *bbolt.DB, err error) {
	// The list of free pages is kept in the file. Without it bbolt looks at all pages
	// as it opens, in a goroutine of its own, whose panic nobody can catch.
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 2 * time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, err
	}
	whole := false
	err = db.View(func(tx *bbolt.Tx) error {
		whole = tx.Bucket(entriesBucket) != nil && tx.Bucket(bytesBucket) != nil
		return nil
	})
	if err != nil || whole {
		return db, err // without the two syncs of a commit that changes nothing
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, b := range [][]byte{entriesBucket, bytesBucket} {
			if _, err := tx.CreateBucketIfNotExists(b); err != nil {
				return err
			}
		}
		return nil
	})
	return db, err
}

// errDamaged says that bbolt met what it never wrote.
var errDamaged = errors.New("damaged")

// guarded runs f, which reads the store, and makes an error of the panic that a
// damaged page leads to.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	return f()
}

// use runs f on the store, unless that is damaged.
func (c *Cache) use(f func() error) error {
	if c.damaged.Load() {
		return nil
	}
	err := guarded(f)
	if !errors.Is(err, errDamaged) {
		return err
	}
	c.damaged.Store(true)
	if err := os.Remove(c.db.Path()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove damaged cache: %w", err)
	}
	return nil
}

// Get returns what is remembered of the source at path.
func (c *Cache) Get(path string) (e Entry, ok bool) {
	c.mu.Lock()
	p, found := c.held(path)
	c.mu.Unlock()
	if found {
		if p == nil {
			return Entry{}, false
		}
		return *p, true
	}
	// A commit that ends now does no harm: what it held was not there, either.
	err := c.use(func() error {
		return c.db.View(func(tx *bbolt.Tx) (err error) {
			e, ok, err = load(tx, path)
			return err
		})
	})
	return e, ok && err == nil
}

// GetAll appends to found what is remembered of the sources at paths, the zero Entry for one that is unknown. It reads the
// store once for all of them, and is quickest if they are sorted.
func (c *Cache) GetAll(found []Entry, paths []string) []Entry {
	first := len(found)
	found = append(found, make([]Entry, len(paths))...)
	at := found[first:]
	held := c.heldOf(paths) // before the store is asked: a commit may end meanwhile
	err := c.use(func() error {
		return c.db.View(func(tx *bbolt.Tx) error {
			cursor, key := tx.Bucket(entriesBucket).Cursor(), []byte(nil)
			for i, path := range paths {
				key = append(key[:0], path...)
				if k, data := cursor.Seek(key); !bytes.Equal(k, key) || at[i].UnmarshalBinary(data) != nil {
					at[i] = Entry{}
				}
			}
			return nil
		})
	})
	if err != nil || c.damaged.Load() {
		clear(at)
	}
	for i, p := range held {
		at[i] = Entry{}
		if p != nil {
			at[i] = *p
		}
	}
	return found
}

// heldOf returns those of the paths, by their place, that the store may not show yet.
func (c *Cache) heldOf(paths []string) map[int]*Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) == 0 && len(c.flying) == 0 {
		return nil
	}
	held := map[int]*Entry{}
	for i, path := range paths {
		if p, ok := c.held(path); ok {
			held[i] = p
		}
	}
	return held
}

// held returns what the store may not show yet of path. The caller holds mu.
func (c *Cache) held(path string) (e *Entry, ok bool) {
	if e, ok = c.pending[path]; !ok {
		e, ok = c.flying[path]
	}
	return e, ok
}

// Put remembers e for path. It becomes lasting with the next commit.
func (c *Cache) Put(path string, e Entry) { c.set(path, &e) }

// Delete forgets path.
func (c *Cache) Delete(path string) { c.set(path, nil) }

func (c *Cache) set(path string, e *Entry) {
	c.mu.Lock()
	c.pending[path] = e
	c.mu.Unlock()
}

// SameBytes returns the remembered sources whose bytes had this SHA-256 when
// they were last read, in order of their paths: at most so many, since a folder
// may hold thousands of copies of one page that a publisher sends instead of a paper.
func (c *Cache) SameBytes(sha [32]byte, most int) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var paths []string
	// A damaged store gives what could be read: a cache may always know less.
	_ = c.use(func() error {
		return c.db.View(func(tx *bbolt.Tx) error {
			cur := tx.Bucket(bytesBucket).Cursor()
			for k, _ := cur.Seek(sha[:]); bytes.HasPrefix(k, sha[:]) && len(paths) < most; k, _ = cur.Next() {
				path := string(k[sha256.Size:])
				if _, held := c.held(path); !held {
					paths = append(paths, path)
				}
			}
			return nil
		})
	})
	for _, some := range []map[string]*Entry{c.pending, c.flying} {
		for path := range some {
			if e, _ := c.held(path); e != nil && e.SHA == sha {
				paths = append(paths, path)
			}
		}
	}
	paths = sorted(paths)
	return paths[:min(len(paths), most)]
}

// Commit makes lasting what was put so far.
func (c *Cache) Commit() error {
	c.commit.Lock()
	defer c.commit.Unlock()
	c.mu.Lock()
	batch := c.pending
	c.pending, c.flying = make(map[string]*Entry), batch
	c.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := c.use(func() error {
		return c.db.Update(func(tx *bbolt.Tx) error {
			for path, e := range batch {
				if err := store(tx, path, e); err != nil {
					return err
				}
			}
			return nil
		})
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flying = nil
	if err == nil {
		return nil
	}
	for path, e := range batch { // keep them for the next try, under what came since
		if _, newer := c.pending[path]; !newer {
			c.pending[path] = e
		}
	}
	return fmt.Errorf("write cache: %w", err)
}

// Close commits and closes the store. A damaged one stays open until the process
// ends: what failed in it may hold its locks.
func (c *Cache) Close() error {
	err := c.Commit()
	if c.damaged.Load() {
		return err
	}
	return errors.Join(err, c.db.Close())
}

func load(tx *bbolt.Tx, path string) (e Entry, ok bool, err error) {
	data := tx.Bucket(entriesBucket).Get([]byte(path))
	if data == nil {
		return e, false, nil
	}
	err = e.UnmarshalBinary(data)
	return e, err == nil, err
}

// store writes one entry, or removes it where e is nil, and keeps the index of
// bytes in step.
func store(tx *bbolt.Tx, path string, e *Entry) error {
	entries, index := tx.Bucket(entriesBucket), tx.Bucket(bytesBucket)
	old, ok, _ := load(tx, path)
	if ok && (e == nil || old.SHA != e.SHA) {
		if err := index.Delete(append(old.SHA[:], path...)); err != nil {
			return err
		}
	}
	if e == nil {
		return entries.Delete([]byte(path))
	}
	data, err := e.MarshalBinary()
	if err != nil {
		return err
	}
	if err := entries.Put([]byte(path), data); err != nil {
		return err
	}
	return index.Put(append(e.SHA[:], path...), nil)
}
