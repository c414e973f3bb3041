package doctor

// Watching, proven end to end: the daemon's own watcher sees a file that is
// dropped into the folder.

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"qacorpus/install/config"
	"qacorpus/sidecar/safefile"
	"qacorpus/watcher"
)

// seeingTime is how long a probe is waited for. Polled folders are looked at
// every 2 s at first; where the configuration asks for less, for three turns.
const seeingTime = 20 * time.Second

// sight is what came of a probe.
type sight struct {
	seen   bool
	took   time.Duration // from dropping to seeing
	polled []string      // why the folder is polled; none where events came
	err    error
}

// watching drops a probe and tells when it was seen.
func (d *doctor) watching(ctx context.Context, f config.Folder) {
	limit := seeingTime
	if f.Watch.Poll == "always" {
		limit = max(limit, 3*f.Watch.PollInterval)
	}
	s := see(ctx, f, limit)
	if ctx.Err() == nil {
		d.add(judgeSight(s, f.Watch.Poll, limit))
	}
}

// judgeSight tells what a probe proves.
func judgeSight(s sight, poll string, limit time.Duration) Check {
	c := Check{Name: "watching", Level: ok, Milliseconds: milliseconds(s.took)}
	switch {
	case s.err != nil:
		c.Level, c.Said, c.Do = fix, fmt.Sprintf("no probe could be dropped: %v", s.err), "see permissions and space above"
	case !s.seen && poll == "never":
		c.Level, c.Said = fix, fmt.Sprintf("a dropped file was not seen within %v", limit)
		c.Do = `this mount sends no events, and watch.poll = "never": set it to "auto"`
	case !s.seen:
		c.Level, c.Said = fix, fmt.Sprintf("a dropped file was not seen within %v", limit)
		c.Do = `set watch.poll = "always" for this folder, and see that its mount shows new files at all`
	case len(s.polled) > 0 && poll != "always":
		c.Said = fmt.Sprintf("a file dropped here was seen after %s; what others change there is found by looking every few seconds: %s", took(s.took), strings.Join(s.polled, "; "))
	case len(s.polled) > 0:
		c.Said = fmt.Sprintf("a dropped file was seen after %s, by looking from time to time (%s)", took(s.took), strings.Join(s.polled, "; "))
	default:
		c.Said = fmt.Sprintf("a dropped file was seen after %s, by the system's event", took(s.took))
	}
	return c
}

func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", milliseconds(d))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// see runs a watcher on the folder alone, without what is below it, drops a probe
// and waits for it. A first probe, which lies there at the start, tells that the
// watcher is at work.
func see(ctx context.Context, f config.Folder, limit time.Duration) (s sight) {
	w := new(safefile.Writer)
	first, remove, err := w.Drop(f.Path)
	if err != nil {
		return sight{err: err}
	}
	defer remove()
	seen := make(chan string, 64) // by the watcher; never closed
	log := &listener{}
	o := watcher.Options{
		Roots: []string{f.Path},
		Key: func(path string) (string, bool) {
			return path, strings.HasSuffix(path, filepath.Ext(first)) && probe(path)
		},
		SkipDir: func(string) bool { return true },
		Check:   func(string) watcher.Verdict { return watcher.Verdict{Complete: true} },
		Poll:    f.Watch.Poll, Log: slog.New(log),
	}
	if f.Watch.Poll == "always" {
		o.PollInterval = f.Watch.PollInterval
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return watcher.Run(gctx, o, func(path string) {
			select {
			case seen <- path:
			default:
			}
		})
	})
	if waitFor(gctx, seen, first) {
		var second string
		var removeSecond func() error
		dropped := time.Now()
		if second, removeSecond, err = w.Drop(f.Path); err == nil {
			s.seen = waitFor(gctx, seen, second)
			s.took = time.Since(dropped)
			err = removeSecond()
		}
	}
	stop()
	if werr := g.Wait(); err == nil {
		err = werr
	}
	s.err, s.polled = err, why(log, f.Watch.Poll)
	return s
}

// probe tells a probe's name.
func probe(path string) bool { return strings.HasPrefix(filepath.Base(path), ".qacorpus-w-") }

// waitFor waits until path was seen, or ctx ends.
func waitFor(ctx context.Context, seen <-chan string, path string) bool {
	for {
		select {
		case got := <-seen:
			if got == path {
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
}

// why returns the reasons for which the watcher polled.
func why(log *listener, poll string) []string {
	if poll == "always" {
		return []string{`watch.poll = "always"`}
	}
	var reasons []string
	if len(log.about("file system sends no reliable events")) > 0 {
		reasons = append(reasons, "its file system sends no reliable events")
	}
	if len(log.about("no more folders can be watched")) > 0 {
		reasons = append(reasons, "the system's watches are used up")
	}
	return reasons
}
