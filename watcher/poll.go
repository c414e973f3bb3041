package watcher

// Folders whose events do not suffice are looked at from time to time: every 2 s while something changes, less often the
// longer nothing does, and never more than a tenth of the time. Each mount has its own poller, so that one that hangs
// holds up no other.
//
// In between a glance every 5 s sees whether a name came or went, by the folders' own time stamps, and takes in those that
// differ. So a file that is dropped, however little happened before, is found within 5 s, and one that is cut off is delivered
// within 15 s: Options.Quiet follows. Where looking at everything is cheap, all is looked at so often. Both bounds give way
// where they would cost more than a small share of the time.

import (
	"context"
	"time"
)

const (
	pollSoonest = 2 * time.Second
	pollLatest  = time.Minute
	// pollShare bounds the time a poller spends on looking to 1/pollShare.
	pollShare = 10
	// glanceEvery is the time between two glances, and between two looks at everything where that is cheap; idleShare bounds
	// what they take when nothing happens to 1/idleShare.
	glanceEvery = 5 * time.Second
	idleShare   = 200
)

// mount is one mounted file system that holds folders of the tree. Its fields never change, save the last group.
type mount struct {
	number  uint64
	trusted bool   // events suffice
	name    string // of its file system's type

	polling bool          // a poller runs; guarded by tree.mu
	young   []*folder     // for the poller to look at at once; guarded by tree.mu
	hurry   chan struct{} // holds a token when a change is likely: the poller starts over at pollSoonest; never closed
}

// mountOf returns the mount that holds path, a folder with this identity, and says so once if it has to be polled.
func (t *tree) mountOf(id identity, path string) *mount {
	t.mu.Lock()
	m := t.mounts[id.mount]
	t.mu.Unlock()
	if m != nil {
		return m
	}
	trusted, name := fileSystem(path) // may block on a network mount, so without the lock
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.mounts[id.mount]; m != nil {
		return m
	}
	m = &mount{number: id.mount, trusted: trusted || t.opt.Poll == "never", name: name, hurry: make(chan struct{}, 1)}
	if t.opt.Poll == "always" {
		m.trusted = false
	} else if !m.trusted {
		t.opt.Log.Info("file system sends no reliable events; polling it", "path", path, "type", name)
	}
	t.mounts[id.mount] = m
	return m
}

// poll sets the reasons to poll f, none to stop it, and starts a poller where there is none. The caller holds mu.
func (t *tree) poll(f *folder, why reasons) {
	f.why = why
	m := f.mount
	if m == nil {
		return
	}
	if why == 0 || t.opt.Poll == "never" {
		delete(t.polled[m], f)
		return
	}
	if t.polled[m] == nil {
		t.polled[m] = map[*folder]struct{}{}
	}
	t.polled[m][f] = struct{}{}
	if !m.polling {
		m.polling = true
		t.spawn(func(ctx context.Context) error { return t.poller(ctx, m) })
	}
}

// poller looks at the polled folders of m until there are none left, or ctx ends.
func (t *tree) poller(ctx context.Context, m *mount) error {
	l := &looker{tree: t}
	p := pace{fixed: t.opt.PollInterval, pause: pollSoonest, ended: time.Now(), glanced: time.Now()}
	timer := time.NewTimer(time.Until(p.next()))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-m.hurry:
			t.pollYoung(ctx, l, m)
			p.pause = pollSoonest
			timer.Reset(time.Until(p.next()))
			continue
		case <-timer.C:
		}
		list, ok := t.pollList(m)
		if !ok {
			return nil
		}
		start, changes := time.Now(), l.changes
		full := !start.Before(p.nextLook())
		for _, f := range list {
			if ctx.Err() != nil {
				return nil
			}
			if full || t.renewed(f) {
				t.raiseYoung(l.look(f)...)
			}
			t.pollYoung(ctx, l, m)
		}
		p.passed(full, l.changes != changes, start)
		timer.Reset(time.Until(p.next()))
	}
}

// pollList returns the folders to look at, outer ones first; ok is false if there are none: then the poller must end.
func (t *tree) pollList(m *mount) (list []*folder, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.polled[m]) == 0 && len(m.young) == 0 {
		m.polling = false
		delete(t.polled, m)
		return nil, false
	}
	for f := range t.polled[m] {
		list = append(list, f)
	}
	return list, true
}

// renewed tells whether names came to or went from f since it was looked at.
func (t *tree) renewed(f *folder) bool {
	t.mu.Lock()
	mtime := f.mtime
	t.mu.Unlock()
	return mtime == 0 || folderTime(f.path) != mtime
}

// pollYoung looks at the new folders of m, and all that is new below them.
func (t *tree) pollYoung(ctx context.Context, l *looker, m *mount) {
	for ctx.Err() == nil {
		t.mu.Lock()
		young := m.young
		m.young = nil
		t.mu.Unlock()
		if len(young) == 0 {
			return
		}
		for _, f := range young {
			if ctx.Err() == nil {
				t.raiseYoung(l.look(f)...)
			}
		}
	}
}

// hurryUp makes the pollers start over at their shortest pause.
func (t *tree) hurryUp() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for m := range t.polled {
		m.hurryUp()
	}
}

// hurryUp makes the poller of m, if there is one, start over at its shortest pause.
func (m *mount) hurryUp() {
	select {
	case m.hurry <- struct{}{}:
	default:
	}
}
