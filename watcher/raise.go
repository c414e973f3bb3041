package watcher

// New folders are looked at by goroutines of their own: a big tree moved in must not hold up the event loop, and a mount
// that hangs must hold up nothing but itself.

import "context"

// raisers is the number of goroutines that look at new folders on mounts with reliable events: reading folders keeps a core busy.
const raisers = 2

// raiseYoung hands folders to the goroutine that looks at them and at all that is new below them.
func (t *tree) raiseYoung(young ...*folder) {
	if len(young) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.raiseLocked(young...)
}

// raiseLocked is raiseYoung for callers that hold mu.
func (t *tree) raiseLocked(young ...*folder) {
	for _, f := range young {
		m := f.mount
		if m == nil && f.parent != nil {
			m = f.parent.mount
		}
		if m != nil && m.polling && !m.trusted {
			m.young = append(m.young, f)
			m.hurryUp()
			continue
		}
		t.young = append(t.young, f)
		select {
		case t.nursery <- struct{}{}:
		default:
		}
	}
}

// raise looks at new folders until ctx ends, the newest first.
func (t *tree) raise(ctx context.Context) error {
	l := &looker{tree: t}
	for ctx.Err() == nil {
		f := t.takeYoung()
		if f == nil {
			select {
			case <-ctx.Done():
			case <-t.nursery:
			}
			continue
		}
		t.raiseYoung(l.look(f)...)
		t.mu.Lock()
		t.raising--
		t.mu.Unlock()
	}
	return nil
}

// takeYoung returns the folder to look at next, nil if there is none, and wakes another raiser if there are more.
func (t *tree) takeYoung() *folder {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.young)
	if n == 0 {
		t.young = nil
		return nil
	}
	f := t.young[n-1]
	t.young = t.young[:n-1]
	t.raising++
	if n > 1 {
		select {
		case t.nursery <- struct{}{}:
		default:
		}
	}
	return f
}
