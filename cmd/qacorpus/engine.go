package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/install/lock"
	"qacorpus/sidecar"
	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/complete"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/safefile"
	"qacorpus/watcher"
)

// engine is the parts that watch and sync share, put together for one
// configuration.
type engine struct {
	config   *config.Config
	shard    shard // the part of the sources that is this process's
	log      *slog.Logger
	pool     *extract.Pool
	lock     *lock.Lock
	caches   map[string]*cache.Cache // by folder; read only after newEngine
	versions map[string]uint64       // of the settings, by folder; read only after newEngine
	corpus   *corpus.Corpus          // what QA files have to do with papers and with each other
	names    sync.Once               // learns the names of the PDFs
	learnt   atomic.Bool             // whether that has begun
	looks    atomic.Int64            // since upkeep rested last
	kept     atomic.Int64            // QA files that were rewritten since old versions were forgotten last
	rec      *sidecar.Reconciler
	files    *safefile.Writer
	sidecars *safefile.Writer // for previews and reports
	always   *safefile.Writer // for folders with qa.normalise = "always"
	history  *history.Store   // nil where it cannot be had
	queue    *queue
	hooks    *queue // of files for which the person's command is to run
	once     *oncePerCause

	worked chan struct{} // holds a token when upkeep has something to do; never closed
	cores  int           // that this process had before it left half of them to the workers

	mu        sync.Mutex
	leftovers map[string]bool                                                       // folders in which temporary files were seen; guarded by mu
	conflicts map[string][]string                                                   // conflict copies of previews that were seen, by source; nil for none; guarded by mu
	done      func(path string, out sidecar.Outcome, err error, took time.Duration) // told of each look; may be nil
}

// newEngine takes the folders for this process and opens what is needed.
func newEngine(c *config.Config, log *slog.Logger, dryRun bool, part shard) (*engine, error) {
	e := &engine{config: c, shard: part, log: log, caches: map[string]*cache.Cache{}, leftovers: map[string]bool{}, worked: make(chan struct{}, 1), cores: runtime.GOMAXPROCS(0), once: newOncePerCause(log)}
	e.files = &safefile.Writer{Deferred: true}
	e.sidecars = &safefile.Writer{Deferred: true, Always: true, Quiet: sidecarQuiet}
	e.always = &safefile.Writer{Deferred: true, Always: true}
	if !dryRun {
		if err := e.takeFolders(); err != nil {
			return nil, err
		}
		e.openHistory()
	} else {
		e.peek()
	}
	pool, err := extract.New(extract.Options{
		Workers: c.Extract.Workers, Timeout: c.Extract.Timeout, Memory: c.Extract.Memory,
		Sandbox: c.Extract.Sandbox, OCR: c.Extract.OCR, Log: log,
	})
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	e.pool = pool
	e.rec = &sidecar.Reconciler{
		Extractor: reader{pool, sync.OnceFunc(e.leaveCores)}, Sidecars: e.sidecars, Files: e.files, Always: e.always, History: e.history, DryRun: dryRun, Settings: e.settings,
		Cache: func(path string) *cache.Cache { f, _ := c.FolderOf(path); return e.caches[f.Path] }, Conflicts: e.conflictsOf,
	}
	e.queue, e.hooks = newQueue(e.look), newQueue(e.runHook)
	e.knowCorpus()
	e.versions = map[string]uint64{}
	for _, f := range c.Folders {
		e.versions[f.Path] = e.settings(f.Path).Version()
	}
	return e, nil
}

// leaveCores leaves half of the cores to the workers, which is for when one is first asked, or nothing is left to do; until then
// all are for finding what is to be done. With fewer of its own, this process also spends less on waking threads: a tenth of the time of a pass on two
// cores. Close takes them back.
func (e *engine) leaveCores() { runtime.GOMAXPROCS(max(1, e.cores/2)) }

