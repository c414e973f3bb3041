package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"qacorpus/cmd/qacorpus/progress"
	"qacorpus/sidecar"
	"qacorpus/watcher"
)

func (a *app) syncCommand() *cobra.Command {
	var f syncFlags
	c := &cobra.Command{
		Use:   "sync [DIR…]",
		Short: "Bring everything up to date once",
		Long: `Brings the preview of every PDF and all QA files in the folders up to date, once,
and exits. Without folders, those of the configuration. It may be stopped with
Ctrl-C at any moment: what was done stays, and the next sync does the rest.

The exit status is 0 when all was done, whatever the PDFs hold; 3 when some file
could not be written or read.`,
		Example: `  qacorpus sync ~/QA_corpus
  qacorpus sync -v ~/QA_corpus             tell of each file
  qacorpus sync --dry-run ~/QA_corpus      only tell what would be done
  qacorpus sync --dry-run -v ~/QA_corpus   with every difference
  qacorpus sync --shard 1/4 ~/QA_corpus    the first of four parts`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.sync(c.Context(), dirs, f)
		},
	}
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "tell what would be done and change nothing")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "tell of each file; with --dry-run, show the differences")
	c.Flags().StringVar(&f.shard, "shard", "", "do part I of N, as `I/N`; the others are for other processes or machines")
	return c
}

// syncFlags are the flags of sync.
type syncFlags struct {
	dryRun, verbose bool
	shard           string // "" or I/N
}

// part is what --shard asks for; all where it was not given.
func (f syncFlags) part() (shard, error) {
	if f.shard == "" {
		return shard{}, nil
	}
	return parseShard(f.shard)
}

// sync makes one pass over the folders.
func (a *app) sync(ctx context.Context, dirs []string, f syncFlags) error {
	part, err := f.part()
	if err != nil {
		return err
	}
	c, err := a.folders(dirs)
	if err != nil {
		return err
	}
	if a.logLevel == "" && c.Log.Level == "info" && (!f.verbose || f.dryRun) {
		c.Log.Level = "warn" // the summary tells what was done
	}
	bar, to := a.bar()
	defer bar.Close()
	e, err := newEngine(c, a.loggerTo(c, to), f.dryRun, part)
	if err != nil {
		return err
	}
	start := time.Now()
	t := newTally()
	if f.dryRun {
		t.would = map[string][]sidecar.Change{}
	}
	e.done = func(path string, out sidecar.Outcome, err error, _ time.Duration) { t.add(path, out, err) }
	e.showOn(bar)
	err = e.pass(ctx, t, bar)
	if cerr := e.Close(); err == nil {
		err = cerr
	}
	bar.Close()
	if ctx.Err() != nil {
		return t.stopped(f.dryRun)
	}
	if f.dryRun {
		changes := t.planned()
		if err := a.announce(changes, f.verbose); err != nil {
			return err
		}
	}
	fmt.Fprintln(a.err, t.summary(f.dryRun, time.Since(start)))
	if err == nil && len(t.failed) > 0 {
		err = withHint(fmt.Errorf("%s could not be brought up to date", plural(len(t.failed), "file")),
			"the lines above say why; qacorpus doctor tells what to do about it")
	}
	return err
}

// bar makes a progress bar where standard error is a terminal that can show one,
// else nil. w is where to log meanwhile.
func (a *app) bar() (bar *progress.Bar, w io.Writer) {
	if !a.terminal(a.err) || a.getenv("TERM") == "dumb" {
		return nil, a.err
	}
	bar = progress.New(a.err.(*os.File), near)
	return bar, bar
}

// showOn lets the bar follow the work of the queue.
func (e *engine) showOn(bar *progress.Bar) {
	work := e.queue.work
	e.queue.work = func(ctx context.Context, path string) (time.Duration, error) {
		bar.Begin(path)
		again, err := work(ctx, path)
		bar.End(path, again == 0)
		return again, err
	}
}

// pass looks at every source of the folders once, and again at those that were
// being written or could not be handled, for a while.
func (e *engine) pass(ctx context.Context, t *tally, bar *progress.Bar) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	var queueErr, hookErr error
	work.Go(func() { queueErr = e.queue.Run(ctx, e.lookers()) })
	work.Go(func() { hookErr = e.hooks.Run(ctx, hooksAtOnce) })
	if !e.rec.DryRun {
		work.Go(func() { e.commits(ctx) })
	}
	var errs []error
	// What is gone comes last: where it was renamed to is known by then.
	var gone []string
	walks := e.walks()
	walks.Known = func(seen []watcher.Sight) {
		e.known(seen)
		for i := range seen {
			if seen[i].Skip {
				bar.Add()
				bar.End(seen[i].Path, true)
			}
		}
	}
	for _, f := range e.config.Folders {
		errs = append(errs, watcher.Walk(ctx, f.Path, walks, func(path string) error {
			if !e.part(path) {
				return nil
			}
			if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
				gone = append(gone, path)
				return nil
			}
			bar.Add()
			e.queue.Add(path)
			return nil
		}))
	}
	for range gone {
		bar.Add()
	}
	bar.Found()
	if !e.rec.DryRun {
		e.recover()
	}
	e.queue.Idle(ctx)
	for _, path := range gone {
		e.queue.Add(path)
	}
	deadline := time.Now().Add(passPatience)
	for {
		late := e.queue.Idle(ctx)
		if late == 0 || late <= t.hopeless() || time.Now().After(deadline) || ctx.Err() != nil {
			break
		}
		wait(ctx, soonEnough)
	}
	e.hooks.Idle(ctx)
	stop()
	work.Wait()
	return errors.Join(append(errs, queueErr, hookErr)...)
}

// commits makes lasting what was done so far, from time to time until ctx ends: a
// killed pass loses little, and the caches need not look for copies of a paper
// among all that was read since the start.
func (e *engine) commits(ctx context.Context) {
	tick := time.NewTicker(commitEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = e.commit() // which told of it; Close tries again
		}
	}
}

const (
	commitEvery = 3 * time.Second
	// passPatience is how long a pass tries again what is being written or
	// fails: long enough for a save or a copy's end, not for a repair.
	passPatience = 5 * time.Second
	soonEnough   = 50 * time.Millisecond
)

// wait returns after d or when ctx ends.
func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
