package main

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// queue holds the paths that are to be looked at. A path is waiting, running, or
// running and dirty (it was added again and runs once more); it never runs twice
// at a time. Whatever an added path meant, only the last look counts.
type queue struct {
	// work looks at one path. again > 0 asks for another look after that time;
	// an error does so too, after a pause that doubles with each failure.
	work func(ctx context.Context, path string) (again time.Duration, err error)

	mu      sync.Mutex         // guards all below
	changed *sync.Cond         // told whenever any of it changes; uses mu
	ready   []string           // waiting, in order; a prefix before head is spent
	head    int                // index of the next one in ready
	states  map[string]*ticket // every path that waits, runs or is delayed
	delayed int                // how many of them are delayed
	running int
	closed  bool
}

// ticket is the state of one path.
type ticket struct {
	waiting, running, dirty bool
	failures                int         // in a row, since the last Add
	later                   *time.Timer // adds it again; nil where it is not delayed
}

const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

func newQueue(work func(ctx context.Context, path string) (time.Duration, error)) *queue {
	q := &queue{work: work, states: map[string]*ticket{}}
	q.changed = sync.NewCond(&q.mu)
	return q
}

// Add asks for a look at path. It never blocks.
func (q *queue) Add(path string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.states[path]
	if t == nil {
		t = &ticket{}
		q.states[path] = t
	}
	t.failures = 0
	q.add(path, t)
}

// holds reports whether path waits, runs or is delayed.
func (q *queue) holds(path string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.states[path] != nil
}

func (q *queue) add(path string, t *ticket) {
	if t.later != nil {
		t.later.Stop()
		t.later = nil
		q.delayed--
	}
	switch {
	case t.running:
		t.dirty = true
	case !t.waiting:
		t.waiting = true
		q.ready = append(q.ready, path)
		q.changed.Broadcast()
	}
}

// Run works on the paths with n goroutines until ctx ends, and returns when they
// have.
func (q *queue) Run(ctx context.Context, n int) error {
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		q.closed = true
		q.changed.Broadcast()
		q.mu.Unlock()
	})
	defer stop()
	var g errgroup.Group
	for range n {
		g.Go(func() error {
			for {
				path, ok := q.next()
				if !ok {
					return nil
				}
				again, err := q.work(ctx, path)
				q.done(path, again, err)
			}
		})
	}
	return g.Wait()
}

// Idle waits until no path waits or runs, delayed ones aside, or ctx ends. It
// returns the number of paths that are delayed.
func (q *queue) Idle(ctx context.Context) int {
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		q.changed.Broadcast()
		q.mu.Unlock()
	})
	defer stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	for ctx.Err() == nil && (q.running > 0 || q.head < len(q.ready)) {
		q.changed.Wait()
	}
	return q.delayed
}

// next waits for a path and takes it.
func (q *queue) next() (path string, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.head == len(q.ready) && !q.closed {
		q.changed.Wait()
	}
	if q.closed {
		return "", false
	}
	path = q.ready[q.head]
	q.ready[q.head] = ""
	q.head++
	if q.head == len(q.ready) {
		q.ready, q.head = nil, 0 // a storm's memory goes back
	}
	t := q.states[path]
	t.waiting, t.running = false, true
	q.running++
	return path, true
}

// done notes the end of a look and asks for the next one where it is wanted.
func (q *queue) done(path string, again time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.changed.Broadcast()
	t := q.states[path]
	t.running = false
	q.running--
	if t.dirty {
		t.dirty, t.failures = false, 0
		q.add(path, t)
		return
	}
	if err != nil {
		pause := min(firstRetry<<min(t.failures, 20), lastRetry)
		t.failures++
		if again <= 0 || again > pause {
			again = pause
		}
	} else {
		t.failures = 0
	}
	if again <= 0 {
		delete(q.states, path)
		return
	}
	q.delayed++
	t.later = time.AfterFunc(again, func() { q.release(path, t) })
}

// release ends the delay of t, unless an Add did so first.
func (q *queue) release(path string, t *ticket) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.later != nil && q.states[path] == t {
		q.add(path, t)
	}
}
