package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"qacorpus/cmd/qacorpus/page"
	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/preview"
	"qacorpus/watcher"
)

// view is the corpus as serve shows it: what list, check and show tell, kept up to
// date by a watcher of its own. It writes nothing into the folders.
//
// Every path is looked at by itself (viewlook.go), as the daemon does, and what was
// found is kept: a request for the table touches no file, one for a paper (viewpaper.go)
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

// table makes the rows anew, in the order in which list numbers them. The caller
// holds v.mu.
func (v *view) table() []page.Row {
	papers := v.sorted()
	bySHA := map[string][]*viewPaper{}
	for _, p := range papers {
		if p.header.SHA256 != "" {
			bySHA[p.header.SHA256] = append(bySHA[p.header.SHA256], p)
		}
	}
	before := make(map[string]*page.Row, len(v.rows))
	for i := range v.rows {
		before[v.rows[i].ID] = &v.rows[i]
	}
	at := make(map[string]int, len(papers))
	rows := make([]page.Row, len(papers))
	for i, p := range papers {
		at[p.path] = i
		rows[i] = p.row(i, len(v.shown.Folders) > 1)
		if same := bySHA[p.header.SHA256]; len(same) > 1 {
			for _, other := range same {
				if other != p {
					rows[i].SameAs = append(rows[i].SameAs, other.rel)
				}
			}
			slices.Sort(rows[i].SameAs)
		}
	}
	for _, f := range v.files {
		for pdf, n := range f.pairs {
			if i, ok := at[pdf]; ok {
				rows[i].Files++
				rows[i].Pairs += n
				rows[i].Errors += f.errors
				rows[i].Warnings += f.warnings
			}
		}
	}
	for i, p := range papers {
		r := &rows[i]
		if r.Files > 0 {
			if c := v.corpus.Coverage(p.path); c.Pages > 0 {
				r.Asked, r.Askable = c.Covered, c.Covered+len(c.Uncovered)
			}
		}
		if old := before[r.ID]; old != nil {
			r.Version = old.Version
			if same(*old, *r) && p.version <= old.Version {
				continue
			}
		}
		r.Version = v.version
	}
	return rows
}

// sorted gives the papers in their order. The caller holds v.mu.
func (v *view) sorted() []*viewPaper {
	if v.order == nil {
		v.order = slices.SortedFunc(maps.Values(v.papers), func(a, b *viewPaper) int {
			return cmp.Or(strings.Compare(a.rel, b.rel), cmp.Compare(a.folder, b.folder))
		})
	}
	return v.order
}

// same tells whether two rows show the same.
func same(a, b page.Row) bool {
	if !slices.Equal(a.SameAs, b.SameAs) {
		return false
	}
	a.SameAs, b.SameAs = nil, nil
	return a.ID == b.ID && a.Index == b.Index && a.Name == b.Name && a.Title == b.Title && a.Status == b.Status && a.Pages == b.Pages &&
		a.Files == b.Files && a.Pairs == b.Pairs && a.Errors == b.Errors && a.Warnings == b.Warnings && a.Asked == b.Asked &&
		a.Askable == b.Askable && a.Stamp == b.Stamp && a.Drawn == b.Drawn
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

// idOf names a paper in addresses. It is no path, so that no address can lead to a
// file that is not in the table.
func idOf(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:10])
}

// viewPaper is a PDF of the table.
type viewPaper struct {
	id        string // in addresses
	path, rel string
	folder    int    // place of its folder among those shown
	label     string // name of its folder
	seen      string // what it and its preview were like when they were looked at; "" for not yet
	stamp     string // changes when the PDF does
	header    preview.Header
	known     bool   // whether the header is that of its preview, not of our own reading
	version   uint64 // of the view when it, or a file of it, changed last
}

// newPaper makes an entry, which the caller puts into v.papers while it holds v.mu.
func (v *view) newPaper(path string) *viewPaper {
	p := &viewPaper{id: idOf(path), path: path, rel: v.relative(path), version: v.version}
	for i, f := range v.shown.Folders {
		if own, _ := v.shown.FolderOf(path); own.Path == f.Path {
			p.folder, p.label = i, filepath.Base(f.Path)
		}
	}
	v.paths[p.id] = path
	v.order = nil
	return p
}

func (p *viewPaper) row(index int, labelled bool) page.Row {
	h := p.header
	r := page.Row{
		ID: p.id, Index: index, Name: p.rel, Title: h.Title, Status: string(h.Status), Pages: h.Pages, Stamp: p.stamp,
		Drawn: h.Status == preview.OK || h.Status == preview.NoText,
	}
	if labelled {
		r.Folder = p.label
	}
	return r
}
