package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"qacorpus/cmd/qacorpus/page"
	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/history"
	"qacorpus/watcher"
)

// view is the corpus as serve shows it: what list, check and show tell, kept up to
// date by a watcher of its own. It writes nothing into the folders.
//
// Every path is looked at by itself (viewlook.go), as the daemon does, and what was
// found is kept: a request for the table (viewtable.go) touches no file, one for a paper (viewpaper.go)
// only that paper's.
type view struct {
	shown  *config.Config // the folders to show
	wide   *config.Config // with the others in which question-answer files may lie
	log    *slog.Logger
	pool   *extract.Pool
	texts  *paperTexts
	corpus *corpus.Corpus
	judge  *judge
	past   *history.Store // nil where there is none
	queue  *queue
	watch  *engine // tells how the folders are watched; does nothing else

	mu      sync.Mutex            // guards all below
	papers  map[string]*viewPaper // by path: the PDFs of the shown folders
	order   []*viewPaper          // the same as list numbers them; nil where one came or went
	files   map[string]*viewFile  // by path: the question-answer files
	again   map[string]bool       // paths to look at even if they are the same
	unseen  map[string]bool       // paths that have not been looked at yet
	paths   map[string]string     // by id: the paths of papers
	rows    []page.Row            // of version made
	version uint64                // grows with every change
	made    uint64                // the version of rows; 0 for none
	changed chan struct{}         // closed, and made anew, with every change
}

// newView finds the files of the folders. Looking at them is left to Run.
func (a *app) newView(ctx context.Context, c *config.Config) (*view, error) {
	wide, err := a.around(c)
	if err != nil {
		return nil, err
	}
	v := &view{
		shown: c, wide: wide, log: a.logger(c), past: keptHistory(wide),
		papers: map[string]*viewPaper{}, files: map[string]*viewFile{}, again: map[string]bool{}, unseen: map[string]bool{},
		paths: map[string]string{}, version: 1, changed: make(chan struct{}),
	}
	x := wide.Extract
	v.pool, err = extract.New(extract.Options{
		Workers: x.Workers, Timeout: x.Timeout, Memory: x.Memory, Sandbox: x.Sandbox, OCR: x.OCR, Log: v.log,
	})
	if err != nil {
		return nil, err
	}
	v.texts = newPaperTexts(wide, v.pool)
	o := corpus.Options{SameFile: sameFile, Texts: v.texts, Head: v.texts.head}
	for _, f := range wide.Folders {
		o.Roots = append(o.Roots, f.Path)
	}
	v.corpus = corpus.New(o)
	v.judge = newJudge(wide, v.corpus)
	v.queue = newQueue(v.look)
	v.watch = &engine{config: wide, log: v.log, leftovers: map[string]bool{}}
	pdfs, qas, err := survey(ctx, wide, nil)
	if ctx.Err() != nil {
		v.pool.Close()
		return nil, ctx.Err()
	}
	if err != nil {
		v.log.Warn("some folders cannot be read", "err", err)
	}
	v.meet(ctx, pdfs, qas)
	return v, nil
}

// meet makes the files known by name and asks for a look at each: at the PDFs
// first, because what is said of a question-answer file depends on them.
func (v *view) meet(ctx context.Context, pdfs []paper, qas []string) {
	for _, p := range pdfs {
		v.corpus.PutPDF(ctx, corpus.PDF{Path: p.path, ID: identity(p.path)})
		v.unseen[p.path] = true
		if _, ok := v.shown.FolderOf(p.path); ok {
			v.papers[p.path] = v.newPaper(p.path)
		}
		v.queue.Add(p.path)
	}
	for _, path := range qas {
		v.unseen[path] = true
		v.queue.Add(path)
	}
}

// Run keeps the view up to date until ctx ends.
func (v *view) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return v.queue.Run(ctx, v.watch.lookers()) })
	for _, o := range v.watch.watches() {
		g.Go(func() error { return watcher.Run(ctx, o, v.queue.Add) })
	}
	return g.Wait()
}

// Close ends the workers.
func (v *view) Close() error { return v.pool.Close() }

// Wait returns the version as soon as it is not seen, or when ctx ends.
func (v *view) Wait(ctx context.Context, seen uint64) uint64 {
	for {
		v.mu.Lock()
		version, changed := v.version, v.changed
		v.mu.Unlock()
		if version != seen {
			return version
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return version
		}
	}
}

// change makes a new version. The caller holds v.mu.
func (v *view) change() {
	v.version++
	close(v.changed)
	v.changed = make(chan struct{})
}

// Papers returns the table.
func (v *view) Papers() ([]page.Row, page.State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.made != v.version {
		v.rows = v.table()
		v.made = v.version
	}
	st := page.State{Version: v.version, Waiting: len(v.unseen)}
	for _, f := range v.shown.Folders {
		st.Folders = append(st.Folders, filepath.Base(f.Path))
	}
	for path, f := range v.files {
		if f.lost {
			st.Lost = append(st.Lost, v.relative(path))
		}
	}
	slices.Sort(st.Lost)
	return v.rows, st
}

// relative is path from its watched folder on.
func (v *view) relative(path string) string {
	if f, ok := v.wide.FolderOf(path); ok {
		if rel, err := filepath.Rel(f.Path, path); err == nil {
			return rel
		}
	}
	return filepath.Base(path)
}
