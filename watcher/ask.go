package watcher

// The desk puts the pure settler to work: it guards it, wakes an asker when a path is due, and lets the askers do the
// slow part (stat and Check) without holding the lock.

import (
	"context"
	"sync"
	"time"
)

// askers is the number of goroutines that check files. More than the cores, because a check of a file on a network
// mount mostly waits.
const askers = 4

type desk struct {
	mu      sync.Mutex // guards settler and armed
	settler *settler
	armed   time.Time     // when timer fires; zero if it is not set
	timer   *time.Timer   // set to the next entry's due time; any idle asker takes the tick
	wake    chan struct{} // holds a token while an entry may be due now; never closed
}

func newDesk(o Options) *desk {
	d := &desk{settler: newSettler(o), timer: time.NewTimer(time.Hour), wake: make(chan struct{}, 1)}
	d.timer.Stop()
	return d
}

// touch notes that something may have happened to paths.
func (d *desk) touch(paths ...string) {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range paths {
		d.settler.touch(p, now)
	}
	d.arm(now)
}

// arm makes sure that some asker comes when the next entry is due. The caller holds mu.
func (d *desk) arm(now time.Time) {
	next, ok := d.settler.next()
	switch {
	case !ok:
	case !next.After(now):
		select {
		case d.wake <- struct{}{}:
		default:
		}
	case d.armed.IsZero() || next.Before(d.armed):
		d.armed = next
		d.timer.Reset(next.Sub(now))
	}
}

// pop returns a job that is due, waking another asker if there may be more.
func (d *desk) pop() (job, bool) {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	j, ok := d.settler.pop(now)
	d.arm(now)
	return j, ok
}

func (d *desk) judge(j job, o observation) bool {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	deliver := d.settler.judge(j, o, now)
	d.arm(now)
	return deliver
}

func (d *desk) fired() {
	d.mu.Lock()
	d.armed = time.Time{}
	d.mu.Unlock()
}

// waiting tells whether path has an entry that is not merely cooling.
func (d *desk) waiting(path string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.settler.entries[path]
	return e != nil && !e.cooling
}

// drop takes out all entries of folder and below.
func (d *desk) drop(folder string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settler.drop(func(path string) bool { return under(path, folder) })
}

// load returns how many paths wait and how late the most overdue one is.
func (d *desk) load() (pending int, overdue time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if next, ok := d.settler.next(); ok {
		overdue = max(0, time.Since(next))
	}
	return len(d.settler.entries), overdue
}

// ask runs one asker until ctx ends: it observes what is due and delivers what has settled.
func (t *tree) ask(ctx context.Context) error {
	for ctx.Err() == nil {
		j, ok := t.desk.pop()
		if !ok {
			select {
			case <-ctx.Done():
			case <-t.desk.wake:
			case <-t.desk.timer.C:
				t.desk.fired()
			}
			continue
		}
		// Noted before it is observed: if the folder is forgotten from here on, the path is touched once more.
		known := t.note(j.path)
		moves, lagging := t.moves.towards(j.path), t.inbox.waits()
		o := t.observe(j)
		t.observed(j.path, o.exists)
		o.homeless, o.moves, o.lagging = !known, moves, lagging
		if t.desk.judge(j, o) {
			t.deliver(j.path)
		}
	}
	return nil
}

// observe looks at the path of j on disk, and has it checked if that can tell anything new.
func (t *tree) observe(j job) observation {
	st, ok := statSource(j.path)
	if !ok {
		return observation{hidden: !t.trusts(j.path)}
	}
	o := observation{exists: true, stamp: st}
	if j.wantsCheck(st) {
		start := time.Now()
		o.said = t.opt.Check(j.path)
		o.asked, o.took = true, time.Since(start)
	}
	return o
}
