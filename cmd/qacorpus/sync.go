package main

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"qacorpus/sidecar"
	"qacorpus/sidecar/preview"
	"qacorpus/watcher"
)

func (a *app) syncCommand() *cobra.Command {
	var dryRun bool
	c := &cobra.Command{
		Use:   "sync [DIR…]",
		Short: "Bring everything up to date once",
		Long: `Brings the preview of every PDF in the folders up to date, once, and exits. Without
folders, those of the configuration. The exit status is 0 when that was done,
whatever the PDFs hold; 3 when some file could not be written or read.`,
		Example: `  qacorpus sync ~/QA_corpus
  qacorpus sync --dry-run ~/QA_corpus      only tell what would be done`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.sync(c.Context(), dirs, dryRun)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "tell what would be done and change nothing")
	return c
}

// tally counts what a pass led to.
type tally struct {
	mu     sync.Mutex // guards the rest
	seed   maphash.Seed
	last   map[uint64]outcome // by a hash of the path: a path may be looked at more than once
	verbs  map[string]int
	failed map[string]error // by path, until a later try goes well
}

// outcome is the last that was seen of one source.
type outcome struct {
	status preview.Status // "" for a QA file
	pairs  int
	wrong  bool
}

func newTally() *tally {
	return &tally{seed: maphash.MakeSeed(), last: map[uint64]outcome{}, verbs: map[string]int{}, failed: map[string]error{}}
}

func (t *tally) add(path string, out sidecar.Outcome, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, path)
	for _, c := range out.Changes {
		t.verbs[c.Verb]++
	}
	switch {
	case err != nil:
		t.failed[path] = err
	case out.Again > 0: // not yet done
	case out.Status != "" || out.Pairs > 0 || out.Errors > 0:
		t.last[maphash.String(t.seed, path)] = outcome{out.Status, out.Pairs, out.Errors > 0}
	default:
		delete(t.last, maphash.String(t.seed, path))
	}
}

// sync makes one pass over the folders.
func (a *app) sync(ctx context.Context, dirs []string, dryRun bool) error {
	c, err := a.folders(dirs)
	if err != nil {
		return err
	}
	if a.logLevel == "" && c.Log.Level == "info" {
		c.Log.Level = "warn" // the summary tells what was done
	}
	e, err := newEngine(c, a.logger(c), dryRun)
	if err != nil {
		return err
	}
	start := time.Now()
	t := newTally()
	e.done = func(path string, out sidecar.Outcome, err error, _ time.Duration) {
		t.add(path, out, err)
		if dryRun {
			a.announce(out)
		}
	}
	err = e.pass(ctx)
	if cerr := e.Close(); err == nil {
		err = cerr
	}
	if ctx.Err() != nil {
		return interrupted(ctx, err)
	}
	fmt.Fprintln(a.err, t.summary(dryRun, time.Since(start)))
	if err == nil && len(t.failed) > 0 {
		err = fmt.Errorf("%s could not be brought up to date", plural(len(t.failed), "file"))
	}
	return err
}

// pass looks at every source of the folders once, and again at those that were
// being written or could not be handled, for a while.
func (e *engine) pass(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	var queueErr error
	work.Go(func() { queueErr = e.queue.Run(ctx, e.lookers()) })
	var errs []error
	// What is gone comes last: where it was renamed to is known by then.
	var gone []string
	for _, f := range e.config.Folders {
		errs = append(errs, watcher.Walk(ctx, f.Path, e.walks(), func(path string) error {
			if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
				gone = append(gone, path)
				return nil
			}
			e.queue.Add(path)
			return nil
		}))
	}
	if !e.rec.DryRun {
		e.recover()
	}
	e.queue.Idle(ctx)
	for _, path := range gone {
		e.queue.Add(path)
	}
	deadline := time.Now().Add(passPatience)
	for e.queue.Idle(ctx) > 0 && time.Now().Before(deadline) && ctx.Err() == nil {
		wait(ctx, soonEnough)
	}
	stop()
	work.Wait()
	return errors.Join(append(errs, queueErr)...)
}

const (
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

// verbs are the forms of what a change is called.
var verbs = map[string]struct{ todo, done string }{
	"wrote":      {"write", "written"},
	"replaced":   {"replace", "replaced"},
	"removed":    {"remove", "removed"},
	"moved":      {"move", "moved"},
	"normalised": {"normalise", "normalised"},
}

// announce tells on standard output what a dry run would have changed.
func (a *app) announce(out sidecar.Outcome) {
	var b strings.Builder
	for _, c := range out.Changes {
		verb := verbs[c.Verb].todo
		if c.From != "" {
			fmt.Fprintf(&b, "would %s %s to %s\n", verb, show(c.From), show(c.Path))
			continue
		}
		fmt.Fprintf(&b, "would %s %s\n", verb, show(c.Path))
	}
	fmt.Fprint(a.out, b.String())
}

// summary is the pass in one line.
func (t *tally) summary(dryRun bool, took time.Duration) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	statuses := map[string]int{}
	pdfs, qaFiles, pairs, wrong := 0, 0, 0, 0
	for _, o := range t.last {
		if o.status != "" {
			pdfs++
			statuses[string(o.status)]++
			continue
		}
		qaFiles++
		pairs += o.pairs
		if o.wrong {
			wrong++
		}
	}
	var kinds []string
	for _, s := range slices.Sorted(maps.Keys(statuses)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", statuses[s], s))
	}
	s := plural(pdfs, "PDF")
	if len(kinds) > 0 {
		s += " (" + strings.Join(kinds, ", ") + ")"
	}
	if qaFiles > 0 {
		s += fmt.Sprintf(", %s with %s", plural(qaFiles, "QA file"), plural(pairs, "pair"))
		if wrong > 0 {
			s += fmt.Sprintf(" (%d with errors, see the .problems.md beside them)", wrong)
		}
	}
	var did []string
	for _, v := range slices.Sorted(maps.Keys(t.verbs)) {
		did = append(did, fmt.Sprintf("%d %s", t.verbs[v], verbs[v].done))
	}
	switch {
	case len(did) == 0:
		s += ": all up to date"
	case dryRun:
		s += ": nothing changed; would be " + strings.Join(did, ", ")
	default:
		s += ": " + strings.Join(did, ", ")
	}
	if n := len(t.failed); n > 0 {
		s += fmt.Sprintf(", %d failed", n)
	}
	return s + fmt.Sprintf(" in %.1f s", took.Seconds())
}
