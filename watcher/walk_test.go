package watcher

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestWalkOrderAndFolding(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"b.pdf", "b.pdf.md", "a.pdf", "only.pdf.md", "B.pdf", ".hidden.pdf", "note.txt", "z/1.pdf", "c/2.pdf", "c/d/3.pdf", ".git/4.pdf", "a\nb.pdf"} {
		write(t, filepath.Join(root, filepath.FromSlash(name)), marker)
	}
	must(t, os.Symlink("a.pdf", filepath.Join(root, "link.pdf")))
	must(t, os.Symlink("c", filepath.Join(root, "linked folder")))
	var got []string
	must(t, Walk(t.Context(), root, testOptions(), func(path string) error {
		rel, err := filepath.Rel(root, path)
		got = append(got, filepath.ToSlash(rel))
		return err
	}))
	want := []string{"B.pdf", "a\nb.pdf", "a.pdf", "b.pdf", "link.pdf", "only.pdf", "c/2.pdf", "c/d/3.pdf", "z/1.pdf"}
	if !slices.Equal(got, want) {
		t.Errorf("visited %q\nwant    %q", got, want)
	}
}

func TestWalkErrors(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a.pdf"), marker)
	stop := errors.New("stop")
	if err := Walk(t.Context(), root, testOptions(), func(string) error { return stop }); err != stop {
		t.Errorf("an error of visit came back as %v", err)
	}
	if err := Walk(t.Context(), filepath.Join(root, "none"), testOptions(), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing root gave %v", err)
	}
	if err := Walk(t.Context(), filepath.Join(root, "a.pdf"), testOptions(), nil); err == nil {
		t.Error("a file as root gave no error")
	}
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(root, link))
	n := 0
	must(t, Walk(t.Context(), link, testOptions(), func(string) error { n++; return nil }))
	if n != 1 {
		t.Errorf("a linked root gave %d sources", n)
	}
}

// TestWalkReadsBigFolders has more names than one read of a folder returns.
func TestWalkReadsBigFolders(t *testing.T) {
	root := t.TempDir()
	for i := range 3000 {
		write(t, filepath.Join(root, string(rune('a'+i%26))+filepath.Base(root)+string(rune(0x4e00+i))+".pdf"), "")
	}
	n := 0
	must(t, Walk(t.Context(), root, testOptions(), func(string) error { n++; return nil }))
	if n != 3000 {
		t.Errorf("visited %d of 3000", n)
	}
}
