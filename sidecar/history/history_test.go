package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "state", "history"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, path, data string) Version {
	t.Helper()
	v, err := s.Put(path, []byte(data), "before normalising")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func list(t *testing.T, s *Store, path string) []string {
	t.Helper()
	all, err := s.List(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range all {
		data, err := s.Get(v.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(data))
	}
	return got
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") || len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestVersionsOfOddNamesComeBack(t *testing.T) {
	s := open(t)
	names := []string{"/a/b.json", "/a/new\nline\t.json", "/a/\xff\xfe.json", "/a/ \"quoted\" %s .json", "/" + strings.Repeat("ü", 2000)}
	for i, name := range names {
		put(t, s, name, "one")
		put(t, s, name, fmt.Sprint("two ", i))
		put(t, s, name, fmt.Sprint("two ", i)) // the same again is no new version
		put(t, s, name, "")
	}
	for i, name := range names {
		equal(t, list(t, s, name), "one", fmt.Sprint("two ", i), "")
		all, _ := s.List(name)
		if all[0].Path != name || all[0].Why != "before normalising" || all[0].Size != 3 || time.Since(all[0].Time) > time.Hour {
			t.Errorf("version %+v", all[0])
		}
	}
	equal(t, list(t, s, "/never/kept.json"))
}

func TestEverythingIsForTheOwnerOnly(t *testing.T) {
	s := open(t)
	put(t, s, "/a.json", "secret")
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestGetRefusesWhatItDoesNotHave(t *testing.T) {
	s := open(t)
	v := put(t, s, "/a.json", "bytes")
	for _, sha := range []string{"", "xyz", "../../etc/passwd", strings.ToUpper(v.SHA256), strings.Repeat("0", 64)} {
		if _, err := s.Get(sha); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get(%q): %v", sha, err)
		}
	}
	if err := os.WriteFile(s.blobPath(v.SHA256), []byte("BYTES"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(v.SHA256); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("damaged bytes: %v", err)
	}
	put(t, s, "/b.json", "bytes") // mends it
	if data, err := s.Get(v.SHA256); err != nil || string(data) != "bytes" {
		t.Errorf("after keeping it again: %q, %v", data, err)
	}
}

func TestHas(t *testing.T) {
	s := open(t)
	put(t, s, "/a.json", "bytes")
	if !s.Has(sha256.Sum256([]byte("bytes"))) || s.Has(sha256.Sum256([]byte("other"))) {
		t.Error("Has is wrong")
	}
}

// A process that ends between a blob and its line has kept nothing: whoever asks
// must keep the bytes again, before Prune sweeps the blob.
func TestHasWantsALine(t *testing.T) {
	s := open(t)
	v := put(t, s, "/b.json", "other")
	v.SHA256, v.Size = hex.EncodeToString(sum("bytes")), 5
	if err := s.writeBlob(v, []byte("bytes")); err != nil {
		t.Fatal(err)
	}
	if s.Has([32]byte(sum("bytes"))) {
		t.Error("a blob that no log names counts as kept")
	}
	put(t, s, "/a.json", "bytes") // the blob says /b.json, the log of /a.json names it
	if !s.Has([32]byte(sum("bytes"))) {
		t.Error("not kept")
	}
}

// A rebuilding that a crash cut short leaves no history that looks whole.
func TestRebuildingBeginsAnew(t *testing.T) {
	s := open(t)
	put(t, s, "/a.json", "one")
	if getMeta(s.blobPath(hex.EncodeToString(sum("one")))) == "" {
		t.Log("no extended attributes here, so nothing can be rebuilt")
		return
	}
	if err := os.Rename(s.path("logs"), s.path("logs.new")); err != nil {
		t.Fatal(err)
	}
	s, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, list(t, s, "/a.json"), "one")
	if _, err := os.Lstat(s.path("logs.new")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("what was cut short is still there")
	}
}

// Somebody removes the state folder under a daemon that goes on.
func TestRemovedWhileInUse(t *testing.T) {
	s := open(t)
	put(t, s, "/a.json", "one")
	if err := os.RemoveAll(filepath.Dir(s.dir)); err != nil {
		t.Fatal(err)
	}
	put(t, s, "/a.json", "two")
	equal(t, list(t, s, "/a.json"), "two")
}

func TestRestoredMarkHoldsUntilTheNextVersion(t *testing.T) {
	s := open(t)
	v := put(t, s, "/a.json", "old")
	put(t, s, "/a.json", "new")
	old, other := sha256.Sum256([]byte("old")), sha256.Sum256([]byte("edited"))
	is := func(sum [32]byte) bool {
		got, err := s.IsRestored("/a.json", sum)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if is(old) {
		t.Error("marked before it was restored")
	}
	if err := s.MarkRestored("/a.json", v.SHA256); err != nil {
		t.Fatal(err)
	}
	if !is(old) || is(other) {
		t.Error("the restored bytes, and only they, are marked")
	}
	equal(t, list(t, s, "/a.json"), "old", "new")
	put(t, s, "/a.json", "edited")
	if is(old) || is(other) {
		t.Error("still marked after an edit was kept")
	}
	if err := s.MarkRestored("/a.json", strings.Repeat("0", 64)); !errors.Is(err, ErrNotFound) {
		t.Errorf("mark of nothing: %v", err)
	}
}

func TestPruneKeepsTheFirstOriginal(t *testing.T) {
	for _, c := range []struct {
		name string
		keep int
		age  time.Duration
		in   time.Duration // from now
		want []string
	}{
		{"number", 3, 0, 0, []string{"0", "7", "8", "9"}},
		{"age", 0, time.Hour, 2 * time.Hour, []string{"0", "9"}},
		{"a clock that jumped", 3, time.Hour, 60 * 365 * 24 * time.Hour, []string{"0", "9"}},
		{"a clock that jumped back", 3, time.Hour, -60 * 365 * 24 * time.Hour, []string{"0", "7", "8", "9"}},
		{"neither", 50, 90 * 24 * time.Hour, 0, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
		{"no limits", 0, 0, 1000 * time.Hour, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			for i := range 10 {
				put(t, s, "/a.json", fmt.Sprint(i))
			}
			put(t, s, "/b.json", "5") // shares bytes with a version that goes
			gone, err := s.Prune(c.keep, c.age, time.Now().Add(c.in))
			if err != nil || gone != 10-len(c.want) {
				t.Fatalf("gone %d, %v", gone, err)
			}
			equal(t, list(t, s, "/a.json"), c.want...)
			equal(t, list(t, s, "/b.json"), "5")
			if left := len(c.want) < 10 && s.Has(sha256.Sum256([]byte("1"))); left {
				t.Error("bytes that nothing names are still there")
			}
			put(t, s, "/a.json", "after")
			equal(t, list(t, s, "/a.json"), append(c.want, "after")...)
		})
	}
}

func TestPruneKeepsTheMarkInForce(t *testing.T) {
	s := open(t)
	v := put(t, s, "/a.json", "old")
	for i := range 5 {
		put(t, s, "/a.json", fmt.Sprint(i))
	}
	if err := s.MarkRestored("/a.json", v.SHA256); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(1, 0, time.Now()); err != nil {
		t.Fatal(err)
	}
	if is, err := s.IsRestored("/a.json", sha256.Sum256([]byte("old"))); err != nil || !is {
		t.Errorf("mark lost: %v, %v", is, err)
	}
}

func TestALineCutShortLosesNothingElse(t *testing.T) {
	s := open(t)
	put(t, s, "/a.json", "one")
	put(t, s, "/a.json", "two")
	name := s.logPath("/a.json")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	second := bytes.IndexByte(whole, '\n') + 1
	for cut := second; cut < len(whole); cut++ {
		if err := os.WriteFile(name, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		put(t, s, "/a.json", "three")
		want := []string{"one", "three"}
		if cut == len(whole)-1 { // only the line's end is missing
			want = []string{"one", "two", "three"}
		}
		equal(t, list(t, s, "/a.json"), want...)
	}
}

func TestLostLogsComeBackFromTheBlobs(t *testing.T) {
	s := open(t)
	put(t, s, "/a.json", "one")
	put(t, s, "/a.json", "two")
	put(t, s, "/b\xff.json", "three")
	if getMeta(s.blobPath(hex.EncodeToString(sum("one")))) == "" {
		t.Log("no extended attributes here: the versions themselves must still be readable")
		if data, err := s.Get(hex.EncodeToString(sum("one"))); err != nil || string(data) != "one" {
			t.Fatalf("%q, %v", data, err)
		}
		return
	}
	if err := os.RemoveAll(s.path("logs")); err != nil {
		t.Fatal(err)
	}
	s, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, list(t, s, "/a.json"), "one", "two")
	equal(t, list(t, s, "/b\xff.json"), "three")
}

func sum(s string) []byte { b := sha256.Sum256([]byte(s)); return b[:] }

func TestManyWritersAndAPruner(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 20 {
				if _, err := s.Put("/shared.json", []byte(fmt.Sprint(w, i)), "race"); err != nil {
					t.Error(err)
				}
				if _, err := s.Put(fmt.Sprint("/own", w), []byte(fmt.Sprint(i)), "race"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 10 {
			if _, err := s.Prune(50, time.Hour, time.Now()); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	for w := range 4 {
		if got := list(t, s, fmt.Sprint("/own", w)); len(got) != 20 {
			t.Errorf("writer %d has %d of 20 versions", w, len(got))
		}
	}
	if n := len(list(t, s, "/shared.json")); n < 50 || n > 80 {
		t.Errorf("%d versions of the shared file", n)
	}
}
