package watcher

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestFolderComesAndGoesUnseen: whoever is told that a source is gone looks a moment later and finds another folder's file at
// its path. That folder is gone again before the watcher looks into it, and the source must be told of once more.
func TestFolderComesAndGoesUnseen(t *testing.T) {
	root, out := t.TempDir(), t.TempDir()
	there, away := filepath.Join(root, "a"), filepath.Join(out, "a")
	path := filepath.Join(there, "sub", "x.pdf")
	write(t, path, marker)
	r, deliver := newRecorder(), (func(string))(nil)
	gone := 0
	deliver = func(p string) {
		if _, err := os.Lstat(p); err == nil || p != path {
			r.deliver(p)
			return
		}
		if gone++; gone > 3 {
			r.deliver(p)
			return
		}
		must(t, os.Rename(away, there))
		r.deliver(p)
		must(t, os.Rename(there, away))
	}
	startWith(t, testOptions(root), deliver)
	r.awaitContent(t, path, marker)
	must(t, os.Rename(there, away))
	r.awaitGone(t, path)
}

// TestForgottenWhileDelivering: a folder is renamed while what a look found in it is being delivered, and the receiver
// finds a file of the next folder at that path.
func TestForgottenWhileDelivering(t *testing.T) {
	s := newStill(t)
	out := t.TempDir()
	there := filepath.Join(s.top.path, "a")
	path := filepath.Join(there, "x.pdf")
	old := time.Now().Add(-time.Hour)
	write(t, path, marker)
	must(t, os.Chtimes(path, old, old))
	s.look()
	f := s.tree.find(there)
	s.tree.mu.Lock()
	f.shot = snapshot{} // so that the next look finds x.pdf to be new
	s.tree.mu.Unlock()
	s.tree.opt.Quiet = -time.Hour // and settled, though its inode was changed just now
	looked := 0
	s.tree.deliver = func(string) {
		looked++
		must(t, os.Rename(there, filepath.Join(out, "a")))
		s.tree.moved(there, false)
		s.tree.desk.drop(s.top.path) // an asker was quick, and has told of it already
	}
	s.l.look(f)
	if looked != 1 || !s.tree.desk.waiting(path) {
		t.Errorf("delivered %d times; touched afterwards: %v", looked, s.tree.desk.waiting(path))
	}
}
