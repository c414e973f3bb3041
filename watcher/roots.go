package watcher

// Roots and the mounts inside them come and go: a stick is pulled, a sync client stops, a share is mounted again. What lay
// there is then out of sight, not deleted.

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// root is one of Options.Roots.
type root struct {
	path  string
	check chan struct{} // holds a token when the root should be checked at once; never closed

	// Guarded by tree.mu.
	real     string   // path without symbolic links, as the mount table has it
	top      *folder  // nil while the root is away
	id       identity // of top, or of the last one there was
	mountTop bool     // something was mounted at the root itself
	missing  bool     // it was said that the root is away
}

// tend checks r at once and whenever it is asked to, until ctx ends. Each root has a goroutine for it, because a mount may hang.
func (t *tree) tend(ctx context.Context, r *root) error {
	for {
		t.checkRoot(r)
		select {
		case <-ctx.Done():
			return nil
		case <-r.check:
		}
	}
}

// glance asks for a check of r unless it is plainly what it was. On a mount that may hang, that is for its own goroutine to find.
func (t *tree) glance(r *root) {
	t.mu.Lock()
	id, sure := r.id, r.top != nil && r.top.mount.trusted
	t.mu.Unlock()
	if sure {
		if now, err := identify(r.path); err == nil && now == id {
			return
		}
	}
	r.checkAgain()
}

// checkAgain asks for a check of all roots at once.
func (t *tree) checkAgain() {
	for _, r := range t.roots {
		r.checkAgain()
	}
}

func (r *root) checkAgain() {
	select {
	case r.check <- struct{}{}:
	default:
	}
}

// checkRoot compares a root with what it was, drops it if it went away, and takes it up if it is there.
func (t *tree) checkRoot(r *root) {
	id, err := identify(r.path)
	t.mu.Lock()
	top, was, mounted := r.top, r.id, r.mountTop
	t.mu.Unlock()
	if err == nil && mounted && id.mount != was.mount && !isMountTop(r.path, id) && isEmpty(r.path) {
		err = errUnmounted
	}
	switch {
	case err != nil:
		t.rootDown(r, err)
	case top == nil:
		t.rootUp(r, id)
	case id != was:
		t.opt.Log.Warn("watched folder was replaced; looking at it afresh", "path", r.path)
		t.rootDrop(r)
		t.rootUp(r, id)
	}
}

// rootUp takes up a root that is there.
func (t *tree) rootUp(r *root, id identity) {
	m := t.mountOf(id, r.path)
	top := &folder{path: r.path, id: id, mount: m}
	mountTop := isMountTop(r.path, id)
	real, err := filepath.EvalSymlinks(r.path)
	if err != nil {
		real = r.path // gone again: the next check finds out
	}
	t.mu.Lock()
	back := r.missing
	r.top, r.id, r.real, r.mountTop, r.missing = top, id, real, mountTop, false
	t.all[r.path] = top
	t.setGuards()
	if !m.trusted {
		t.poll(top, becauseMount)
	}
	t.mu.Unlock()
	if back {
		t.opt.Log.Warn("watched folder is back", "path", r.path)
	}
	t.raiseYoung(top)
}

// rootDown drops a root that went away, and says so once.
func (t *tree) rootDown(r *root, err error) {
	t.rootDrop(r)
	t.mu.Lock()
	said := r.missing
	r.missing = true
	t.mu.Unlock()
	if !said {
		t.opt.Log.Warn("watched folder is not there; waiting for it", "path", r.path, "err", err)
	}
}

// rootDrop forgets all of a root, and what waits to settle there: out of sight is not deleted.
func (t *tree) rootDrop(r *root) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.top == nil {
		return
	}
	t.forgetLocked(r.top, true)
	r.top = nil
	t.setGuards()
	t.desk.drop(r.path)
}

// rootAt returns the root whose path is path.
func (t *tree) rootAt(path string) *root {
	for _, r := range t.roots {
		if r.path == path {
			return r
		}
	}
	return nil
}

// isMountTop tells whether something is mounted at path itself, whose folder has this identity.
func isMountTop(path string, id identity) bool {
	up, err := identify(path + string(filepath.Separator) + "..")
	return err == nil && up.mount != id.mount
}

func isEmpty(path string) bool {
	d, err := os.Open(path)
	if err != nil {
		return false
	}
	defer d.Close()
	_, err = d.Readdirnames(1)
	return errors.Is(err, io.EOF)
}

// errUnmounted says that a root is the empty folder left under a mount that went away.
var errUnmounted = errors.New("nothing is mounted there any more")
