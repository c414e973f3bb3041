package watcher

// A folder's path may lead to another folder from one look to the next: renamed, mounted over, unmounted.

import "errors"

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
		t.emptyLocked(f, true)
		t.poll(f, 0)
		t.opt.Log.Warn("a mount inside a watched folder came or went; looking at it afresh", "path", f.path)
		f.id, f.mount = id, m
		t.setTop(f)
		t.desk.drop(f.path)
	default:
		t.unwatch(f)
		t.emptyLocked(f, false)
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
