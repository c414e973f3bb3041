package safefile

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// kept is a history for tests.
type kept struct {
	mu  sync.Mutex
	all map[string]bool // guarded by mu
}

func (k *kept) keep(_ string, data []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = make(map[string]bool)
	}
	k.all[string(data)] = true
	return nil
}

func (k *kept) known(sum [sha256.Size]byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for data := range k.all {
		if sha256.Sum256([]byte(data)) == sum {
			return true
		}
	}
	return false
}

func writeFile(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%q holds %q (%v), want %q", path, got, err, want)
	}
}

func only(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("folder holds %q, want %q", got, want)
	}
}

func read(t *testing.T, path string) Version {
	t.Helper()
	_, v, err := Read(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func kind(t *testing.T, err error, want string) {
	t.Helper()
	var unsafe *UnsafeError
	if !errors.As(err, &unsafe) || unsafe.Kind != want {
		t.Errorf("error %v, want the kind %s", err, want)
	}
}

var oddNames = []string{"a.json", " lead and trail ", "new\nline:%s\"quote'.json", "\xff\xfe.json", strings.Repeat("x", 250) + ".json",
	strings.Repeat("ü", 125) + ".json", strings.Repeat("y", 204), strings.Repeat("z", 205)}

func TestCreateReplaceMoveRemoveWithOddNames(t *testing.T) {
	for _, name := range oddNames {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, w := filepath.Join(dir, name), &Writer{}
			if err := w.Create(path, []byte("one"), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := w.Create(path, []byte("two"), 0o644); !errors.Is(err, fs.ErrExist) {
				t.Errorf("create over: %v", err)
			}
			v := read(t, path)
			if err := w.Replace(context.Background(), path, v, []byte("two")); err != nil {
				t.Fatal(err)
			}
			holds(t, path, "two")
			only(t, dir, name)
			if err := w.Replace(context.Background(), path, v, []byte("three")); !errors.Is(err, ErrChanged) {
				t.Errorf("replace of an old version: %v", err)
			}
			if err := w.Remove(path, v); !errors.Is(err, ErrChanged) {
				t.Errorf("remove of an old version: %v", err)
			}
			other := filepath.Join(dir, "other")
			if err := w.Move(path, other); err != nil {
				t.Fatal(err)
			}
			writeFile(t, path, "mine")
			if err := w.Move(other, path); !errors.Is(err, fs.ErrExist) {
				t.Errorf("move over: %v", err)
			}
			if err := w.Remove(other, read(t, other)); err != nil {
				t.Fatal(err)
			}
			holds(t, path, "mine")
			only(t, dir, name)
		})
	}
}
