package main

// The quick way over what has not changed: the watcher's listing of a folder and what the cache remembers decide together,
// with no further look at the disk and no turn in the queue. Whatever they cannot tell goes the usual way.

import (
	"context"
	"path/filepath"

	"qacorpus/sidecar"
	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/name"
	"qacorpus/watcher"
)

// knownAtOnce bounds how many sources the cache is asked about at a time.
const knownAtOnce = 256

// known is the watcher's question which sources of one folder need no look. It skips only those that Reconcile would find
// unchanged, and tells of them as look would.
func (e *engine) known(seen []watcher.Sight) {
	for len(seen) > 0 {
		n := min(len(seen), knownAtOnce)
		e.knownOf(seen[:n])
		seen = seen[n:]
	}
}

func (e *engine) knownOf(seen []watcher.Sight) {
	f, _ := e.config.FolderOf(seen[0].Path)
	store := e.caches[f.Path]
	if store == nil || e.learnt.Load() && e.corpus.Reads() {
		return
	}
	at, paths := make([]int, 0, len(seen)), make([]string, 0, len(seen))
	for i := range seen {
		s := &seen[i]
		if s.Source != (watcher.File{}) && s.Sidecar != (watcher.File{}) && name.Of(filepath.Base(s.Path)) == name.PDF && e.part(s.Path) {
			at, paths = append(at, i), append(paths, s.Path)
		}
	}
	if len(paths) == 0 {
		return
	}
	version := e.versions[f.Path]
	for n, entry := range store.GetAll(make([]cache.Entry, 0, len(paths)), paths) {
		s := &seen[at[n]]
		out, same := sidecar.Unchanged(entry, version, statOf(s.Source), statOf(s.Sidecar))
		if !same || e.queue.holds(s.Path) || e.conflicting(s.Path) {
			continue
		}
		s.Skip = true
		e.looks.Add(1)
		e.finish(context.Background(), s.Path, out)
	}
	e.work() // upkeep gives back what this took
}

// statOf is what the cache compares. Where the system tells no change time, it is the other one.
func statOf(f watcher.File) cache.Stat {
	s := cache.Stat{Size: f.Size, Mtime: f.Mtime, Ctime: f.Ctime, Ino: f.Inode}
	if s.Ctime == 0 {
		s.Ctime = s.Mtime
	}
	return s
}

// finish tells of a look that led to out, with nothing changed and nothing left to do.
func (e *engine) finish(ctx context.Context, path string, out sidecar.Outcome) {
	e.tellCorpus(ctx, path, out)
	e.once.note(path, "")
	e.once.failed(path, nil)
	if e.done != nil {
		e.done(path, out, nil, 0)
	}
}
