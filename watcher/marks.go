package watcher

// Between two looks at a folder, what was heard of its sources is marked: a source that no snapshot holds must be touched
// too when its folder goes. The next look tells which marks have served their turn.

import "path/filepath"

// mark is what was heard of a source since its folder was looked at.
type mark uint8

const (
	_          mark = iota
	markEvent       // it had an event
	markAsked       // an asker is about to observe it
	markExists      // an asker found it
	markGone        // an asker found that it is not there
)

// foldAt is how many marked names make a folder's snapshot worth renewing, if they are also half of it.
const foldAt = 1000

// note marks that source is about to be observed. It tells whether its folder is known: if not, the folder's own event
// follows, and a look at it, or it went and its sources were touched.
func (t *tree) note(source string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.all[filepath.Dir(source)]
	if f == nil {
		return false
	}
	t.markLocked(f, filepath.Base(source), markAsked)
	return true
}

// observed marks what an asker found.
func (t *tree) observed(source string, exists bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.all[filepath.Dir(source)]; f != nil {
		m := markGone
		if exists {
			m = markExists
		}
		t.markLocked(f, filepath.Base(source), m)
	}
}

// noteAndTouch marks and touches source for an event, if its folder is known.
func (t *tree) noteAndTouch(source string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.all[filepath.Dir(source)]
	if f == nil {
		return
	}
	t.markLocked(f, filepath.Base(source), markEvent)
	if f.why != 0 && f.mount != nil {
		f.mount.hurryUp() // an event does not suffice, but tells that something is going on
	}
	t.desk.touch(source)
}

// markLocked marks a name in f, whose mark of an event stays until the next look. The caller holds mu.
func (t *tree) markLocked(f *folder, name string, m mark) {
	f.put(name, m)
	if len(f.since) >= max(foldAt, len(f.shot)/64) && !f.folding {
		f.folding = true
		t.raiseLocked(f)
	}
}

func (f *folder) put(name string, m mark) {
	if f.since == nil {
		f.since = map[string]mark{}
	}
	if f.since[name] != markEvent {
		f.since[name] = m
	}
}

// unchanged deals with the marked sources that are in both snapshots of f alike, or in neither. The caller holds mu.
func (l *looker) unchanged(f *folder) {
	waits := l.tree.inbox.waits()
	for name, m := range l.since {
		if l.handled(name) {
			continue
		}
		_, exists := l.stamps[name]
		switch {
		case m == markEvent: // its last event may be lost
		case m == markExists && exists, m == markGone && !exists && !waits:
			continue
		case m == markAsked, m == markGone && !exists:
			// The asker will say what it found; and if the folder at this path was another one for a moment, its events wait.
			if f.since[name] == 0 {
				f.put(name, m)
			}
			continue
		}
		l.touched = append(l.touched, join(f.path, name))
	}
}

// handled tells whether the source was touched for the events that it had since the last look, and this look has no
// other purpose than to note it.
func (l *looker) handled(name string) bool {
	_, exists := l.stamps[name]
	return l.folding && exists && l.since[name] != 0
}

// giveBack returns what read took from f.since, if f could not be looked at after all.
func (l *looker) giveBack(f *folder) {
	t := l.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, m := range l.since {
		switch {
		case f.hidden:
		case f.dead:
			t.desk.touch(join(f.path, name))
		case m == markEvent || f.since[name] == 0:
			f.put(name, m)
		}
	}
	l.since = nil
}
