package watcher

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// still is a tree without goroutines and events: only looks tell it anything.
type still struct {
	t    *testing.T
	tree *tree
	l    *looker
	top  *folder
	got  []string // delivered at once
}

func newStill(t *testing.T) *still {
	s := &still{t: t}
	root := t.TempDir()
	o, err := testOptions(root).withDefaults()
	must(t, err)
	s.tree = newTree(o, func(path string) { s.got = append(s.got, path) })
	t.Cleanup(func() { s.tree.notify.Close() })
	s.tree.spawn = func(func(context.Context) error) {}
	s.tree.checkRoot(s.tree.roots[0])
	s.l, s.top = &looker{tree: s.tree}, s.tree.roots[0].top
	return s
}

// look looks at the root and below, and returns the names of the sources that differed, sorted.
func (s *still) look() (names []string) {
	s.t.Helper()
	for stack := []*folder{s.top}; len(stack) > 0; {
		f := stack[0]
		stack = append(stack[1:], s.l.look(f)...)
	}
	for path := range s.tree.desk.settler.entries {
		s.got = append(s.got, path)
	}
	for _, path := range s.got {
		name, err := filepath.Rel(s.top.path, path)
		must(s.t, err)
		names = append(names, name)
	}
	slices.Sort(names)
	s.got = nil
	s.tree.desk.drop(s.top.path)
	return names
}

func (s *still) want(names ...string) {
	s.t.Helper()
	if got := s.look(); !slices.Equal(got, names) {
		s.t.Errorf("differ %q, want %q", got, names)
	}
}

func (s *still) path(name string) string { return filepath.Join(s.top.path, name) }

// age makes a file look as if it was last changed an hour ago, as far as a program can.
func age(t *testing.T, path string) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(path, old, old))
}

func TestLookFindsWhatNoEventTold(t *testing.T) {
	s := newStill(t)
	for _, name := range []string{"a.pdf", "a.pdf.md", "b.pdf", "b.pdf.md", "c.pdf", "sub/d.pdf"} {
		write(t, s.path(name), marker)
	}
	s.want("a.pdf", "b.pdf", "c.pdf", "sub/d.pdf")
	s.want("a.pdf", "b.pdf") // their sidecars are as young as the first look, so they may have changed since
	s.want()

	write(t, s.path("a.pdf.md"), "changed")
	must(t, os.Remove(s.path("c.pdf")))
	write(t, s.path("new.pdf"), marker)
	s.want("a.pdf", "c.pdf", "new.pdf")
	must(t, os.Remove(s.path("b.pdf.md")))
	age(t, s.path("a.pdf"))
	s.want("a.pdf", "b.pdf")
	must(t, os.RemoveAll(s.path("sub")))
	s.want("sub/d.pdf")
	s.want()
}

// TestFirstLookIsMadeGoodByTheSecond: the first look knows the sidecars by name only.
func TestFirstLookIsMadeGoodByTheSecond(t *testing.T) {
	s := newStill(t)
	for _, name := range []string{"a.pdf", "a.pdf.md", "b.pdf", "b.pdf.md", "c.pdf", "d.pdf", "d.pdf.md"} {
		write(t, s.path(name), marker)
	}
	s.want("a.pdf", "b.pdf", "c.pdf", "d.pdf")
	// As if the first look were long after the files were written.
	s.top.sparseAt = time.Now().Add(time.Hour).UnixNano()
	must(t, os.Remove(s.path("b.pdf.md")))
	write(t, s.path("c.pdf.md"), "new")
	later := time.Now().Add(2 * time.Hour)
	must(t, os.Chtimes(s.path("d.pdf.md"), later, later))
	s.want("b.pdf", "c.pdf", "d.pdf")
	s.want()
}

func TestNamesWithEventsAreNotForgotten(t *testing.T) {
	s := newStill(t)
	must(t, os.Mkdir(s.path("sub"), 0o755))
	s.want()
	if !s.tree.note(s.path("sub/came.pdf")) || s.tree.note(s.path("other/x.pdf")) {
		t.Fatal("note mistakes which folders are known")
	}
	must(t, os.RemoveAll(s.path("sub")))
	s.want("sub/came.pdf")
}
