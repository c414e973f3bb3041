package safefile

// What happens to saves that come while a file that was moved aside goes back.

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestUndoingKeepsTheNewestSave(t *testing.T) {
	for _, c := range []struct {
		name string
		// save is done when ours stands under path, again when nothing does.
		save, later func(t *testing.T, path string) *os.File
		want        string
		kept        []string // of what was moved aside
	}{
		{name: "nobody", want: "cut"},
		{name: "saved into ours", want: "mine", kept: []string{"cut"}, save: func(t *testing.T, path string) *os.File {
			writeFile(t, path, "mine")
			return nil
		}},
		{name: "ours open, written to afterwards", want: "mine", kept: []string{"cut"}, save: openToWrite},
		{name: "saved anew amid", want: "mine", kept: []string{"cut"}, later: func(t *testing.T, path string) *os.File {
			writeFile(t, path, "mine")
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.json")
			var kept []string
			var open *os.File
			w := &Writer{Keep: func(_ string, data []byte) error { kept = append(kept, string(data)); return nil }}
			w.at = func(step string) {
				if step == "undoing" && c.later != nil {
					open = c.later(t, path)
				}
			}
			aside := w.besides(path, roleAside, sumOf("ours"))
			writeFile(t, aside, "cut")
			writeFile(t, path, "ours")
			if c.save != nil {
				open = c.save(t, path)
			}
			if err := w.undoAside(path, aside, sumOf("ours"), [][sha256.Size]byte{sumOf("old")}); err != nil {
				t.Fatal(err)
			}
			if open != nil {
				_, err := open.WriteString("mine")
				if err := errors.Join(err, open.Truncate(4), open.Close()); err != nil {
					t.Fatal(err)
				}
			}
			holds(t, path, c.want)
			only(t, filepath.Dir(path), "a.json")
			if !slices.Equal(kept, c.kept) {
				t.Errorf("kept %q, want %q", kept, c.kept)
			}
		})
	}
}

func openToWrite(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestUndoingLeavesWhatIsWritten has the file that was moved aside still open in
// an editor when its name is taken: its bytes are not known yet.
func TestUndoingLeavesWhatIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	var kept []string
	w := &Writer{Keep: func(_ string, data []byte) error { kept = append(kept, string(data)); return nil }}
	aside := w.besides(path, roleAside, sumOf("ours"))
	writeFile(t, aside, "")
	writeFile(t, path, "another's")
	f := openToWrite(t, aside)
	if err := w.putBack(aside, path, nil); !errors.Is(err, ErrBusy) || len(kept) > 0 {
		t.Errorf("%v, kept %q", err, kept)
	}
	_, err := f.WriteString("mine")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if left, err := w.Recover(filepath.Dir(path)); left > 0 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	holds(t, path, "another's")
	if !slices.Equal(kept, []string{"mine"}) {
		t.Errorf("kept %q", kept)
	}
}

// TestRecoverNewestFirst has two saves of one file under temporary names.
func TestRecoverNewestFirst(t *testing.T) {
	for range 8 { // the names are random, and so is their order in the folder
		path := filepath.Join(t.TempDir(), "a.json")
		var kept []string
		w := &Writer{Keep: func(_ string, data []byte) error { kept = append(kept, string(data)); return nil }}
		for i, body := range []string{"", "mine", "older"} {
			name := w.besides(path, roleAside, sumOf("ours"))
			writeFile(t, name, body)
			at := time.Now().Add([]time.Duration{-time.Second, 0, -time.Minute}[i])
			if err := os.Chtimes(name, at, at); err != nil {
				t.Fatal(err)
			}
		}
		if left, err := w.Recover(filepath.Dir(path)); left > 0 || err != nil {
			t.Errorf("%d left, %v", left, err)
		}
		holds(t, path, "mine")
		if !slices.Equal(kept, []string{"", "older"}) {
			t.Errorf("kept %q", kept)
		}
	}
}
