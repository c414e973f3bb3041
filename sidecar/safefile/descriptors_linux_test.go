package safefile

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestNoDescriptorsLeftInTheMiddle(t *testing.T) {
	for _, slipped := range []bool{false, true} {
		dir, path := folder(t)
		var old unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
			t.Fatal(err)
		}
		moments := []moment{{"exchanging", func(t *testing.T, path string) {
			if slipped {
				renameSave("mine")(t, path)
			}
			none := unix.Rlimit{Cur: 0, Max: old.Max}
			if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
				t.Error(err)
			}
		}}}
		w := &Writer{}
		_, err := replaceWith(t, path, w, moments...)
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
			t.Fatal(err)
		}
		if slipped {
			holds(t, path, "mine")
		} else if data, _ := os.ReadFile(path); !bytes.Equal(data, []byte("new")) && !bytes.Equal(data, []byte("old")) {
			t.Errorf("file holds %q", data)
		}
		k := &kept{all: map[string]bool{"old": true}}
		w.Known, w.Keep = k.known, k.keep
		if left, rerr := w.Recover(dir); left != 0 || rerr != nil {
			t.Errorf("after %v: %d left, %v", err, left, rerr)
		}
		only(t, dir, "a.json")
	}
}

// Two saves slip in, and at the first the process cannot look at what came out.
// What it put back unseen it must know again.
func TestASaveThatCannotBeLookedAt(t *testing.T) {
	dir, path := folder(t)
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	limit := func(n uint64) {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: old.Max}); err != nil {
			t.Error(err)
		}
	}
	k, err := replaceWith(t, path, &Writer{}, moment{"exchanging", func(t *testing.T, path string) {
		renameSave("mine 0")(t, path)
		limit(0)
	}}, moment{"back", func(t *testing.T, path string) {
		limit(old.Cur)
		renameSave("mine 1")(t, path)
	}}, moment{"back", func(t *testing.T, path string) { renameSave("mine 2")(t, path) }})
	limit(old.Cur)
	if !errors.Is(err, ErrChanged) {
		t.Error(err)
	}
	holds(t, path, "mine 2")
	history(t, k, "mine 1")
	only(t, dir, "a.json")
}
