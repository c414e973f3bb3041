package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

func openTest(t *testing.T) (*Cache, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state", "x.db")
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, path
}

func entry(n byte) Entry {
	return Entry{Source: Stat{Size: 1 << 40, Mtime: -5, Ctime: 7, Ino: 1 << 63}, Read: 9, SHA: [32]byte{n}, Options: 1 << 63,
		Sidecar: Stat{Size: 2}, Written: [32]byte{31: n}, Status: "ok", Pairs: 300, Errors: 1, Warnings: 2}
}

func TestEntriesLast(t *testing.T) {
	c, path := openTest(t)
	names := []string{"/a/x.pdf", "/a/new\nline\xff.pdf", ""}
	for i, n := range names[:2] {
		c.Put(n, entry(byte(i+1)))
	}
	check := func(c *Cache) {
		t.Helper()
		for i, n := range names[:2] {
			if got, ok := c.Get(n); !ok || !reflect.DeepEqual(got, entry(byte(i+1))) {
				t.Errorf("Get(%q) = %+v, %v", n, got, ok)
			}
		}
		if _, ok := c.Get("/a/none.pdf"); ok {
			t.Error("an unknown path is known")
		}
	}
	check(c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	check(again)
}

// TestManyAtOnce asks for many, in order and not, known and not, in one page and beyond, committed and not.
func TestManyAtOnce(t *testing.T) {
	c, _ := openTest(t)
	path := func(i int) string { return fmt.Sprintf("/folder-%d/paper-%04d.pdf", i/100, i) }
	for i := range 1000 {
		if i%3 > 0 {
			c.Put(path(i), entry(byte(i)))
		}
	}
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	c.Put(path(3), entry(3))
	c.Delete(path(4))
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var paths []string
		for i := r.IntN(1000); i < 1000 && len(paths) < 50; i += r.IntN(4) {
			paths = append(paths, path(i))
		}
		if r.IntN(3) == 0 {
			r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		}
		for i, got := range c.GetAll(nil, paths) {
			if want, _ := c.Get(paths[i]); !reflect.DeepEqual(got, want) {
				t.Fatalf("%q of %q: %+v, want %+v", paths[i], paths, got, want)
			}
		}
	}
}

func TestSameBytes(t *testing.T) {
	c, _ := openTest(t)
	c.Put("/b.pdf", entry(1))
	c.Put("/c.pdf", entry(2))
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	c.Put("/a.pdf", entry(1)) // not committed
	want := func(n byte, paths ...string) {
		t.Helper()
		if got := c.SameBytes([32]byte{n}, 2); !slices.Equal(got, paths) {
			t.Errorf("SameBytes(%d) = %q, want %q", n, got, paths)
		}
	}
	want(1, "/a.pdf", "/b.pdf")
	c.Put("/b.pdf", entry(2)) // its bytes changed
	want(1, "/a.pdf")
	want(2, "/b.pdf", "/c.pdf")
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	want(2, "/b.pdf", "/c.pdf")
	c.Put("/a.pdf", entry(2))
	want(2, "/a.pdf", "/b.pdf") // no more than two
	c.Put("/a.pdf", entry(1))
	c.Delete("/c.pdf")
	want(2, "/b.pdf")
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	want(2, "/b.pdf")
	if _, ok := c.Get("/c.pdf"); ok {
		t.Error("a deleted entry is still there")
	}
}

