//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"qacorpus/install/config"
	"qacorpus/sidecar"
	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/safefile"
	"qacorpus/watcher"
)

// quickReader finds the same in every PDF.
type quickReader struct{}

func (quickReader) Extract(context.Context, *os.File, int, []string) (preview.Preview, error) {
	return preview.Preview{Status: preview.OK, Pages: 1, First: 1, Texts: []string{"text"}}, nil
}

// knownEngine is an engine over one folder, without workers.
func knownEngine(t *testing.T, root string) *engine {
	c, err := cache.Open(filepath.Join(t.TempDir(), "cache"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	log := slog.New(slog.DiscardHandler)
	e := &engine{config: &config.Config{Folders: []config.Folder{{Path: root}}}, log: log, caches: map[string]*cache.Cache{root: c},
		leftovers: map[string]bool{}, worked: make(chan struct{}, 1), once: newOncePerCause(log), corpus: corpus.New(corpus.Options{})}
	e.queue = newQueue(e.look)
	w := &safefile.Writer{Always: true}
	e.rec = &sidecar.Reconciler{Extractor: quickReader{}, Sidecars: w, Files: w, Always: w, Settings: e.settings,
		Cache: func(string) *cache.Cache { return c }, Conflicts: e.conflictsOf}
	e.versions = map[string]uint64{root: e.settings(root).Version()}
	return e
}

// disturb changes one paper or its preview in one of the ways that may matter.
func disturb(t *testing.T, r *rand.Rand, dir string, n int) {
	pdf, side := filepath.Join(dir, fmt.Sprintf("p%d.pdf", n)), filepath.Join(dir, fmt.Sprintf("p%d.preview.md", n))
	other := filepath.Join(dir, fmt.Sprintf("p%d.pdf", r.IntN(papersOfTest)))
	target := []string{pdf, side}[r.IntN(2)]
	var err error
	switch r.IntN(15) {
	case 0:
		err = os.WriteFile(target, fmt.Appendf(nil, "other bytes %d", r.IntN(1000)), 0o644)
	case 1: // of the same length
		if data, rerr := os.ReadFile(target); rerr == nil && len(data) > 0 {
			data[r.IntN(len(data))] ^= 1
			err = os.WriteFile(target, data, 0o644)
		}
	case 2:
		err = os.RemoveAll(target)
	case 3:
		err = os.RemoveAll(target)
		if err == nil {
			err = os.Symlink(other, target)
		}
	case 4:
		err = os.RemoveAll(target)
		if err == nil {
			err = os.Mkdir(target, 0o755)
		}
	case 5:
		_ = os.Rename(other, pdf)
	case 6:
		_ = os.Chtimes(target, time.Now(), time.Unix(int64(r.IntN(1e9)), 0))
	case 7: // other bytes with the old time stamp
		if info, serr := os.Stat(target); serr == nil {
			_ = os.WriteFile(target, make([]byte, info.Size()), 0o644)
			_ = os.Chtimes(target, time.Now(), info.ModTime())
		}
	case 8:
		_ = os.Chmod(target, 0o600)
	case 9:
		_ = os.Remove(pdf)
		_ = os.Link(other, pdf)
	case 11, 12, 13:
		err = errors.Join(os.RemoveAll(pdf), os.RemoveAll(side), os.RemoveAll(filepath.Join(dir, fmt.Sprintf("p%d.PDF.preview.md", n))))
		if err == nil {
			err = os.WriteFile(pdf, fmt.Appendf(nil, "paper %d", r.IntN(4)), 0o644)
		}
	case 10: // every way to write a sidecar's name
		_ = os.Rename(side, filepath.Join(dir, fmt.Sprintf("p%d.PDF.preview.md", n)))
	case 14: // a sync client puts it aside
		_ = os.Rename(side, side+".conflict1")
	}
	_ = err // a folder is in the way, for one: that is a state, too
}

const papersOfTest = 12

// What the quick way skips is what Reconcile finds nothing to do about, and with the same outcome.
func TestKnownIsWhatReconcileFindsUnchanged(t *testing.T) {
	root := t.TempDir()
	e := knownEngine(t, root)
	for n := range papersOfTest {
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("p%d.pdf", n)), fmt.Appendf(nil, "paper %d", n/2), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	walks := e.walks()
	walks.Known = e.known
	r := rand.New(rand.NewPCG(1, 2))
	skipped := 0
	for round := range 300 {
		told := map[string]sidecar.Outcome{}
		e.done = func(path string, out sidecar.Outcome, _ error, _ time.Duration) { told[path] = out }
		visited := map[string]bool{}
		err := watcher.Walk(t.Context(), root, walks, func(path string) error { visited[path] = true; return nil })
		if err != nil {
			t.Fatal(err)
		}
		skipped += len(told)
		e.rec.DryRun = true
		for path, want := range told {
			if visited[path] {
				t.Errorf("round %d: %s is both skipped and visited", round, path)
			}
			out, err := e.rec.Reconcile(t.Context(), path)
			if err != nil || len(out.Changes) > 0 || out.Again > 0 || out.Note != "" || out.Status != want.Status || out.SHA256 != want.SHA256 {
				t.Fatalf("round %d: %s was skipped with %+v, and Reconcile finds %+v, %v", round, path, want, out, err)
			}
		}
		e.rec.DryRun = false
		inStep(t, e, walks, root)
		for range 1 + r.IntN(4) {
			disturb(t, r, root, r.IntN(papersOfTest))
		}
		if round%50 == 49 { // other options: nothing is known any more
			e.config.Folders[0].Preview.Pages++
			e.versions[root] = e.settings(root).Version()
		}
	}
	if skipped < 300 {
		t.Errorf("only %d papers were skipped in all rounds", skipped)
	}
}

// inStep reconciles what the quick way leaves, until that is nothing or what stays as it is.
func inStep(t *testing.T, e *engine, walks watcher.Options, root string) {
	for range 2 {
		err := watcher.Walk(t.Context(), root, walks, func(path string) error {
			_, _ = e.rec.Reconcile(t.Context(), path) // a link that leads to itself cannot be had in step
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A start over an unchanged folder gives the queue nothing to do, once the clock of the file system has moved on.
func TestKnownSkipsAllThatIsUnchanged(t *testing.T) {
	root := t.TempDir()
	e := knownEngine(t, root)
	for _, name := range []string{"a.pdf", "b.PDF", "c.pdf.pdf", "sub folder.pdf"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte("paper "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	walks := e.walks()
	walks.Known = e.known
	for left := -1; left != 0; {
		if t.Context().Err() != nil {
			t.Fatal("never skipped")
		}
		left = 0
		err := watcher.Walk(t.Context(), root, walks, func(path string) error {
			left++
			_, err := e.rec.Reconcile(t.Context(), path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := e.caches[root].Commit(); err != nil {
		t.Fatal(err)
	}
	err := watcher.Walk(t.Context(), root, walks, func(path string) error {
		t.Errorf("%s is not known once the cache is committed", path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
