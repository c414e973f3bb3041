package watcher

// A look reads a folder, compares it with what was there at the last look, and passes on what differs.

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

const (
	// settledMargin is added to Options.Quiet before a file that was found by looking counts as settled long ago: time
	// stamps are coarse. skewMargin is added where they are another machine's.
	settledMargin = 2 * time.Second
	skewMargin    = 10 * time.Minute
)

// looker holds the buffers of one goroutine that looks at folders.
type looker struct {
	tree    *tree
	list    listing
	weighed []weighed
	since   map[string]bool  // what the folder's since held before it was read
	folding bool             // what the folder's folding was
	stamps  map[string]stamp // of the sources themselves, by name; of the present look
	settled []string         // sources that differ and whose last change is long ago; of the present look
	touched []string         // the others that differ
	changes int              // how many differed so far
}

// look reads f, asking for its events first so that nothing is missed in between, passes on the sources that differ from
// the last look, and returns the sub-folders that are new.
func (l *looker) look(f *folder) []*folder {
	f.looking.Lock()
	defer f.looking.Unlock()
	if err := l.read(f); err != nil {
		l.giveBack(f)
		l.unread(f, err)
		return nil
	}
	l.settled, l.touched = l.settled[:0], l.touched[:0]
	kids := l.apply(f)
	l.changes += len(l.settled) + len(l.touched) + len(kids)
	t := l.tree
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

// giveBack returns what read took from f.since, if f could not be looked at after all.
func (l *looker) giveBack(f *folder) {
	t := l.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	for name := range l.since {
		if f.dead {
			t.desk.touch(join(f.path, name))
			continue
		}
		if f.since == nil {
			f.since = map[string]bool{}
		}
		f.since[name] = true
	}
	l.since = nil
}

// read watches f and lists it, once more if another folder took its path in between.
func (l *looker) read(f *folder) error {
	t := l.tree
	l.since = nil
	for range 3 {
		l.giveBack(f)
		id, err := identify(f.path)
		if err != nil {
			return err
		}
		if err := t.adopt(f, id); err != nil {
			return err
		}
		t.mu.Lock()
		l.since, l.folding = f.since, f.folding
		f.since, f.folding = nil, false
		t.mu.Unlock()
		if err := l.list.read(f.path, f.parent == nil, true); err != nil {
			return err
		}
		if l.list.id == id {
			break
		}
	}
	return nil
}

// adopt notes that the folder at f's path is the one with this identity, and watches it. If it was another one before,
// what was known of it is dropped: its sources may be gone, unless its mount went away with them.
func (t *tree) adopt(f *folder, id identity) error {
	m := t.mountOf(id, f.path)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case f.dead:
		return nil
	case f.parent == nil && f.id != id:
		return errRootReplaced
	case f.id == id && f.mount == m:
	case f.id == (identity{}) || f.parent == nil:
		why := f.why
		t.poll(f, 0) // it was put with its parent's mount while it could not be read
		f.why = why
		f.id, f.mount = id, m
		t.setTop(f)
	case f.id.mount != id.mount:
		t.unwatch(f)
		t.emptyLocked(f, nil)
		t.poll(f, 0)
		t.opt.Log.Warn("a mount inside a watched folder came or went; looking at it afresh", "path", f.path)
		f.id, f.mount = id, m
		t.setTop(f)
		t.desk.drop(f.path)
	default:
		t.unwatch(f)
		t.desk.touch(t.emptyLocked(f, nil)...)
		f.id = id
	}
	if f.mount.trusted {
		t.poll(f, f.why&^becauseMount)
	} else {
		t.poll(f, f.why|becauseMount)
	}
	return t.watch(f)
}

// errRootReplaced says that a root's path leads to another folder now, which its own goroutine sees to.
var errRootReplaced = errors.New("the folder was replaced")

// unread deals with a folder that could not be read.
func (l *looker) unread(f *folder, err error) {
	t := l.tree
	switch {
	case f.parent == nil && (errors.Is(err, errRootReplaced) || errors.Is(err, fs.ErrNotExist)):
		t.checkAgain()
		return
	case errors.Is(err, fs.ErrNotExist) || isNotFolder(err):
		t.desk.touch(t.forget(f)...)
		return
	}
	t.mu.Lock()
	first := f.why&becauseUnread == 0 && !f.dead
	if f.mount == nil && f.parent != nil {
		f.mount = f.parent.mount
	}
	if !f.dead {
		t.poll(f, f.why|becauseUnread)
	}
	if limit := limitOf(err); limit != "" {
		first = first && t.once("limit "+limit)
	}
	t.mu.Unlock()
	if first {
		t.opt.Log.Warn("can't read folder; trying again from time to time", "path", f.path, "err", err)
	}
}

// apply compares the listing with f's snapshot, puts it in its place, and adjusts the sub-folders.
func (l *looker) apply(f *folder) (fresh []*folder) {
	t := l.tree
	folders := l.weighAll(f)
	now := pack(l.weighed)
	clear(l.weighed)
	t.mu.Lock()
	if f.dead {
		t.mu.Unlock()
		l.giveBack(f)
		return nil
	}
	old := f.shot
	f.shot, f.mtime = now, l.list.mtime
	if recent(f.mtime) {
		f.mtime = 0 // it may change again without its time stamp showing it
	}
	t.poll(f, f.why&^becauseUnread)
	l.compare(f, old, now)
	missing := make(map[string]*folder, len(f.kids))
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

// compare fills settled and touched with what differs between two snapshots of f.
func (l *looker) compare(f *folder, old, now snapshot) {
	margin := settledMargin
	if !f.mount.trusted {
		margin = skewMargin
	}
	diff(old, now, func(name string) {
		if l.handled(name) {
			return
		}
		delete(l.since, name)
		path := join(f.path, name)
		st, ok := l.stamps[name]
		if ok && time.Since(time.Unix(0, max(st.mtime, st.ctime))) > l.tree.opt.Quiet+margin {
			l.settled = append(l.settled, path)
		} else {
			l.touched = append(l.touched, path)
		}
	})
	for name := range l.since {
		// In both snapshots alike, or in neither: it came and went, and its last event may be lost.
		if !l.handled(name) {
			l.touched = append(l.touched, join(f.path, name))
		}
	}
}

// handled tells whether the source was touched for the events that it had since the last look, and this look has no
// other purpose than to note it.
func (l *looker) handled(name string) bool {
	_, exists := l.stamps[name]
	return l.folding && exists && l.since[name]
}

// weighAll fills weighed and stamps from the listing of f, and returns the paths of its sub-folders.
func (l *looker) weighAll(f *folder) (folders []string) {
	t := l.tree
	l.weighed = l.weighed[:0]
	if l.stamps == nil {
		l.stamps = map[string]stamp{}
	}
	clear(l.stamps)
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
				l.stamps[source[skip:]] = it.stamp
			}
		}
	}
	return folders
}

func recent(mtime int64) bool { return time.Since(time.Unix(0, mtime)) < settledMargin }
