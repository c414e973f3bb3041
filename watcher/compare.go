package watcher

// What a look found is compared with the snapshot of the look before.

import (
	"path/filepath"
	"strings"
	"time"
)

// apply compares the listing with f's snapshot, puts it in its place, and adjusts the sub-folders.
func (l *looker) apply(f *folder) (fresh []*folder) {
	t := l.tree
	folders, whole := l.weighAll(f)
	now := pack(l.weighed)
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
	if old != nil && f.sparseAt != 0 {
		l.compare(f, old, pack(l.sparse))
	} else {
		l.compare(f, old, now)
	}
	if f.sparseAt = 0; !whole {
		f.sparseAt = time.Now().UnixNano()
	}
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
			t.forget(kid)
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
	l.unchanged(f)
}

// weighAll fills weighed, sparse and stamps from the listing of f, and returns the paths of its sub-folders. whole is false if
// sidecars were not stated.
func (l *looker) weighAll(f *folder) (folders []string, whole bool) {
	t := l.tree
	t.mu.Lock()
	sparseAt := f.sparseAt
	t.mu.Unlock()
	if l.stamps == nil {
		l.stamps = map[string]stamp{}
	}
	clear(l.stamps)
	l.weighed, l.sparse = l.weighed[:0], l.sparse[:0]
	steady := l.steady(f)
	whole = true
	skip := len(strings.TrimSuffix(f.path, string(filepath.Separator))) + 1
	for i := range l.list.items {
		it := &l.list.items[i]
		switch {
		case it.kind == kindFolder:
			if !t.opt.SkipDir(it.path) && t.rootAt(it.path) == nil {
				folders = append(folders, it.path)
			}
			if source, ok := t.opt.Key(it.path); ok && source != it.path && len(source) > skip {
				l.inTheWay(source[skip:], it.path[skip:]+"/")
			}
			continue
		case it.kind == kindOther:
			if source, ok := t.opt.Key(it.path); ok && len(source) > skip {
				l.inTheWay(source[skip:], it.path[skip:]+"|")
			}
			continue
		case it.source == "":
			continue
		case it.source == it.path && it.known:
			l.stamps[it.source[skip:]] = it.stamp
		case !it.known:
			whole = false
		}
		w := weighed{it.source[skip:], weigh(it.path[skip:], steady(it.stamp))}
		l.weighed = append(l.weighed, w)
		if it.source != it.path && max(it.stamp.mtime, it.stamp.ctime) < sparseAt-int64(settledMargin) {
			w.weight = weigh(it.path[skip:], stamp{}) // not touched since, so as in the sparse snapshot
		}
		l.sparse = append(l.sparse, w)
	}
	return folders, whole
}

// youngAge is how young a file is, seen from the start of the look, whose times say nothing: the kernel keeps what FUSE says of a
// file for 1 s.
const youngAge = 1500 * time.Millisecond

// steady returns the function that gives, for the present look at f, what is weighed of a file. On polled mounts the times of a
// young one are left out: on an rclone mount each reading of a file that is not uploaded yet gives it the time of the reading, and
// puts the upload off. So such a file differs once when it turns young and once when it has aged, and whenever it grows.
func (l *looker) steady(f *folder) func(st stamp) stamp {
	t := l.tree
	t.mu.Lock()
	polled := f.mount != nil && !f.mount.trusted
	t.mu.Unlock()
	from, to := l.began.Add(-youngAge).UnixNano(), time.Now().Add(youngAge).UnixNano()
	return func(st stamp) stamp {
		if polled && from <= st.mtime && st.mtime <= to {
			st.mtime, st.ctime = -1, -1
		}
		return st
	}
}

// inTheWay notes what is no file and stands in the place of a source or its sidecar, which it keeps away until it goes. what is
// its name, with a mark of its kind.
func (l *looker) inTheWay(source, what string) {
	w := weighed{source, weigh(what, stamp{})}
	l.weighed, l.sparse = append(l.weighed, w), append(l.sparse, w)
}

func recent(mtime int64) bool { return time.Since(time.Unix(0, mtime)) < settledMargin }
