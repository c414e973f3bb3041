package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// moment runs do the first time that a replacement of path comes to step.
type moment struct {
	step string
	do   func(t *testing.T, path string)
}

// replaceWith replaces "old" by "new" while the moments happen. It returns the
// error and what went to the history.
func replaceWith(t *testing.T, path string, w *Writer, moments ...moment) (*kept, error) {
	t.Helper()
	writeFile(t, path, "old")
	k := &kept{}
	w.Keep = k.keep
	if w.Grace == 0 {
		w.Grace = 10 * time.Millisecond
	}
	w.at = func(step string) {
		for i, m := range moments {
			if m.step == step {
				moments = slices.Delete(moments, i, i+1)
				m.do(t, path)
				return
			}
		}
	}
	err := w.Replace(context.Background(), path, read(t, path), []byte("new"))
	w.at = nil
	if len(moments) > 0 {
		t.Errorf("the steps %v never came", moments)
	}
	return k, err
}

func renameSave(body string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		other := filepath.Join(filepath.Dir(filepath.Dir(path)), "editor")
		writeFile(t, other, body)
		if err := os.Rename(other, path); err != nil {
			t.Error(err)
		}
	}
}

func history(t *testing.T, k *kept, want ...string) {
	t.Helper()
	var got []string
	for data := range k.all {
		got = append(got, data)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("history holds %q, want %q", got, want)
	}
}

// folder makes a folder in a folder, so that saves have somewhere to come from.
func folder(t *testing.T) (dir, path string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, "a.json")
}

// TestSavesInTheMiddleOfAnExchange provokes every branch that puts things back.
func TestSavesInTheMiddleOfAnExchange(t *testing.T) {
	for _, c := range []struct {
		name    string
		moments []moment
		err     error
		holds   string
		history []string
	}{
		{name: "before it", moments: []moment{{"exchanging", renameSave("mine")}}, err: ErrChanged, holds: "mine"},
		{name: "after it", moments: []moment{{"exchanged", renameSave("mine")}}, holds: "mine"},
		{name: "while watching", moments: []moment{{"watching", renameSave("mine")}}, holds: "mine"},
		{name: "before it and before it is put back", err: ErrChanged, holds: "mine 2", history: []string{"mine 1"},
			moments: []moment{{"exchanging", renameSave("mine 1")}, {"back", renameSave("mine 2")}}},
		{name: "three", err: ErrChanged, holds: "mine 3", history: []string{"mine 2"}, // mine 1 was replaced by its own author
			moments: []moment{{"exchanging", renameSave("mine 1")}, {"back", renameSave("mine 2")}, {"back", renameSave("mine 3")}}},
		{name: "the same bytes again", moments: []moment{{"exchanging", renameSave("old")}}, err: ErrChanged, holds: "old"},
		{name: "our bytes before we had them", moments: []moment{{"exchanging", renameSave("new")}}, err: ErrChanged, holds: "new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, path := folder(t)
			k, err := replaceWith(t, path, &Writer{}, c.moments...)
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			holds(t, path, c.holds)
			history(t, k, c.history...)
			only(t, dir, "a.json")
		})
	}
}

// lateWriter opens a file for writing as a person's editor does that had looked
// the name up before, and returns when the kernel makes it wait for our lease.
func lateWriter(t *testing.T, wg *sync.WaitGroup, name, body string) {
	wg.Go(func() {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if _, err := f.WriteString(body); err != nil {
			t.Error(err)
		}
	})
	var st unix.Stat_t
	if err := unix.Stat(name, &st); err != nil {
		t.Error(err)
		return
	}
	inode := fmt.Sprintf(":%d ", st.Ino)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		locks, err := os.ReadFile("/proc/locks")
		if err != nil {
			t.Error(err)
			return
		}
		for line := range strings.Lines(string(locks)) {
			if strings.Contains(line, "BREAKING") && strings.Contains(line, inode) {
				return
			}
		}
	}
	t.Error("the writer never waited for the lease")
}

// displaced is the temporary name in path's folder.
func displaced(t *testing.T, path string) string {
	t.Helper()
	names, err := tempsIn(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Fatalf("temporary names %q, %v", names, err)
	}
	return filepath.Join(filepath.Dir(path), names[0])
}

func TestALateWriterGetsItsFileBack(t *testing.T) {
	for _, step := range []string{"exchanged", "watching"} {
		t.Run(step, func(t *testing.T) {
			dir, path := folder(t)
			var wg sync.WaitGroup
			k, err := replaceWith(t, path, &Writer{}, moment{step, func(t *testing.T, path string) {
				lateWriter(t, &wg, displaced(t, path), "late")
			}})
			wg.Wait()
			if !errors.Is(err, ErrChanged) {
				t.Errorf("error %v", err)
			}
			holds(t, path, "late")
			history(t, k)
			only(t, dir, "a.json")
		})
	}
}

func TestAnEditOfTheNewFileIsAnEdit(t *testing.T) {
	dir, path := folder(t)
	var wg sync.WaitGroup
	k, err := replaceWith(t, path, &Writer{}, moment{"watching", func(t *testing.T, path string) {
		lateWriter(t, &wg, path, "edited")
	}})
	wg.Wait()
	if err != nil {
		t.Error(err)
	}
	holds(t, path, "edited")
	history(t, k)
	only(t, dir, "a.json")
}

