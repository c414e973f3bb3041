package watcher

// Watches are asked for and given back here, with what to do when there are none left.

import (
	"errors"

	"github.com/fsnotify/fsnotify"
)

// watch asks for the events of f, unless they are of no use. The caller holds mu and has set f.id.
func (t *tree) watch(f *folder) error {
	if f.dead || f.watched || t.opt.Poll == "always" {
		return nil
	}
	if t.notify == nil {
		t.poll(f, f.why|becauseLimit)
		return nil
	}
	key := identity{device: f.id.device, inode: f.id.inode}
	if twin := t.inodes[key]; twin != nil {
		if now, err := identify(twin.path); err == nil && now == twin.id {
			// Bound to two places: the kernel has one watch for both, which speaks of the first.
			t.poll(f, f.why|becauseTwin)
			return nil
		}
		t.forgetLocked(twin, false)
	}
	err := addWatch(t.notify, f.path, len(t.inodes))
	switch {
	case err == nil:
		f.watched = true
		t.inodes[key] = f
		t.poll(f, f.why&^(becauseLimit|becauseTwin))
	case limitOf(err) != "":
		t.logLimit(err)
		t.poll(f, f.why|becauseLimit)
		return nil
	}
	return err
}

// unwatch ends the events of f. The caller holds mu.
func (t *tree) unwatch(f *folder) {
	if !f.watched {
		return
	}
	// The kernel or fsnotify may have dropped it already, with the folder.
	if err := t.notify.Remove(f.path); err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) {
		t.opt.Log.Debug("remove watch", "path", f.path, "err", err)
	}
	t.lost(f)
}

// lost notes that f has no watch any more. The caller holds mu.
func (t *tree) lost(f *folder) {
	f.watched = false
	key := identity{device: f.id.device, inode: f.id.inode}
	if t.inodes[key] == f {
		delete(t.inodes, key)
	}
}

// logLimit says once how to raise the limit that err tells of.
func (t *tree) logLimit(err error) {
	limit := limitOf(err)
	if limit == "" {
		limit = "none known"
	}
	if t.once("limit " + limit) {
		t.opt.Log.Warn("no more folders can be watched for events; the others are polled", "err", err, "hint", limit)
	}
}

// recount finds the folders whose watch the system dropped without a word, as unmounting does, and returns them.
func (t *tree) recount() (lost []*folder) {
	if t.notify == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	list := t.notify.WatchList()
	if len(list) == len(t.inodes) {
		return nil
	}
	have := make(map[string]bool, len(list))
	for _, path := range list {
		have[path] = true
	}
	for _, f := range t.inodes {
		if !have[f.path] {
			lost = append(lost, f)
		}
	}
	for _, f := range lost {
		t.lost(f)
	}
	return lost
}
