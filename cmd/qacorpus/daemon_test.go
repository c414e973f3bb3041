package main

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"qacorpus/install/config"
	"qacorpus/sidecar"
	"qacorpus/watcher"
)

// The watchdog is fed while the loops move and what is read takes its time, and is
// not once a watcher or the queue stands still.
func TestAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &config.Config{}
		c.Extract.Timeout = time.Minute
		release := make(chan struct{}) // closed to let the look end
		e := &engine{config: c}
		e.queue = newQueue(func(context.Context, string) (time.Duration, error) { <-release; return 0, nil })
		d := (&app{}).newDaemon(e, nil)
		d.watchers = make([]atomic.Int64, 2)
		signs := []func(watcher.Status){d.watched(0), d.watched(1)}

		ctx, stop := context.WithCancel(t.Context())
		var work sync.WaitGroup
		work.Go(func() {
			if err := e.queue.Run(ctx, 1); err != nil {
				t.Error(err)
			}
		})
		// minutes pass; the watchdog asks every fifteen seconds, and the watchers that
		// move say so as often.
		pass := func(d *daemon, minutes int, moving ...func(watcher.Status)) (alive bool) {
			for range 4 * minutes {
				time.Sleep(15 * time.Second)
				for _, sign := range moving {
					sign(watcher.Status{})
				}
				alive = d.alive()
			}
			return alive
		}
		if !pass(d, 60, signs...) {
			t.Error("an hour without work is taken for a hang")
		}
		e.queue.Add("slow.pdf")
		synctest.Wait()
		if !pass(d, 4, signs...) {
			t.Error("a PDF that takes both its tries, after an hour without work, is taken for a hang")
		}
		if pass(d, 1, signs...) {
			t.Error("a look that never ends is not noticed")
		}
		d.looked("slow.pdf", sidecar.Outcome{}, nil, 0)
		if !d.alive() {
			t.Error("a look that ended is not noticed")
		}
		close(release)
		synctest.Wait()
		if !pass(d, 10, signs...) {
			t.Error("after the work is done it is taken for a hang")
		}
		if pass(d, 1, signs[0]) {
			t.Error("a watcher that stands still is not noticed")
		}
		stop()
		work.Wait()
	})
}
