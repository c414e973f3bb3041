package install

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever was written is taken back to the byte and the mode, and folders that
// were made for it go, unless somebody has put something there meanwhile.
func TestUndo(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old")
	if err := os.WriteFile(old, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(old, link); err != nil {
		t.Fatal(err)
	}
	var u undo
	for _, tt := range []struct {
		path, text string
		changed    bool
	}{
		{old, "mine", false}, {old, "theirs", true}, {link, "through the link", true},
		{filepath.Join(dir, "a", "b", "new"), "x", true}, {filepath.Join(dir, "c", "new"), "x", true},
	} {
		changed, err := u.write(tt.path, []byte(tt.text), 0o644)
		if err != nil || changed != tt.changed {
			t.Fatalf("write %s: %v, %v", tt.path, changed, err)
		}
		if data, err := os.ReadFile(tt.path); err != nil || string(data) != tt.text {
			t.Fatalf("%s holds %q, %v", tt.path, data, err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became a file: %v", err)
	}
	if info, err := os.Stat(old); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the rewritten file: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "c", "other"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := u.all(); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(old); err != nil || string(data) != "mine" {
		t.Errorf("taken back to %q, %v", data, err)
	}
	for name, want := range map[string]bool{"a": false, "c": true, "c/new": false, "c/other": true} {
		if exists(filepath.Join(dir, name)) != want {
			t.Errorf("%s: there is %v, want %v", name, !want, want)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".qacorpus-*")); err != nil || left != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestUndoGoesOnPastErrorsInReverse(t *testing.T) {
	var u undo
	var order strings.Builder
	for _, name := range []string{"1", "2", "3"} {
		u.add(func() error { order.WriteString(name); return errors.New("error " + name) })
	}
	if err := u.all(); err == nil || err.Error() != "error 3\nerror 2\nerror 1" || order.String() != "321" {
		t.Errorf("order %s, error %v", order.String(), err)
	}
}
