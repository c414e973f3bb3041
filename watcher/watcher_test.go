package watcher

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestWhatExistsAndWhatComes(t *testing.T) {
	root := t.TempDir()
	old := filepath.Join(root, "deep", "er", "old.pdf")
	write(t, old, "1"+marker)
	r := start(t, testOptions(root))
	r.awaitContent(t, old, "1"+marker)

	for _, name := range []string{"new.pdf", "a\nb.pdf", "c:d.pdf", " e .pdf", "100%.pdf", "\xff\xfe.pdf", `"'.pdf`} {
		path := filepath.Join(root, "deep", name)
		write(t, path, "2"+marker)
		r.awaitContent(t, path, "2"+marker)
		write(t, path, "3"+marker)
		r.awaitContent(t, path, "3"+marker)
		must(t, os.Remove(path))
		r.awaitGone(t, path)
	}
}

func TestIncompleteFileIsDeliveredAfterQuiet(t *testing.T) {
	root := t.TempDir()
	r := start(t, testOptions(root))
	path := filepath.Join(root, "cut.pdf")
	write(t, path, "half")
	r.awaitContent(t, path, "half")
}

func TestSidecarPointsToItsSource(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "x.pdf")
	write(t, path, marker)
	write(t, path+".md", "preview")
	r := start(t, testOptions(root))
	r.awaitContent(t, path, marker)
	must(t, os.Remove(path+".md"))
	r.await(t, "second delivery", func(seen map[string]content) bool { return seen[path].times >= 2 })
}