// takeFolders locks the folders and opens their caches. A cache that cannot be
// had costs time, not the work.
func (e *engine) takeFolders() error {
	var paths []string
	for _, f := range e.config.Folders {
		paths = append(paths, e.shard.claim(f.Path))
	}
	l, err := lock.Folders(paths)
	var held *lock.HeldError
	if errors.As(err, &held) {
		if !e.shard.whole() && held.By != held.Path {
			held.Path = filepath.Dir(held.Path) // not the claim, but its folder
		}
		return withHint(err, "that process keeps it up to date already; stop it first if you want to do so here")
	}
	if err != nil {
		return err
	}
	e.lock = l
	for i, f := range e.config.Folders {
		c, err := cache.Open(cacheFile(e.config.State, paths[i]))
		if err != nil {
			e.log.Warn("working without a cache, so every start reads all PDFs", "path", f.Path, "err", err)
			continue
		}
		e.caches[f.Path] = c
	}
	return nil
}

// sidecarQuiet is how long a sidecar must have been left alone before it is
// replaced where the system has no way to tell whether it is open.
const sidecarQuiet = 200 * time.Millisecond

func (e *engine) writers() []*safefile.Writer {
	return []*safefile.Writer{e.sidecars, e.files, e.always}
}

// flush makes lasting what the writers left to be.
func (e *engine) flush() error {
	var errs []error
	for _, w := range e.writers() {
		errs = append(errs, w.Flush())
	}
	return errors.Join(errs...)
}

// Close ends the workers, commits the caches and gives the folders back.
func (e *engine) Close() error {
	var errs []error
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
	}
	errs = append(errs, e.flush())
	for _, c := range e.caches {
		errs = append(errs, c.Close())
	}
	if e.lock != nil {
		e.lock.Release()
	}
	runtime.GOMAXPROCS(e.cores)
	return errors.Join(errs...)
}

// lookers is how many paths are looked at at a time. With two for each worker,
// workers wait for hashing now and then; with three, hardly ever. Ten more wait for
// the disk: the more fsyncs wait together, the fewer commits of the file system's
// journal they take, which makes a first pass over papers of a page a fifth shorter.
func (e *engine) lookers() int { return 3*max(e.config.Extract.Workers, 2) + 10 }

// look is the queue's work on one path.
func (e *engine) look(ctx context.Context, path string) (time.Duration, error) {
	e.looks.Add(1)
	start := time.Now()
	out, err := e.rec.Reconcile(ctx, path)
	if ctx.Err() != nil {
		return 0, nil
	}
	took := time.Since(start)
	for _, c := range out.Changes {
		e.logChange(c, out, took)
		if c.Verb == "normalised" {
			e.kept.Add(1)
		}
		if c.Verb != "removed" {
			e.hook(c.Path)
		}
	}
	if err == nil && out.Again == 0 && ctx.Err() == nil {
		e.tellCorpus(ctx, path, out)
	}
	if out.Note != "" || out.Again == 0 {
		e.once.note(path, out.Note)
	}
	e.once.failed(path, err)
	if e.done != nil {
		e.done(path, out, err, took)
	}
	e.work()
	if out.Again == 0 {
		return out.Later, err
	}
	return out.Again, err
}

func (e *engine) logChange(c sidecar.Change, out sidecar.Outcome, took time.Duration) {
	attrs := []any{"path", c.Path}
	if c.From != "" {
		attrs = append(attrs, "from", c.From)
	}
	if out.Status != "" {
		attrs = append(attrs, "status", string(out.Status))
	}
	if len(c.Details) > 0 {
		attrs = append(attrs, "what", strings.Join(c.Details, ", "))
	}
	if out.Errors > 0 {
		attrs = append(attrs, "errors", out.Errors)
	}
	if len(out.SameAs) > 0 {
		attrs = append(attrs, "same_bytes_as", out.SameAs[0])
	}
	e.log.Info(c.Verb, append(attrs, "took", took.Round(time.Microsecond))...)
}

