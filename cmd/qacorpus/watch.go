package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"qacorpus/install"
	"qacorpus/install/config"
	"qacorpus/watcher"
)

func (a *app) watchCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "watch [DIR…]",
		Short: "Keep folders up to date until stopped",
		Long: `Watches the folders, those of the configuration where none is named, and keeps the
preview of every PDF up to date until it is stopped with Ctrl-C or SIGTERM. This
is what the service runs.`,
		Example: `  qacorpus watch ~/QA_corpus
  qacorpus watch --log-format json ~/QA_corpus ~/other`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.watch(c.Context(), dirs)
		},
	}
}

// watch runs until ctx ends, which is no error.
func (a *app) watch(ctx context.Context, dirs []string) error {
	a.logsWarnings = true
	c, err := a.folders(dirs)
	if err != nil {
		return err
	}
	return install.Serve(ctx, func(ctx context.Context) error {
		for c != nil {
			next, err := a.watchWith(ctx, dirs, c)
			if err != nil {
				return err
			}
			c = next
		}
		return nil
	})
}

// watchWith watches with one configuration, until ctx ends or, then returned,
// another comes into force.
func (a *app) watchWith(ctx context.Context, dirs []string, c *config.Config) (next *config.Config, err error) {
	log := a.logger(c)
	e, err := newEngine(c, log, false, shard{})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	for _, w := range c.Warnings {
		log.Warn("configuration", "warning", w)
	}
	for _, f := range c.Folders {
		log.Info("watching", "path", f.Path)
	}
	ending := ctx.Done()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var reloading sync.WaitGroup
	reloading.Go(func() {
		if next = a.reloads(ctx, log, dirs, c); next != nil {
			stop()
		}
	})
	err = e.run(ctx, a.newDaemon(e, ending))
	stop()
	reloading.Wait()
	if cerr := e.Close(); err == nil {
		err = cerr
	}
	log.Info("stopped", "after", time.Since(start).Round(time.Second))
	return next, err
}

// sidecarGrace is how long a sidecar that vanished is waited for, as long as the
// watcher waits for a source.
const sidecarGrace = 2 * time.Second

// run watches and works until ctx ends or a part fails, and returns when all
// parts have.
func (e *engine) run(ctx context.Context, d *daemon) error {
	e.done = d.looked
	e.rec.Grace = sidecarGrace
	watches := e.watches()
	d.watchers = make([]atomic.Int64, len(watches))
	for i := range watches {
		watches[i].Status = d.watched(i)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.run(ctx) })
	g.Go(func() error { return e.queue.Run(ctx, e.lookers()) })
	g.Go(func() error { return e.hooks.Run(ctx, hooksAtOnce) })
	g.Go(func() error { return e.upkeep(ctx) })
	for _, o := range watches {
		g.Go(func() error {
			if err := watcher.Run(ctx, o, e.queue.Add); err != nil {
				return fmt.Errorf("watch folders: %w", err)
			}
			return nil
		})
	}
	return g.Wait()
}