// What a commit is writing is known all the while, however long the disk takes.
func TestKnownWhileCommitting(t *testing.T) {
	c, _ := openTest(t)
	c.Put("/stays.pdf", entry(1))
	c.Put("/goes.pdf", entry(1))
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	c.Put("/new.pdf", entry(1))
	c.Delete("/goes.pdf")
	slow, err := c.db.Begin(true) // the commit waits for it
	if err != nil {
		t.Fatal(err)
	}
	var commit sync.WaitGroup
	commit.Go(func() {
		if err := c.Commit(); err != nil {
			t.Error(err)
		}
	})
	for begun := false; !begun; runtime.Gosched() {
		c.mu.Lock()
		begun = len(c.pending) == 0
		c.mu.Unlock()
	}
	check := func() {
		t.Helper()
		for path, want := range map[string]bool{"/stays.pdf": true, "/new.pdf": true, "/goes.pdf": false} {
			e, ok := c.Get(path)
			if all := c.GetAll(nil, []string{path}); ok != want || (all[0] == entry(1)) != want || (e == entry(1)) != want {
				t.Errorf("%s: Get gives %v, GetAll %v, want it %v", path, ok, all[0] == entry(1), want)
			}
		}
		if got := c.SameBytes(entry(1).SHA, 10); !slices.Equal(got, []string{"/new.pdf", "/stays.pdf"}) {
			t.Errorf("SameBytes = %q", got)
		}
	}
	check()
	if err := slow.Rollback(); err != nil {
		t.Fatal(err)
	}
	commit.Wait()
	check()
}

func TestFresh(t *testing.T) {
	source := Stat{Size: 1, Mtime: 5e9 + 1, Ctime: 6e9 + 1}
	side := Stat{Size: 2}
	e := Entry{Source: source, Sidecar: side, Read: source.Ctime + int64(time.Second)}
	if !e.Fresh(source, side) {
		t.Error("an unchanged file is not fresh")
	}
	changed := source
	changed.Ctime++
	if e.Fresh(changed, side) || e.Fresh(source, Stat{}) {
		t.Error("a changed file is fresh")
	}
	e.Read = source.Ctime + int64(time.Millisecond)
	if e.Fresh(source, side) {
		t.Error("a file read in the tick of its last change is trusted")
	}
	coarse := Stat{Size: 1, Mtime: 5e9, Ctime: 5e9}
	e = Entry{Source: coarse, Sidecar: side, Read: coarse.Ctime + int64(time.Second)}
	if e.Fresh(coarse, side) {
		t.Error("a clock of whole seconds is trusted after one")
	}
}

func TestDamagedStoreIsMadeAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte("this is no database, but it is longer than nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Put("/a.pdf", entry(1))
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
}

// A bad disk spoils some bytes, or the end, of a store in use: that costs what it
// knew and neither ends the process nor stops it from working.
func TestSpoiltStoreEndsNothing(t *testing.T) {
	c, path := openTest(t)
	paths := make([]string, 500)
	for i := range paths {
		paths[i] = fmt.Sprintf("/folder/%d.pdf", i)
		c.Put(paths[i], entry(byte(i)))
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := 0
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		data := bytes.Clone(whole)
		for range 1 + r.IntN(20) {
			at := r.IntN(len(data) - 64)
			for i := range 1 + r.IntN(64) {
				data[at+i] = byte(r.Uint32())
			}
		}
		if seed%10 == 0 {
			data = data[:len(data)/4096/2*4096]
		}
		spoilt := filepath.Join(t.TempDir(), "x.db")
		if err := os.WriteFile(spoilt, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			c, err := Open(spoilt)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for i, path := range paths {
				c.Get(path)
				c.SameBytes(entry(byte(i)).SHA, 10)
				c.Put(path, entry(byte(i+1)))
			}
			if err := c.Commit(); err != nil {
				t.Logf("seed %d: %v", seed, err)
			}
			if c.damaged.Load() {
				damaged++
			}
			if err := c.Close(); err != nil {
				t.Logf("seed %d: %v", seed, err)
			}
		}
	}
	if damaged == 0 {
		t.Error("nothing was ever found damaged, so nothing was tried")
	}
	t.Logf("damage was met in %d of 60 openings", damaged)
}

func TestStatOf(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	s := StatOf(info)
	if s.Size != 3 || s.Mtime != info.ModTime().UnixNano() || s.Ctime == 0 {
		t.Errorf("%+v", s)
	}
	if StatOf(nil) != (Stat{}) {
		t.Error("no file has a Stat")
	}
}
