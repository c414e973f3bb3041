package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"qacorpus/sidecar"
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
	mu       sync.Mutex // guards the rest
	statuses map[string]int
	verbs    map[string]int
	failed   map[string]error // by path, until a later try goes well

	qaFiles, pairs, wrong int // QA files, their valid pairs, and the files with errors
}

func (t *tally) add(path string, out sidecar.Outcome, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, path)
	switch {
	case err != nil:
		t.failed[path] = err
	case out.Again > 0:
		return // not yet done
	case out.Status != "":
		t.statuses[string(out.Status)]++
	case out.Pairs > 0 || out.Errors > 0:
		t.qaFiles++
		t.pairs += out.Pairs
		if out.Errors > 0 {
			t.wrong++
		}
	}
	for _, c := range out.Changes {
		t.verbs[c.Verb]++
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
	t := &tally{statuses: map[string]int{}, verbs: map[string]int{}, failed: map[string]error{}}
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
	e.recover()
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
	total := 0
	var kinds []string
	for _, s := range slices.Sorted(maps.Keys(t.statuses)) {
		total += t.statuses[s]
		kinds = append(kinds, fmt.Sprintf("%d %s", t.statuses[s], s))
	}
	s := plural(total, "PDF")
	if len(kinds) > 0 {
		s += " (" + strings.Join(kinds, ", ") + ")"
	}
	if t.qaFiles > 0 {
		s += fmt.Sprintf(", %s with %s", plural(t.qaFiles, "QA file"), plural(t.pairs, "pair"))
		if t.wrong > 0 {
			s += fmt.Sprintf(" (%d with errors, see the .problems.md beside them)", t.wrong)
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