// A save slips in before the exchange; another writer opens our file in the
// instant in which it has the name. The later one has the file in the end.
func TestAWriterOfOurFileBeforeItIsPutBack(t *testing.T) {
	dir, path := folder(t)
	var wg sync.WaitGroup
	k, err := replaceWith(t, path, &Writer{}, moment{"exchanging", renameSave("mine 1")}, moment{"back", func(t *testing.T, path string) {
		lateWriter(t, &wg, path, "mine 2")
	}})
	wg.Wait()
	if err != nil && !errors.Is(err, ErrChanged) {
		t.Error(err)
	}
	holds(t, path, "mine 2")
	history(t, k, "mine 1")
	only(t, dir, "a.json")
}

// Two people at once: one in the old file, one in the new. Neither is lost.
func TestWritersOfBothFiles(t *testing.T) {
	dir, path := folder(t)
	var wg sync.WaitGroup
	k, err := replaceWith(t, path, &Writer{}, moment{"watching", func(t *testing.T, path string) {
		old := displaced(t, path)
		lateWriter(t, &wg, path, "of the new")
		lateWriter(t, &wg, old, "of the old")
	}})
	wg.Wait()
	data, rerr := os.ReadFile(path)
	if rerr != nil {
		t.Fatal(rerr)
	}
	other := map[string]string{"of the new": "of the old", "of the old": "of the new"}[string(data)]
	if other == "" || !k.all[other] {
		t.Errorf("file holds %q, history %v, error %v", data, k.all, err)
	}
	only(t, dir, "a.json")
}

func TestPathBecomesSomethingElse(t *testing.T) {
	instead := func(make func(path string) error) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			if err := errors.Join(os.Remove(path), make(path)); err != nil {
				t.Error(err)
			}
		}
	}
	for name, make := range map[string]func(path string) error{
		"folder":  func(path string) error { return os.Mkdir(path, 0o755) },
		"symlink": func(path string) error { return os.Symlink("elsewhere", path) },
		"fifo":    func(path string) error { return unix.Mkfifo(path, 0o600) },
		"deleted": func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			dir, path := folder(t)
			k, err := replaceWith(t, path, &Writer{}, moment{"exchanging", instead(make)})
			if !errors.Is(err, ErrChanged) {
				t.Errorf("error %v", err)
			}
			history(t, k)
			if name == "deleted" {
				only(t, dir)
				return
			}
			only(t, dir, "a.json")
			info, err := os.Lstat(path)
			if err != nil || info.Mode().IsRegular() {
				t.Errorf("%v, %v", info, err)
			}
		})
	}
}

func TestDeletedAfterASaveSlippedIn(t *testing.T) {
	dir, path := folder(t)
	k, err := replaceWith(t, path, &Writer{}, moment{"exchanging", renameSave("mine")}, moment{"back", func(t *testing.T, path string) {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}})
	if !errors.Is(err, ErrChanged) {
		t.Error(err)
	}
	history(t, k, "mine")
	only(t, dir)
}

func TestAHistoryThatFailsKeepsTheTemporaryFile(t *testing.T) {
	dir, path := folder(t)
	w := &Writer{}
	full := errors.New("no space left")
	moments := []moment{{"exchanging", renameSave("mine 1")}, {"back", renameSave("mine 2")}, {"disposing", func(*testing.T, string) {
		w.Keep = func(string, []byte) error { return full }
	}}}
	_, err := replaceWith(t, path, w, moments...)
	if !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	holds(t, path, "mine 2")
	if data, err := os.ReadFile(displaced(t, path)); err != nil || string(data) != "mine 1" {
		t.Errorf("the temporary file holds %q, %v", data, err)
	}
	k := &kept{}
	w.Keep = k.keep
	// The next replacement in this folder takes it up.
	if err := w.Replace(context.Background(), path, read(t, path), []byte("new")); err != nil {
		t.Fatal(err)
	}
	history(t, k, "mine 1")
	holds(t, path, "new")
	only(t, dir, "a.json")
}

// Killed while one save was being put back and a newer one came: the newer one
// is under the temporary name, and belongs into the file.
func TestRecoverKnowsTheNewerOfTwoSaves(t *testing.T) {
	for _, newer := range []bool{true, false} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.json")
		tmp := filepath.Join(dir, newTempName(roleExchanged, machineTag(), sumOf("new"), "a.json", maxName).String())
		writeFile(t, path, "mine 0")
		writeFile(t, tmp, "mine 1")
		age := time.Now().Add(-time.Hour)
		if newer {
			age = time.Now().Add(time.Hour)
		}
		if err := errors.Join(os.Chtimes(tmp, age, age), exchange(tmp, path), exchange(tmp, path)); err != nil {
			t.Fatal(err)
		}
		k := &kept{}
		if left, err := (&Writer{Keep: k.keep, Grace: time.Millisecond}).Recover(dir); left != 0 || err != nil {
			t.Errorf("%d left, %v", left, err)
		}
		if newer {
			holds(t, path, "mine 1")
			history(t, k, "mine 0")
		} else {
			holds(t, path, "mine 0")
			history(t, k, "mine 1")
		}
		only(t, dir, "a.json")
	}
}
