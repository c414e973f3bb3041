package watcher

// Roots and the mounts inside them come and go: a stick is pulled, a sync client stops, a share is mounted again. What lay
// there is then out of sight, not deleted.

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
)

// root is one of Options.Roots.
type root struct {
	path  string
	check chan struct{} // holds a token when the root should be checked at once; never closed

	// Guarded by tree.mu.
	top      *folder  // nil while the root is away
	id       identity // of top, or of the last one there was
	mountTop bool     // something was mounted at the root itself
	missing  bool     // it was said that the root is away
}

// guard is a place whose loss says nothing about the files below it: a root, or a mount inside one.
type guard struct {
	path string
	id   identity
	lost bool
}

// tend checks r at once, then every round and whenever it is asked to, until ctx ends. Each root has a goroutine for
// it, because a mount may hang.
func (t *tree) tend(ctx context.Context, r *root) error {
	tick := time.NewTicker(round)
	defer tick.Stop()
	for {
		t.checkRoot(r)
		select {
		case <-ctx.Done():
			return nil
		case <-r.check:
		case <-tick.C:
		}
	}
}

// checkAgain asks for a check of all roots at once.
func (t *tree) checkAgain() {
	for _, r := range t.roots {
		select {
		case r.check <- struct{}{}:
		default:
		}
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
	t.mu.Lock()
	back := r.missing
	r.top, r.id, r.mountTop, r.missing = top, id, mountTop, false
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
	t.forgetLocked(r.top, nil)
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

// checkMounts looks at the places where something was mounted or unmounted, and at folders that lost their watch by it.
func (t *tree) checkMounts(points []string) {
	t.pruneMounts()
	t.checkAgain()
	t.raiseYoung(t.recount()...)
	for _, g := range *t.guards.Load() {
		points = append(points, g.path)
	}
	for _, p := range points {
		if f := t.find(p); f != nil && f.parent != nil {
			t.raiseYoung(f)
		}
	}
}

// pruneMounts drops the mounts that no folder lies on.
func (t *tree) pruneMounts() {
	t.mu.Lock()
	defer t.mu.Unlock()
	used := map[*mount]bool{}
	for _, f := range t.all {
		used[f.mount] = true
	}
	for number, m := range t.mounts {
		if !used[m] {
			delete(t.mounts, number)
		}
	}
}

// setGuards publishes the places that trusts checks. The caller holds mu.
func (t *tree) setGuards() {
	all := []guard{}
	for _, r := range t.roots {
		all = append(all, guard{path: r.path, id: r.id, lost: r.top == nil})
	}
	for f := range t.tops {
		all = append(all, guard{path: f.path, id: f.id})
	}
	t.guards.Store(&all)
}

// setTop notes whether f, whose identity was just set, and its sub-folders are tops of mounts inside a root. A folder may be
// looked at before its parent, and is none until both are known. The caller holds mu.
func (t *tree) setTop(f *folder) {
	for _, kid := range f.kids {
		if kid.id != (identity{}) {
			t.setTopOnly(kid)
		}
	}
	t.setTopOnly(f)
}

func (t *tree) setTopOnly(f *folder) {
	_, was := t.tops[f]
	is := f.parent != nil && f.parent.id != (identity{}) && f.id.mount != f.parent.id.mount
	if !was && !is {
		return
	}
	delete(t.tops, f)
	if is {
		t.tops[f] = struct{}{}
	}
	t.setGuards()
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

// trusts tells whether the absence of path means that the file is gone: its root, and the mount it lies on, are the same as
// ever, and nothing was mounted over a folder in between.
func (t *tree) trusts(path string) bool {
	all := t.guards.Load()
	if all == nil {
		return false
	}
	var best *guard
	for i := range *all {
		g := &(*all)[i]
		if under(path, g.path) && (best == nil || len(g.path) > len(best.path)) {
			best = g
		}
	}
	if best == nil || best.lost {
		return false
	}
	if id, err := identify(best.path); err != nil || id != best.id {
		return false
	}
	for dir := filepath.Dir(path); under(dir, best.path); dir = filepath.Dir(dir) {
		if id, err := identify(dir); err == nil {
			return id.mount == best.id.mount
		}
	}
	return false
}
