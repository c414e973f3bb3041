package watcher

// Mounts inside the roots come and go, and take files out of sight. Guards tell that from files that are gone.

import (
	"path/filepath"
	"slices"
)

// mountLine is one mount: its point, and all that the system says of it.
type mountLine struct {
	point, text string
}

// guard is a place whose loss says nothing about the files below it: a root, or a mount inside one.
type guard struct {
	path string
	id   identity
	lost bool
}

// checkMounts looks at the places where something was mounted or unmounted, and at folders that lost their watch by it.
// lines is the mount table, before what was relevant of the one before; it returns what is relevant now.
func (t *tree) checkMounts(lines []mountLine, before []string) (now []string) {
	points := t.relevant(&lines)
	for _, line := range lines {
		now = append(now, line.text)
	}
	if slices.Equal(now, before) {
		return now
	}
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
	return now
}

// relevant leaves in lines the mounts that hold a root or lie in one, and returns the points of the latter as the tree spells them.
func (t *tree) relevant(lines *[]mountLine) (points []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*lines = slices.DeleteFunc(*lines, func(line mountLine) bool {
		other := true
		for _, r := range t.roots {
			if r.real == "" {
				continue
			}
			if under(line.point, r.real) {
				points = append(points, filepath.Join(r.path, line.point[len(r.real):]))
			}
			other = other && !under(line.point, r.real) && !under(r.real, line.point)
		}
		return other
	})
	return points
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