func TestNewFoldersMovedTreesAndRenames(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	r := start(t, testOptions(root))
	write(t, filepath.Join(root, "a", "b", "c", "1.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "a", "b", "c", "1.pdf"), marker)

	write(t, filepath.Join(outside, "tree", "sub", "2.pdf"), marker)
	must(t, os.Rename(filepath.Join(outside, "tree"), filepath.Join(root, "tree")))
	r.awaitContent(t, filepath.Join(root, "tree", "sub", "2.pdf"), marker)

	must(t, os.Rename(filepath.Join(root, "tree"), filepath.Join(root, "a", "moved")))
	r.awaitContent(t, filepath.Join(root, "a", "moved", "sub", "2.pdf"), marker)
	r.awaitGone(t, filepath.Join(root, "tree", "sub", "2.pdf"))
	write(t, filepath.Join(root, "a", "moved", "sub", "3.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "a", "moved", "sub", "3.pdf"), marker)

	must(t, os.Rename(filepath.Join(root, "a"), filepath.Join(outside, "a")))
	r.awaitGone(t, filepath.Join(root, "a", "b", "c", "1.pdf"))
}

func TestRootInsideRoot(t *testing.T) {
	outer := t.TempDir()
	inner := filepath.Join(outer, ".hidden", "inner")
	seen := filepath.Join(outer, "plain")
	must(t, os.MkdirAll(inner, 0o755))
	must(t, os.MkdirAll(seen, 0o755))
	r := start(t, testOptions(outer, inner, seen, outer))
	for _, dir := range []string{outer, inner, seen} {
		path := filepath.Join(dir, "sub", "x.pdf")
		write(t, path, marker)
		r.awaitContent(t, path, marker)
	}
	must(t, os.RemoveAll(filepath.Join(seen, "sub")))
	r.awaitGone(t, filepath.Join(seen, "sub", "x.pdf"))
	must(t, os.RemoveAll(filepath.Join(outer, "sub")))
	r.awaitGone(t, filepath.Join(outer, "sub", "x.pdf"))
}

func TestRootIsALinkWhoseTargetChanges(t *testing.T) {
	top := t.TempDir()
	one, two, root := filepath.Join(top, "one"), filepath.Join(top, "two"), filepath.Join(top, "root")
	write(t, filepath.Join(one, "1.pdf"), marker)
	write(t, filepath.Join(two, "2.pdf"), marker)
	must(t, os.Symlink(one, root))
	r := start(t, testOptions(root))
	r.awaitContent(t, filepath.Join(root, "1.pdf"), marker)
	must(t, os.Symlink(two, root+".new"))
	must(t, os.Rename(root+".new", root))
	r.awaitContent(t, filepath.Join(root, "2.pdf"), marker)
	write(t, filepath.Join(two, "3.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "3.pdf"), marker)
	if c := r.last(filepath.Join(root, "1.pdf")); c.gone {
		t.Error("a file of the old target was delivered as gone")
	}
}

func TestRootIsNotThereYet(t *testing.T) {
	root := filepath.Join(t.TempDir(), "later")
	r := start(t, testOptions(root))
	write(t, filepath.Join(root, "x.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "x.pdf"), marker)
}

func TestPollingSeesAllWithoutEvents(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "a", "x.pdf")
	write(t, path, marker)
	o := testOptions(root)
	o.Poll, o.PollInterval = "always", 10*time.Millisecond
	r := start(t, o)
	r.awaitContent(t, path, marker)
	write(t, path, "2"+marker)
	r.awaitContent(t, path, "2"+marker)
	write(t, filepath.Join(root, "b", "c", "y.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "b", "c", "y.pdf"), marker)
	must(t, os.Rename(filepath.Join(root, "b"), filepath.Join(root, "d")))
	r.awaitContent(t, filepath.Join(root, "d", "c", "y.pdf"), marker)
	r.awaitGone(t, filepath.Join(root, "b", "c", "y.pdf"))
	must(t, os.Remove(path))
	r.awaitGone(t, path)
}

func TestReplacedByDeleteAndCreateIsNeverGone(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "x.pdf")
	write(t, path, marker)
	o := testOptions(root)
	o.DeleteGrace = time.Minute
	r := start(t, o)
	r.awaitContent(t, path, marker)
	must(t, os.Remove(path))
	write(t, path, "2"+marker)
	r.awaitContent(t, path, "2"+marker)
	if c := r.last(path); c.gone {
		t.Error("delivered as gone")
	}
}

func TestWantedOptions(t *testing.T) {
	if err := Run(t.Context(), Options{}, func(string) {}); err == nil {
		t.Error("no error without Key")
	}
	o := testOptions(t.TempDir())
	o.Poll = "sometimes"
	if err := Run(t.Context(), o, func(string) {}); err == nil {
		t.Error("no error for a wrong poll")
	}
}

func TestStatusCountsFolders(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a", "b", "x.pdf"), marker)
	o := testOptions(root, filepath.Join(root, "missing"))
	got := make(chan Status)
	o.Status = func(s Status) {
		select {
		case got <- s:
		default:
		}
	}
	r := start(t, o)
	r.awaitContent(t, filepath.Join(root, "a", "b", "x.pdf"), marker)
	if s := <-got; s.Watched != 3 || s.Polled != 0 || s.Missing != 1 || s.Pending != 0 {
		t.Errorf("status is %+v", s)
	}
}

// TestSlowCopyIsDeliveredWhole writes a file in pieces, far apart but closer than Quiet.
func TestSlowCopyIsDeliveredWhole(t *testing.T) {
	root := t.TempDir()
	o := testOptions(root)
	o.Quiet = 10 * time.Second
	first := make(chan string, 1)
	r := newRecorder()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		err := Run(ctx, o, func(path string) {
			r.deliver(path)
			select {
			case first <- r.last(path).data:
			default:
			}
		})
		if err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	f, err := os.Create(filepath.Join(root, "slow.pdf"))
	must(t, err)
	pace := time.NewTicker(20 * time.Millisecond)
	defer pace.Stop()
	want := ""
	for i := range 20 {
		piece := strings.Repeat("x", i)
		if i == 19 {
			piece = marker
		}
		want += piece
		_, err := f.WriteString(piece)
		must(t, err)
		<-pace.C
	}
	must(t, f.Close())
	if got := <-first; got != want {
		t.Errorf("delivered first with %d bytes of %d", len(got), len(want))
	}
}
