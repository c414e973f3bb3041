package main

import (
	"context"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"qacorpus/install"
	"qacorpus/install/notify"
	reports "qacorpus/install/report"
	"qacorpus/sidecar"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/watcher"
)

// daemon keeps account of what watch does, and tells the service manager and,
// through a file in the state folder, `qacorpus status`.
type daemon struct {
	e       *engine
	notify  notify.Notifier
	started time.Time
	ending  <-chan struct{} // closed by the caller when the whole process is to end

	watchers   []atomic.Int64 // when each watcher's loop last moved, in Unix nanoseconds
	queueAlive atomic.Int64   // when a look at a path last ended, or there was none to do

	seed    maphash.Seed
	mu      sync.Mutex                 // guards all below
	files   map[uint64]file            // by a hash of the path: names would take ten times as much
	folders map[string]*reports.Folder // by path
	changed bool                       // since the last report
	news    chan struct{}              // holds a token when changed was set; never closed

	// better holds the folders that were away, or could be written to, at an
	// earlier look of this process. Only presence uses it.
	better map[string]bool
}

// file is what is known of one source.
type file struct {
	folder  *reports.Folder
	qa      bool
	problem bool
}

const (
	reportEvery = 2 * time.Second  // at most; the report is for people
	lookEvery   = 4 * time.Second  // whether the folders are there; the watcher's pace
	stuckAfter  = 30 * time.Second // the watcher gives a sign of life every few seconds
)

func (a *app) newDaemon(e *engine, ending <-chan struct{}) *daemon {
	d := &daemon{e: e, notify: notify.New(a.env), started: time.Now(), ending: ending, seed: maphash.MakeSeed(),
		files: map[uint64]file{}, folders: map[string]*reports.Folder{}, better: map[string]bool{}, changed: true, news: make(chan struct{}, 1)}
	for _, f := range e.config.Folders {
		d.folders[f.Path] = &reports.Folder{Path: f.Path, State: "watching"}
	}
	d.queueAlive.Store(time.Now().UnixNano())
	return d
}

// looked takes the outcome of one look; it is the engine's done.
func (d *daemon) looked(path string, out sidecar.Outcome, err error, _ time.Duration) {
	d.queueAlive.Store(time.Now().UnixNano())
	f, ok := d.e.config.FolderOf(path)
	if !ok || out.Again > 0 {
		return
	}
	var gone error
	if out.Status == "" { // which only a PDF has that is there
		_, gone = os.Lstat(path)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id := maphash.String(d.seed, path)
	if old, ok := d.files[id]; ok {
		old.count(-1)
		delete(d.files, id)
	}
	if gone == nil {
		now := file{folder: d.folders[f.Path], qa: name.Of(filepath.Base(path)) == name.QA,
			problem: err != nil || out.Errors > 0 || out.Status != "" && out.Status != preview.OK && out.Status != preview.NoText}
		now.count(+1)
		d.files[id] = now
	}
	for _, c := range out.Changes {
		folder := d.folders[f.Path]
		folder.LastChange = time.Now().UTC().Truncate(time.Second)
		if rel, err := filepath.Rel(f.Path, c.Path); err == nil {
			folder.LastPath = rel
		}
	}
	d.changed = true
	select {
	case d.news <- struct{}{}:
	default:
	}
}

// count adds the file to its folder's numbers, or takes it out of them.
func (f file) count(n int) {
	if f.qa {
		f.folder.QA += n
	} else {
		f.folder.PDFs += n
	}
	if f.problem {
		f.folder.Problems += n
	}
}

// watched takes the signs of life of watcher i, the first of them from now on.
func (d *daemon) watched(i int) func(watcher.Status) {
	d.watchers[i].Store(time.Now().UnixNano())
	return func(watcher.Status) { d.watchers[i].Store(time.Now().UnixNano()) }
}

// alive is the watchdog's question, which it asks several times a minute: whether
// the watchers' loops move and, while paths wait, the queue's. One look may take as
// long as two tries at a PDF, so the time counts from when there was something to do.
func (d *daemon) alive() bool {
	now := time.Now()
	for i := range d.watchers {
		if now.Sub(time.Unix(0, d.watchers[i].Load())) > stuckAfter {
			return false
		}
	}
	if !d.e.queue.busy() {
		d.queueAlive.Store(now.UnixNano())
		return true
	}
	return now.Sub(time.Unix(0, d.queueAlive.Load())) < stuckAfter+4*d.e.config.Extract.Timeout
}

// busy reports whether paths wait for a look or are being looked at.
func (q *queue) busy() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running > 0 || q.head < len(q.ready)
}

// run says that the daemon is ready, then reports until ctx ends.
func (d *daemon) run(ctx context.Context) error {
	if err := d.notify.Ready(d.snapshot().Line()); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.notify.Run(ctx, d.alive) })
	g.Go(func() error {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			if err := d.report(); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
			case <-look.C:
			case <-d.news:
				select {
				case <-ctx.Done():
				case <-time.After(reportEvery):
				}
			}
			if ctx.Err() != nil {
				return d.notify.Stopping()
			}
		}
	})
	return g.Wait()
}

// report tells what is new; what cannot be told is logged once and costs nothing
// else. Its error ends the daemon.
func (d *daemon) report() error {
	if err := d.presence(); err != nil {
		return err
	}
	d.mu.Lock()
	changed := d.changed
	d.changed = false
	d.mu.Unlock()
	if !changed {
		return nil
	}
	r := d.snapshot()
	d.e.once.failed("daemon.json", reports.Write(d.e.config.State, r))
	d.e.once.failed("service manager", d.notify.Status(r.Line()))
	return nil
}

// presence notes which folders are there. It returns an error for one that was
// made anew and that the service cannot write to in its own view of the file
// system: the service manager then starts it again, with a new view.
func (d *daemon) presence() error {
	for path, f := range d.folders {
		state, detail := "watching", ""
		info, err := os.Stat(path)
		switch {
		case err != nil || !info.IsDir():
			state, detail = "waiting", "the folder is not there"
			d.better[path] = true
		case install.ReadOnly(path):
			if d.notify.Listening() && d.better[path] {
				return fmt.Errorf("folder %s was made anew since the service started; starting again, to be able to write to it", show(path))
			}
			state, detail = "blocked", "the folder is read-only here"
		default:
			d.better[path] = true
			dir, err := os.Open(path)
			if err != nil {
				state, detail = "blocked", fmt.Sprintf("the folder cannot be read: %v", err)
			} else {
				dir.Close()
			}
		}
		d.mu.Lock()
		if f.State != state || f.Detail != detail {
			f.State, f.Detail, d.changed = state, detail, true
		}
		d.mu.Unlock()
	}
	return nil
}

func (d *daemon) snapshot() reports.Report {
	r := reports.Report{Version: versions().Qacorpus, PID: os.Getpid(), Started: d.started.UTC().Truncate(time.Second), Updated: time.Now().UTC().Truncate(time.Second)}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.e.config.Folders {
		r.Folders = append(r.Folders, *d.folders[f.Path])
	}
	r.Goroutines = runtime.NumGoroutine()
	return r
}
