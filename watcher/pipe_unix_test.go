//go:build unix

package watcher

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestPipesAreDelivered: a pipe in a source's place is told of as one that appears later is, and so is its going, and the coming
// of one in a sidecar's place.
func TestPipesAreDelivered(t *testing.T) {
	s := newStill(t)
	pipe := func(name string) { must(t, unix.Mkfifo(s.path(name), 0o600)) }
	pipe("a.pdf")
	pipe("note.txt")
	write(t, s.path("b.pdf"), marker)
	s.want("a.pdf", "b.pdf")
	s.want()
	pipe("b.pdf.md")
	s.want("b.pdf")
	must(t, os.Remove(s.path("a.pdf")))
	s.want("a.pdf")
	write(t, s.path("a.pdf"), marker)
	must(t, os.Remove(s.path("b.pdf.md")))
	s.want("a.pdf", "b.pdf")
	s.want()
}

func TestWalkForKnownVisitsPipes(t *testing.T) {
	s := newStill(t)
	must(t, unix.Mkfifo(s.path("a.pdf"), 0o600))
	must(t, os.Mkdir(s.path("folder.pdf"), 0o755))
	o, n := testOptions(), 0
	o.Known = func(seen []Sight) { n += len(seen) }
	must(t, Walk(t.Context(), s.top.path, o, func(path string) error {
		if path != s.path("a.pdf") {
			t.Errorf("visited %q", path)
		}
		n += 10
		return nil
	}))
	if n != 11 {
		t.Errorf("asked about and visited %d, want 1 and 10", n)
	}
}
