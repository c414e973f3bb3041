package main

// What the daemon does beside looking at paths: syncing what was written, clearing
// up after processes that are gone, forgetting old versions.

import (
	"context"
	"errors"
	"io/fs"
	"runtime/debug"
	"time"
)

// upkeep makes lasting what was written, about once a second while there is work,
// and clears up what an earlier process left, until ctx ends. It sleeps when
// there is nothing to do: waking up is what idling costs.
func (e *engine) upkeep(ctx context.Context) error {
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	e.prune()
	for round := 0; ; round++ {
		err := e.commit()
		if round%recoverEvery == 0 {
			e.recover()
		}
		if e.kept.Load() >= pruneAfter {
			e.prune()
		}
		if err == nil && !e.hasLeftovers() {
			e.rest(round == 0)
			select {
			case <-ctx.Done():
			case <-e.worked:
			case <-prune.C:
				e.prune()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

// rest gives back the memory that is of use only while there is work, and the cores once there was none in a whole round.
// starting says that it has not begun yet.
func (e *engine) rest(starting bool) {
	switch looks := e.looks.Swap(0); {
	case looks > manyLooks:
		debug.FreeOSMemory() // what a start leaves behind is as much as what it needs
	case looks == 0 && !starting:
		e.leaveCores() // who idles with more wakes more threads
	}
	for folder, c := range e.caches {
		if err := c.Rest(); err != nil {
			e.log.Debug("memory not given back", "path", folder, "err", err)
		}
	}
}

// work tells upkeep that there is something to do.
func (e *engine) work() {
	select {
	case e.worked <- struct{}{}:
	default:
	}
}

func (e *engine) hasLeftovers() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.leftovers) > 0
}

const (
	manyLooks    = 20000 // make it worth while to collect garbage at once
	pruneEvery   = 6 * time.Hour
	pruneAfter   = 1000 // QA files rewritten, each of which leaves a version behind
	recoverEvery = 5    // rounds of upkeep: other files' temporaries are seen again and again
)

// commit syncs folders before the caches say that their files are there.
func (e *engine) commit() error {
	err := e.flush()
	e.once.failed(e.config.State, err)
	for folder, c := range e.caches {
		cerr := c.Commit()
		e.once.failed(folder, cerr)
		err = errors.Join(err, cerr)
	}
	return err
}

// recover settles the temporary files of processes that are gone.
func (e *engine) recover() {
	e.mu.Lock()
	dirs := e.leftovers
	e.leftovers = map[string]bool{}
	e.mu.Unlock()
	for dir := range dirs {
		left, err := e.files.Recover(dir)
		if errors.Is(err, fs.ErrNotExist) {
			left, err = 0, nil
		}
		if left > 0 { // in use, or another machine's and young: again with the next look there
			e.mu.Lock()
			e.leftovers[dir] = true
			e.mu.Unlock()
		}
		e.once.failed(dir, err)
	}
}
