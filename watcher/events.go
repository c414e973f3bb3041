package watcher

// Events are taken off fsnotify at once and handled in order, a batch at a time.

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/fsnotify/fsnotify"
)

// inbox is a list without bound between the drain and the event loop.
type inbox struct {
	mu   sync.Mutex       // guards list
	list []fsnotify.Event // in the order of arrival
	more chan struct{}    // holds a token while list may hold something; never closed
	busy bool             // what was taken is being handled; guarded by mu
}

func newInbox() *inbox { return &inbox{more: make(chan struct{}, 1)} }

func (b *inbox) put(e fsnotify.Event) {
	b.mu.Lock()
	b.list = append(b.list, e)
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// take empties the inbox. What was taken before is handled by now.
func (b *inbox) take() []fsnotify.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.list
	b.list, b.busy = nil, len(b.list) > 0
	return list
}

// waits tells whether events are still to be handled.
func (b *inbox) waits() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.busy || len(b.list) > 0
}

// drain moves events to the inbox until ctx ends, then closes fsnotify.
func (t *tree) drain(ctx context.Context) error {
	defer t.notify.Close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-t.notify.Events:
			if !ok {
				return errors.New("watch folders: the system ended the event stream")
			}
			t.inbox.put(e)
		case err, ok := <-t.notify.Errors:
			switch {
			case !ok:
				return errors.New("watch folders: the system ended the event stream")
			case errors.Is(err, fsnotify.ErrEventOverflow):
				t.lookAgain("events were lost")
			default:
				t.opt.Log.Debug("watch event", "err", err)
				t.lookAgain("an event could not be read")
			}
		}
	}
}

// events handles what the drain put into the inbox until ctx ends, and calls Status when the surveyor's pulse comes.
func (t *tree) events(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.pulse:
			if t.opt.Status != nil {
				t.opt.Status(t.status())
			}
		case <-t.inbox.more:
			for list := t.inbox.take(); len(list) > 0; list = t.inbox.take() {
				t.batch(list)
			}
		}
	}
}

// batch handles events in their order.
func (t *tree) batch(events []fsnotify.Event) {
	last := ""
	for _, e := range events {
		if e.Name == "" {
			continue
		}
		path := filepath.Clean(e.Name)
		if e.Has(fsnotify.Create) || e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
			t.moved(path, e.Has(fsnotify.Create))
		} else if f := t.find(path); f != nil {
			// A folder's attributes changed: it may have become readable.
			t.reread(f)
			continue
		}
		if source, ok := t.opt.Key(path); ok && source != last {
			t.noteAndTouch(source)
			last = source
		}
	}
}

// reread looks at f again if it could not be read.
func (t *tree) reread(f *folder) {
	t.mu.Lock()
	unread := f.why&becauseUnread != 0
	t.mu.Unlock()
	if unread {
		t.raiseYoung(f)
	}
}

// moved brings the tree up to date with a path that came or went, as far as it is or was a folder. A folder that went loses
// its watch, though it may be back at its path by now.
func (t *tree) moved(path string, came bool) {
	t.moves.count(path)
	k, exists := statKind(path)
	isFolder := exists && k == kindFolder
	known := t.find(path)
	if known != nil && known.parent == nil {
		t.checkAgain()
		return
	}
	if known != nil && !(came && isFolder && t.same(known)) {
		t.forget(known)
	}
	if !isFolder || t.opt.SkipDir(path) || t.rootAt(path) != nil {
		return
	}
	if parent := t.find(filepath.Dir(path)); parent != nil {
		if f := t.add(parent, path); f != nil {
			t.raiseYoung(f)
		}
	}
}

// same tells whether f is still the folder that was looked at, with its watch: a look may find a folder before its event comes.
func (t *tree) same(f *folder) bool {
	id, err := identify(f.path)
	t.mu.Lock()
	defer t.mu.Unlock()
	return err == nil && id == f.id && (f.watched || f.why != 0) || f.id == (identity{}) && !f.dead
}
