package cache

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestReadOnlyChangesNothing(t *testing.T) {
	c, path := openTest(t)
	c.Put("/a.pdf", entry(1))
	c.Put("/b.pdf", entry(1))
	if err := c.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(path); err == nil {
		t.Fatal("a store that another has open could be opened")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(path)
	r, err := OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := r.Get("/a.pdf"); !ok || !reflect.DeepEqual(got, entry(1)) {
		t.Errorf("Get = %+v, %v", got, ok)
	}
	if got := r.SameBytes(entry(1).SHA, 10); len(got) != 2 {
		t.Errorf("SameBytes = %q", got)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	now, _ := os.Stat(path)
	if err != nil || !bytes.Equal(before, after) || !now.ModTime().Equal(info.ModTime()) {
		t.Errorf("the file changed: %v", err)
	}
}

func TestReadOnlyRefusesWhatIsNone(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenReadOnly(filepath.Join(dir, "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of none: %v", err)
	}
	for name, data := range map[string]string{"empty.db": "", "text.db": "not a store\n", "zeros.db": string(make([]byte, 1<<16))} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := OpenReadOnly(path); err == nil {
			c.Close()
			t.Errorf("%s was opened", name)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != data {
			t.Errorf("%s was changed: %v", name, err)
		}
	}
	if all, _ := os.ReadDir(dir); len(all) != 3 {
		t.Errorf("files were made: %v", all)
	}
}
