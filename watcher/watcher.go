// Package watcher names every source path under its roots that should be looked at again, once the file has settled.
//
// # Design notes
//
// An event means "look at this path again" and nothing more: file systems merge, reorder and lose events, so the
// disk is the only truth. Events, walks and polling all end in the same call, settler.touch, and a lost event is made
// good by the next full look. Nothing here knows what a source holds; Options.Key says which names matter and
// Options.Check says whether a file looks whole.
//
// Run starts these goroutines and waits for all of them:
//
//   - the drain takes events off fsnotify at once into a list without bound, because the kernel keeps only 16,384;
//   - the event loop keeps the tree of folders and watches right as folders come, go and are renamed (events.go, tree.go);
//   - raisers look at new folders and below (raise.go, look.go): the watch first, so that nothing is missed in between;
//   - askers stat and check the files that are due and deliver them (settle.go decides, ask.go does);
//   - one for each root sees that it is there and is still the same (roots.go);
//   - one for each polled mount looks at its folders from time to time (poll.go);
//   - the surveyor looks at everything from time to time, and at once after lost events or a sleep (survey.go).
//
// Only folders are watched: a watch on a file is lost at the first save by rename. Some changes send no event on any file
// system: writes through a memory map, through another hard link of the file, to the target of a symbolic link. The next
// full look finds those.
//
// A path that is not there is only delivered as gone while its root and its mount are what they were: what is out of
// sight because a stick was pulled is not deleted.
package watcher

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options says what to watch and how patient to be. Key, SkipDir, Check and Log are required; a zero duration means
// its default. The functions are called from several goroutines at once.
type Options struct {
	// Roots are the folders to watch. A root may be a symbolic link, may lie inside another root, and need not exist yet.
	// Paths are delivered as root joined with the rest, the root spelt as given here.
	Roots []string
	// Key folds the path of a sidecar onto its source, which must lie in the same folder, and answers a source with itself.
	// ok is false for names that do not matter.
	Key func(path string) (source string, ok bool)
	// SkipDir tells folders that are neither watched nor walked. It is not asked about roots.
	SkipDir func(path string) bool
	// Check judges whether an existing, non-empty regular file (or link to one) looks whole. It may open the file, without
	// blocking; it is not called more often than it can bear (at most about 5 % of the time for one path).
	Check func(path string) Verdict

	// Known, if set, is shown those sources of one folder, sorted by path, that a look found to be new or changed and settled
	// long ago, and sets Skip for those with which nothing is to be done: they are not delivered. What it is shown was seen
	// after the folder's events were asked for, so that a later change is delivered.
	Known func(sources []Sight)

	// Quiet is how long a file that looks incomplete must stay unchanged before it is delivered all the same.
	// Default 8 s: the longest gap measured between two writes of a slow copy is 0.8 s, and a truncated file should be
	// reported within 15 s.
	Quiet time.Duration
	// Ceiling bounds the wait of a file that is touched without end or held open for ever, as long as it does not grow:
	// it counts from the first event. Default 1 min.
	Ceiling time.Duration
	// DeleteGrace is how long a path must stay away before it is delivered as gone, because clients replace a file by
	// deleting and creating it. Default 2 s.
	DeleteGrace time.Duration
	// Rescan is the time between two looks at every folder, which make good lost events. Default 5 min. Only folders in which a name
	// came or went are read then; all are read when that costs under 0.03 % of a core: every 20 min at 100,000 files.
	// What is the same as at the last look is not delivered again.
	Rescan time.Duration

	// Poll is "auto" (default: folders whose mount sends no reliable events, or for which no watch was to be had),
	// "always" or "never".
	Poll string
	// PollInterval fixes the time between two looks at a polled folder. Default: 2 s while things change, growing to 60 s.
	PollInterval time.Duration

	// Status, if set, is called about every 4 s by the event loop, at the surveyor's request. It is not called while one of the two is
	// stuck, so it may feed a watchdog.
	Status func(Status)
	// Log gets what a person should know: roots that vanish and return, mounts that are polled, limits that were met.
	Log *slog.Logger
}

// Verdict is what Options.Check found. Its zero value says incomplete.
type Verdict struct {
	// Complete: the content looks whole. The file is delivered at once unless Busy or Quiet ask for more.
	Complete bool
	// Busy: a process has the file open for writing. A complete file is then asked about again after 1 ms, 2 ms, 4 ms …;
	// an incomplete one is delivered after Options.Ceiling without change rather than after Options.Quiet.
	Busy bool
	// Quiet asks that a complete file be delivered only when it was left alone for this long: for formats whose
	// beginning is whole too, such as JSON Lines (2 s), or whose writers save in pieces (JSON, 300 ms).
	Quiet time.Duration
}

// Status is a glance at a running watcher, for logs and a watchdog.
type Status struct {
	Watched, Polled int           // folders with and without events
	Missing         int           // roots that are away
	Pending         int           // paths that wait to settle
	Overdue         time.Duration // how long the most overdue path has waited for its check
	Looking         bool          // a full look is under way
}

// Run watches the roots until ctx ends and calls deliver for every settled source: all that exist at the start, and then
// each one that was created, changed, removed or whose sidecar was. A delivered path may not exist: then it is gone,
// and its root and mount are still there. The same path may be delivered again without having changed.
// deliver must return at once (append to a queue without bound, keyed by path) and is called from several goroutines, but
// never twice at a time for one path by the settling part. Run returns nil when ctx ends, an error if it can't start.
func Run(ctx context.Context, o Options, deliver func(path string)) error {
	o, err := o.withDefaults()
	if err != nil {
		return err
	}
	t := newTree(o, deliver)
	g, ctx := errgroup.WithContext(ctx)
	t.run(ctx, g)
	err = g.Wait()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (o Options) withDefaults() (Options, error) {
	if o.Key == nil || o.SkipDir == nil || o.Check == nil || o.Log == nil {
		return o, errors.New("watch folders: Key, SkipDir, Check and Log must be set")
	}
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{
		{&o.Quiet, 8 * time.Second}, {&o.Ceiling, time.Minute}, {&o.DeleteGrace, 2 * time.Second}, {&o.Rescan, 5 * time.Minute},
	} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	if o.Poll == "" {
		o.Poll = "auto"
	}
	if o.Poll != "auto" && o.Poll != "always" && o.Poll != "never" {
		return o, fmt.Errorf("watch folders: poll is %q, not auto, always or never", o.Poll)
	}
	roots := make([]string, 0, len(o.Roots))
	seen := map[string]bool{}
	for _, r := range o.Roots {
		abs, err := filepath.Abs(r)
		if err != nil {
			return o, fmt.Errorf("resolve folder %q: %w", r, err)
		}
		if !seen[abs] {
			seen[abs] = true
			roots = append(roots, abs)
		}
	}
	o.Roots = roots
	return o, nil
}
