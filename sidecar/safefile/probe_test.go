//go:build unix

package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestProbes(t *testing.T) {
	dir := t.TempDir()
	w := new(Writer)
	path, remove, err := w.Drop(dir)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(path) != dir || !isTemp(filepath.Base(path)) {
		t.Errorf("the probe is %q", path)
	}
	if left, err := w.Recover(dir); left != 1 || err != nil {
		t.Errorf("while it is in use Recover says %d, %v", left, err)
	}
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("a daemon removed the probe: %v", err)
	}
	if err := errors.Join(remove(), remove()); err != nil {
		t.Error(err)
	}
	// In an ordinary folder it works, or there is said to be no safe way; never a
	// failure, and nothing is left.
	if err := w.TryReplace(t.Context(), dir); err != nil && !errors.As(err, new(*UnsafeError)) {
		t.Error(err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
	if _, _, err := w.Drop(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("in a folder that is not there: %v", err)
	}
	if err := w.TryReplace(t.Context(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("in a folder that is not there: %v", err)
	}
}

// A probe whose process was killed is swept by the next daemon.
func TestProbeOfADeadProcess(t *testing.T) {
	dir := t.TempDir()
	w := new(Writer)
	path, remove, err := w.Drop(dir)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other")
	if err := errors.Join(os.Link(path, other), remove(), os.Rename(other, path)); err != nil {
		t.Fatal(err)
	}
	if left, err := w.Recover(dir); left != 0 || err != nil {
		t.Errorf("Recover says %d, %v", left, err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}
