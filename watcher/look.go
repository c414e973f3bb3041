package watcher

// A look reads a folder, compares it with what was there at the last look, and passes on what differs.

import (
	"errors"
	"io/fs"
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
	weighed []weighed        // the sources of the present look
	sparse  []weighed        // the same, to be compared with a sparse snapshot
	since   map[string]mark  // what the folder's since held before it was read
	folding bool             // what the folder's folding was
	stamps  map[string]stamp // of the sources themselves, by name; of the present look
	settled []string         // sources that differ and whose last change is long ago; of the present look
	touched []string         // the others that differ
	skip    []string         // those of settled with which nothing is to be done, in the same order
	began   time.Time        // when the folder began to be read; of the present look
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
	l.settled, l.touched, l.skip = l.settled[:0], l.touched[:0], l.skip[:0]
	kids := l.apply(f)
	l.changes += len(l.settled) + len(l.touched) + len(kids)
	t := l.tree
	t.touch(f, l.touched)
	l.known()
	skip := l.skip
	for _, path := range l.settled {
		known := len(skip) > 0 && skip[0] == path
		if known {
			skip = skip[1:]
		}
		switch {
		case t.desk.waiting(path):
			t.desk.touch(path)
		case !known:
			t.deliver(path)
		}
	}
	t.touchLost(f, l.settled)
	return kids
}

// touchLost touches sources of f that were delivered without being noted, if f was forgotten meanwhile: whoever was told of
// one may have found another folder's file at its path.
func (t *tree) touchLost(f *folder, sources []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.dead && !f.hidden {
		t.desk.touch(sources...)
	}
}

// touch touches sources of f, unless they went out of sight meanwhile.
func (t *tree) touch(f *folder, sources []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !f.hidden {
		t.desk.touch(sources...)
	}
}

// wants returns what is to be stated in f: all that belongs to a source. Where nobody asks for them, the first look leaves out
// the sidecars, which halves the time that a start takes.
func (l *looker) wants(f *folder) func(it *item) bool {
	t := l.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	first := f.shot == nil && f.mount != nil && f.mount.trusted && t.opt.Known == nil
	return func(it *item) bool {
		source, ok := t.opt.Key(it.path)
		if !ok || len(source) <= len(f.path) {
			return false
		}
		it.source = source
		return !first || source == it.path
	}
}

// read watches f and lists it, once more if another folder took its path in between.
func (l *looker) read(f *folder) error {
	t := l.tree
	l.since = nil
	l.began = time.Now()
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
		if err := l.list.read(f.path, f.parent == nil, l.wants(f)); err != nil {
			return err
		}
		if l.list.id == id {
			break
		}
	}
	return nil
}

// unread deals with a folder that could not be read.
func (l *looker) unread(f *folder, err error) {
	t := l.tree
	switch {
	case f.parent == nil && (errors.Is(err, errRootReplaced) || errors.Is(err, fs.ErrNotExist)):
		t.checkAgain()
		return
	case errors.Is(err, fs.ErrNotExist) || isNotFolder(err):
		t.forget(f)
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
