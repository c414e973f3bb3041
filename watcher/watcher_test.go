package watcher

import (
	"os"
	"path/filepath"
	"testing"
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
