package texts

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func id(n int) [32]byte { return sha256.Sum256([]byte(fmt.Sprint(n))) }

func entriesIn(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "texts")
	s := New(dir, "mupdf-1", 1<<20)
	for i, pages := range [][]string{{}, {""}, {"one", "", "three\nlines\x00\xff 多语言"}, make([]string, 1000)} {
		if _, ok := s.Get(id(i)); ok {
			t.Errorf("%d: found before it was put", i)
		}
		if err := s.Put(id(i), pages); err != nil {
			t.Fatal(err)
		}
		// Another process, that is: another store.
		if got, ok := New(dir, "mupdf-1", 1<<20).Get(id(i)); !ok || !slices.Equal(got, pages) {
			t.Errorf("%d: got %q, %v", i, got, ok)
		}
		if _, ok := New(dir, "mupdf-2", 1<<20).Get(id(i)); ok {
			t.Errorf("%d: another reader's text was given", i)
		}
	}
}

// Whatever happens to an entry's bytes, it is missing or as it was.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	s := New(dir, "r", 1<<20)
	pages := []string{"the first page", "the second page, which is a little longer"}
	if err := s.Put(id(0), pages); err != nil {
		t.Fatal(err)
	}
	path := entriesIn(t, dir)[0]
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := s.Get(id(0)); ok && !slices.Equal(got, pages) {
			t.Errorf("%s: got %q", what, got)
		}
	}
	for n := range whole {
		try(fmt.Sprintf("cut to %d bytes", n), whole[:n])
		if _, ok := s.Get(id(0)); ok {
			t.Errorf("cut to %d bytes, it was found", n)
		}
		flipped := slices.Clone(whole)
		flipped[n] ^= 0x40
		try(fmt.Sprintf("byte %d changed", n), flipped)
	}
	try("a folder's worth of zeros", make([]byte, 4096))
	if err := s.Put(id(0), pages); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Get(id(0)); !ok || !slices.Equal(got, pages) {
		t.Errorf("put again: %q, %v", got, ok)
	}
}

func TestLimit(t *testing.T) {
	dir := t.TempDir()
	const limit = 20_000
	s := New(dir, "r", limit)
	r := rand.New(rand.NewPCG(1, 2))
	page := func() string {
		b := make([]byte, 1000)
		for i := range b {
			b[i] = byte(r.UintN(256))
		}
		return string(b)
	}
	old := time.Now().Add(-100 * time.Hour)
	for i := range 60 {
		if err := s.Put(id(i), []string{page()}); err != nil {
			t.Fatal(err)
		}
		// Entries age, but the first is used again and again.
		for j, path := range entriesIn(t, dir) {
			when := old.Add(time.Duration(i)*time.Minute - time.Duration(j)*time.Second)
			if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) < time.Hour {
				if err := os.Chtimes(path, when, when); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, ok := s.Get(id(0)); !ok {
			t.Fatalf("after %d entries the one in use is gone", i+1)
		}
	}
	total := int64(0)
	for _, path := range entriesIn(t, dir) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > limit || total < limit/2 {
		t.Errorf("%d bytes are kept, the limit is %d", total, limit)
	}
	if _, ok := s.Get(id(59)); !ok {
		t.Error("the newest is gone")
	}
}

// What a process left half-written when it died goes, later; what is being
// written now stays.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	s := New(dir, "r", 100)
	if err := s.Put(id(0), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(entriesIn(t, dir)[0])
	for _, name := range []string{".new-old", ".new-now"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(filepath.Join(folder, ".new-old"), old, old); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(id(1), []string{fmt.Sprint(rand.New(rand.NewPCG(1, 1)).Perm(100))}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, ".new-old")); !os.IsNotExist(err) {
		t.Errorf("the old one: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, ".new-now")); err != nil {
		t.Error(err)
	}
}

func TestCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := New(file, "r", 1).Put(id(0), nil); err == nil {
		t.Error("no error where a file is in the way")
	}
}
