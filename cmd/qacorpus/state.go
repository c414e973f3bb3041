package main

import (
	"os"
	"path/filepath"
	"time"

	"qacorpus/install/config"
	"qacorpus/sidecar"
	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/history"
)

// openHistory makes the history known to whoever replaces files. Without one no
// file of a person's is rewritten.
func (e *engine) openHistory() {
	h, err := history.Open(filepath.Join(e.config.State, "history"))
	if err != nil {
		e.log.Warn("working without a history, so no QA file is tidied", "path", e.config.State, "err", err)
		return
	}
	e.history = h
	for _, w := range e.writers() {
		w.Known = h.Has
		w.Keep = func(path string, data []byte) error {
			_, err := h.Put(sidecar.HistoryPath(path), data, "saved while qacorpus was at work")
			return err
		}
	}
}

// prune forgets old versions of QA files.
func (e *engine) prune() {
	if e.history == nil {
		return
	}
	c := e.config.History
	e.kept.Store(0)
	gone, err := e.history.Prune(c.Keep, time.Duration(c.Days)*24*time.Hour, time.Now())
	e.once.failed(e.config.State, err)
	if gone > 0 {
		e.log.Debug("forgot old versions", "count", gone)
	}
}

// peek opens caches and history for a dry run, which asks them and changes
// nothing. Without them it finds the same, but for PDFs that were renamed and QA
// files that were restored.
func (e *engine) peek() {
	for _, f := range e.config.Folders {
		c, err := cache.OpenReadOnly(cacheFile(e.config.State, f.Path))
		if err != nil {
			e.log.Debug("looking without the cache", "path", f.Path, "err", err)
			continue
		}
		e.caches[f.Path] = c
	}
	e.history = keptHistory(e.config)
}

// keptHistory opens the history, if there is one; nil if not.
func keptHistory(c *config.Config) *history.Store {
	dir := filepath.Join(c.State, "history")
	if _, err := os.Stat(filepath.Join(dir, "logs")); err != nil {
		return nil // opening it would make it
	}
	h, err := history.Open(dir)
	if err != nil {
		return nil // whoever only asks can do without
	}
	return h
}
