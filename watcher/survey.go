package watcher

// The surveyor looks at everything at the start, after lost events and from time to time, and watches over the roots.

import (
	"context"
	"path/filepath"
	"strings"
	"time"
)

const (
	// round is the time between two checks of the roots, the mounts and the clocks.
	round = 2 * time.Second
	// lookShare bounds the share of a core that regular full looks take to 1/lookShare.
	lookShare = 3500
)

// root is one of Options.Roots.
type root struct {
	path string

	// Guarded by tree.mu.
	top     *folder  // nil while the root is away
	id      identity // of top
	missing bool     // it was said that the root is away
}

// guard is a place whose loss says nothing about the files below it: a root, or a mount inside one.
type guard struct {
	path string
	id   identity
	lost bool
}

// lookAgain asks the surveyor for a full look at once.
func (t *tree) lookAgain(reason string) {
	select {
	case t.again <- reason:
	default:
	}
}

// survey runs until ctx ends.
func (t *tree) survey(ctx context.Context) error {
	l := &looker{tree: t}
	tick := time.NewTicker(round)
	defer tick.Stop()
	t.checkRoots(l)
	nextFull := time.Now().Add(t.opt.Rescan)
	for {
		reason := ""
		select {
		case <-ctx.Done():
			return nil
		case reason = <-t.again:
			t.opt.Log.Debug("looking at everything again", "reason", reason)
		case <-tick.C:
		}
		t.checkRoots(l)
		if reason != "" || time.Now().After(nextFull) {
			start := time.Now()
			t.fullLook(ctx, l)
			took := time.Since(start)
			nextFull = time.Now().Add(max(t.opt.Rescan, lookShare*took))
			t.opt.Log.Debug("looked at everything", "took", took)
		}
	}
}

// fullLook looks at every folder.
func (t *tree) fullLook(ctx context.Context, l *looker) {
	t.mu.Lock()
	t.looks = true
	all := make([]*folder, 0, len(t.folders))
	for _, f := range t.folders {
		all = append(all, f)
	}
	t.mu.Unlock()
	for _, f := range all {
		if ctx.Err() != nil {
			break
		}
		for _, kid := range l.look(f) {
			l.grow(kid)
		}
	}
	t.mu.Lock()
	t.looks = false
	t.mu.Unlock()
}

// checkRoots compares each root with what it was, drops those that went away, and takes up those that are there.
func (t *tree) checkRoots(l *looker) {
	for _, r := range t.roots {
		id, err := identify(r.path)
		t.mu.Lock()
		top, was := r.top, r.id
		t.mu.Unlock()
		switch {
		case top == nil && err == nil:
			t.rootUp(l, r, id)
		case err != nil:
			t.rootDown(r, err)
		case id != was:
			t.opt.Log.Warn("watched folder was replaced; looking at it afresh", "path", r.path)
			t.forget(top)
			t.rootUp(l, r, id)
		}
	}
}

// rootUp takes up a root that is there.
func (t *tree) rootUp(l *looker, r *root, id identity) {
	t.mu.Lock()
	top := &folder{path: r.path, root: r, id: id}
	back := r.missing
	r.top, r.id, r.missing = top, id, false
	t.folders[r.path] = top
	t.mu.Unlock()
	t.setGuards()
	if back {
		t.opt.Log.Warn("watched folder is back", "path", r.path)
	}
	l.grow(top)
}

// rootDown drops a root that went away, touching none of its sources, and says so once.
func (t *tree) rootDown(r *root, err error) {
	t.mu.Lock()
	top, said := r.top, r.missing
	r.top, r.missing = nil, true
	t.mu.Unlock()
	if top != nil {
		t.forget(top)
		t.setGuards()
	}
	if !said {
		t.opt.Log.Warn("watched folder is not there; waiting for it", "path", r.path, "err", err)
	}
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

// setGuards publishes the places that trusts checks.
func (t *tree) setGuards() {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []guard
	for _, r := range t.roots {
		all = append(all, guard{path: r.path, id: r.id, lost: r.top == nil})
	}
	t.guards.Store(&all)
}

// trusts tells whether the absence of path means that the file is gone: its root is the same as ever, and the nearest folder
// that exists above it lies on the same mount.
func (t *tree) trusts(path string) bool {
	var best *guard
	if all := t.guards.Load(); all != nil {
		for i, g := range *all {
			if under(path, g.path) && (best == nil || len(g.path) > len(best.path)) {
				best = &(*all)[i]
			}
		}
	}
	if best == nil || best.lost {
		return false
	}
	if id, err := identify(best.path); err != nil || id != best.id {
		return false
	}
	for dir := filepath.Dir(path); strings.HasPrefix(dir, best.path); dir = filepath.Dir(dir) {
		if id, err := identify(dir); err == nil {
			return id.mount == best.id.mount
		}
	}
	return false
}

func (t *tree) status() Status {
	var s Status
	s.Pending, s.Overdue = t.desk.load()
	t.mu.Lock()
	defer t.mu.Unlock()
	s.Looking = t.looks
	for _, f := range t.folders {
		if f.watched {
			s.Watched++
		}
		if f.polled {
			s.Polled++
		}
	}
	for _, r := range t.roots {
		if r.top == nil {
			s.Missing++
		}
	}
	return s
}
