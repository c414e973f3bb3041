package safefile

import (
	"context"
	"errors"
	"os"
	"testing"
)

func TestBusyFilesAreLeftAlone(t *testing.T) {
	dir, path := folder(t)
	writeFile(t, path, "old")
	v := read(t, path)
	for _, flags := range []int{os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND} {
		f, err := os.OpenFile(path, flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		if busy, err := Writing(path); err != nil || !busy {
			t.Errorf("writing: %v, %v", busy, err)
		}
		w := &Writer{}
		if err := w.Replace(context.Background(), path, v, []byte("new")); !errors.Is(err, ErrBusy) {
			t.Errorf("replace: %v", err)
		}
		if err := w.Remove(path, v); !errors.Is(err, ErrBusy) {
			t.Errorf("remove: %v", err)
		}
		f.Close()
	}
	if busy, err := Writing(path); err != nil || busy {
		t.Errorf("writing: %v, %v", busy, err)
	}
	if !openElsewhereSees(t, path) {
		t.Error("the look through /proc does not see a writer")
	}
	holds(t, path, "old")
	only(t, dir, "a.json")
}

// openElsewhereSees opens path for writing, and then only for reading, and asks
// the fallback.
func openElsewhereSees(t *testing.T, path string) bool {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if openElsewhere(path, info) {
		t.Error("a reader counts as a writer")
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return openElsewhere(path, info)
}

func TestCancelledContextReplacesNothing(t *testing.T) {
	dir, path := folder(t)
	writeFile(t, path, "old")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := new(Writer).Replace(ctx, path, read(t, path), []byte("new")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	holds(t, path, "old")
	only(t, dir, "a.json")
}
