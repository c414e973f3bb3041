package watcher

// Folders whose events do not suffice are looked at from time to time: every 2 s while something changes, less often the
// longer nothing does, and never more than a tenth of the time. Each mount has its own poller, so that one that hangs
// holds up no other.

import (
	"context"
	"time"
)

const (
	pollSoonest = 2 * time.Second
	pollLatest  = time.Minute
	// pollShare bounds the time a poller spends on looking to 1/pollShare.
	pollShare = 10
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
	pace, took, ended := pollSoonest, time.Duration(0), time.Now()
	timer := time.NewTimer(t.pollPause(pace, took))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-m.hurry:
			t.pollYoung(ctx, l, m)
			if pace != pollSoonest { // else it comes as soon as it may
				pace = pollSoonest
				timer.Reset(time.Until(ended.Add(t.pollPause(pace, took))))
			}
			continue
		case <-timer.C:
		}
		list, ok := t.pollList(m)
		if !ok {
			return nil
		}
		start, changes := time.Now(), l.changes
		for _, f := range list {
			if ctx.Err() != nil {
				return nil
			}
			t.raiseYoung(l.look(f)...)
			t.pollYoung(ctx, l, m)
		}
		if pace = min(pace*3/2, pollLatest); l.changes != changes {
			pace = pollSoonest
		}
		ended = time.Now()
		took = ended.Sub(start)
		timer.Reset(t.pollPause(pace, took))
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

func (t *tree) pollPause(pace, took time.Duration) time.Duration {
	if t.opt.PollInterval > 0 {
		return max(t.opt.PollInterval, took)
	}
	return max(pace, pollShare*took)
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
