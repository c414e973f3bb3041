package watcher

// A look reads a folder, compares it with what was there at the last look, and passes on what differs.

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// looker holds the buffers of one goroutine that looks at folders.
type looker struct {
	tree    *tree
	list    listing
	weighed []weighed
	clock   time.Time // of the present look
	settled []string  // sources whose last change is long ago
	touched []string  // the others
}

// grow looks at f and everything below it that is not known yet.
func (l *looker) grow(f *folder) {
	for stack := []*folder{f}; len(stack) > 0; {
		f := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], l.look(f)...)
	}
}

// look reads f, asking for its events first so that nothing is missed in between, passes on the sources that differ from
// the last look, and returns the sub-folders that are new.
func (l *looker) look(f *folder) []*folder {
	f.looking.Lock()
	defer f.looking.Unlock()
	t := l.tree
	t.mu.Lock()
	err := t.watch(f)
	t.mu.Unlock()
	if err == nil {
		err = l.list.read(f.path, f.parent == nil, true)
	}
	if err != nil {
		l.unread(f, err)
		return nil
	}
	l.clock = time.Now()
	l.settled, l.touched = l.settled[:0], l.touched[:0]
	kids := l.apply(f)
	t.desk.touch(l.touched...)
	for _, path := range l.settled {
		if t.desk.waiting(path) {
			t.desk.touch(path)
		} else {
			t.deliver(path)
		}
	}
	return kids
}

// unread deals with a folder that could not be read.
func (l *looker) unread(f *folder, err error) {
	t := l.tree
	if errors.Is(err, fs.ErrNotExist) || isNotFolder(err) {
		if f.parent != nil {
			t.desk.touch(t.forget(f)...)
		}
		return
	}
	t.mu.Lock()
	first := !f.unread && !f.dead
	f.unread = true
	t.mu.Unlock()
	if first {
		t.opt.Log.Warn("can't read folder; trying again from time to time", "path", f.path, "err", err)
	}
}

// apply compares the listing with f's snapshot, puts it in its place, and adjusts the sub-folders.
func (l *looker) apply(f *folder) (fresh []*folder) {
	t := l.tree
	l.weighed = l.weighed[:0]
	var folders []string
	changes := map[string]stamp{} // stamps of the sources themselves, by name
	skip := len(strings.TrimSuffix(f.path, string(filepath.Separator))) + 1
	for i := range l.list.items {
		it := &l.list.items[i]
		switch it.kind {
		case kindFolder:
			if !t.opt.SkipDir(it.path) && t.rootAt(it.path) == nil {
				folders = append(folders, it.path)
			}
		case kindFile, kindLink:
			source, ok := t.opt.Key(it.path)
			if !ok || len(source) <= skip {
				continue
			}
			l.weighed = append(l.weighed, weighed{source[skip:], weigh(it.path[skip:], it.stamp)})
			if source == it.path && it.known {
				changes[source[skip:]] = it.stamp
			}
		}
	}
	now := pack(l.weighed)
	clear(l.weighed)
	t.mu.Lock()
	if f.dead {
		t.mu.Unlock()
		return nil
	}
	old := f.shot
	f.shot, f.unread = now, false
	diff(old, now, func(name string) {
		path := join(f.path, name)
		if st, ok := changes[name]; ok && l.isOld(st) {
			l.settled = append(l.settled, path)
		} else {
			l.touched = append(l.touched, path)
		}
	})
	missing := map[string]*folder{}
	for path, kid := range f.kids {
		missing[path] = kid
	}
	t.mu.Unlock()
	for _, path := range folders {
		if missing[path] != nil {
			delete(missing, path)
		} else if kid := t.add(f, strings.Clone(path)); kid != nil {
			fresh = append(fresh, kid)
		}
	}
	for path, kid := range missing {
		// It may have been made after the folder was read.
		if k, ok := statKind(path); !ok || k != kindFolder {
			l.touched = append(l.touched, t.forget(kid)...)
		}
	}
	return fresh
}

// isOld tells whether a file was last changed so long ago that nobody can be writing it: it needs no settling.
func (l *looker) isOld(st stamp) bool {
	age := l.clock.Sub(time.Unix(0, max(st.mtime, st.ctime)))
	return age > l.tree.opt.Quiet+2*time.Second
}