// settings picks what holds for path.
func (e *engine) settings(path string) sidecar.Settings {
	f, _ := e.config.FolderOf(path)
	x := e.config.Extract
	return sidecar.Settings{
		Pages: f.Preview.Pages, Expand: f.Preview.Ligatures == "expand", Passwords: f.Preview.Passwords,
		MaxSize: x.MaxSize, Fetch: f.Watch.OnlineOnly == "fetch",
		Reader: fmt.Sprint(x.Timeout, x.Memory, x.OCR),
		QA:     sidecar.QA{Options: qaOptions(f), Normalise: f.QA.Normalise, Report: f.QA.Report},
	}
}

// qaOptions is how a folder's QA files are read and written.
func qaOptions(f config.Folder) qa.Options {
	o := qa.Options{Convert: f.QA.Convert, Indent: f.QA.Indent, MaxSize: f.QA.MaxSize}
	if f.QA.Shape == "paper" {
		o.Shape = "paper"
	}
	if f.QA.ASCII != nil {
		o.ASCII = strconv.FormatBool(*f.QA.ASCII)
	}
	return o
}

// watches is how the folders are watched: those with the same settings together.
func (e *engine) watches() []watcher.Options {
	var all []watcher.Options
	group := map[any]int{} // by a folder's settings: its place in all
	for _, f := range e.config.Folders {
		i, ok := group[f.Watch]
		if !ok {
			i = len(all)
			group[f.Watch] = i
			o := e.walks()
			o.Known, o.Check, o.Poll, o.Rescan = e.known, check, f.Watch.Poll, f.Watch.Rescan
			if f.Watch.PollInterval != adaptive {
				o.PollInterval = f.Watch.PollInterval
			}
			all = append(all, o)
		}
		all[i].Roots = append(all[i].Roots, f.Path)
	}
	return all
}

// adaptive is the value of watch.poll_interval that leaves the pace to the watcher.
const adaptive = 2 * time.Second

// walks is how a folder's sources are found.
func (e *engine) walks() watcher.Options {
	return watcher.Options{Key: e.key, SkipDir: e.skip, Log: e.log}
}

// key folds a sidecar's path onto its source's, and drops what does not matter.
func (e *engine) key(path string) (string, bool) {
	dir, base := filepath.Split(path)
	if strings.HasPrefix(base, ".qacorpus-") {
		e.mu.Lock()
		e.leftovers[filepath.Clean(dir)] = true
		e.mu.Unlock()
		e.work()
		return "", false
	}
	switch name.Of(base) {
	case name.PDF, name.QA:
	case name.Preview, name.Problems:
		source, ok := name.Source(base)
		if !ok {
			source, ok = sourceOfCut(dir, base)
		}
		if !ok {
			return "", false
		}
		path = dir + source
	default:
		source, ok := name.Source(name.Conflicting(base))
		if !ok || e.ignored(dir+source) {
			return "", false
		}
		e.noteConflict(dir+source, path)
		path = dir + source
	}
	return path, !e.ignored(path)
}

func (e *engine) skip(path string) bool {
	return name.Ignored(filepath.Base(path)) || e.ignored(path)
}

// ignored reports whether the configuration leaves path out.
func (e *engine) ignored(path string) bool {
	f, ok := e.config.FolderOf(path)
	if !ok || len(f.Ignore) == 0 {
		return false
	}
	rel, err := filepath.Rel(f.Path, path)
	return err == nil && f.Ignores(rel)
}

// sourceOfCut finds the source of a sidecar whose name was cut: in the folder
// or, where it is gone, in the sidecar's own first lines.
func sourceOfCut(dir, base string) (string, bool) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", false
	}
	for _, e := range entries {
		if name.Sidecar(e.Name()) == base {
			return e.Name(), true
		}
	}
	data, _, err := safefile.Read(filepath.Join(dir, base), maxPreview)
	if err != nil {
		return "", false
	}
	h, _ := preview.Parse(data)
	return h.Source, name.Sidecar(h.Source) == base
}

// check is the watcher's question whether a file is whole.
func check(path string) watcher.Verdict {
	v := complete.Check(path)
	return watcher.Verdict{Complete: v.Whole, Busy: v.Busy, Quiet: v.Quiet}
}
