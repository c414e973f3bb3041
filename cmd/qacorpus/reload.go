package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"qacorpus/install/config"
)

// reloadEvery is the pause between two looks at the configuration file, if there
// is one: as long as the watcher's, because waking up is what idling costs.
const reloadEvery = 4 * time.Second

// reloads waits until the configuration in force should give way to another: at
// SIGHUP, or when its file has changed, and only if the new one is right and says
// something else. A mistake in it is told, and the old one stays in force. It
// returns nil when ctx ends.
func (a *app) reloads(ctx context.Context, log *slog.Logger, dirs []string, now *config.Config) *config.Config {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	var look <-chan time.Time
	if now.File != "" {
		tick := time.NewTicker(reloadEvery)
		defer tick.Stop()
		look = tick.C
	}
	seen := fileStamp(now.File)
	for {
		asked := false
		select {
		case <-ctx.Done():
			return nil
		case <-hangup:
			asked = true
		case <-look:
		}
		stamp := fileStamp(now.File)
		if stamp == seen && !asked {
			continue
		}
		seen = stamp
		next, err := a.folders(dirs)
		switch {
		case err != nil:
			log.Error("the changed configuration has mistakes, the old one stays in force", "err", err)
		case slices.Equal(next.Values(), now.Values()) && next.State == now.State:
			log.Debug("configuration read again, it says the same")
		default:
			log.Info("configuration changed", "path", next.File)
			return next
		}
	}
}

// fileStamp is what tells a changed file from an unchanged one.
func fileStamp(path string) [2]int64 {
	info, err := os.Stat(path)
	if path == "" || err != nil {
		return [2]int64{}
	}
	return [2]int64{info.Size(), info.ModTime().UnixNano()}
}
