// Package corpus tells of a question-answer file what only its paper and the
// other files of the watched folders can: which PDF it belongs to, what it
// claims that the paper does not say, which pairs other files have as well, and
// which pages nobody has asked about yet.
//
// # Design notes
//
// A Corpus is told of every PDF and every QA file, in any order and as often as
// one likes (PutPDF, PutQA and their opposites). What it learns of one file may
// change what there is to say about others, so each of these calls returns the
// QA files that should be looked at again; Review says what there is to say.
//
// Nothing found here blocks anybody: all of it is warnings, and where a paper
// cannot be read there simply are none about its text.
//
// Memory: of a PDF its names and, only where a file can be told by its title
// alone, the head of its first page are kept; of a QA file the hashes of its
// words. The indexed texts of a few papers stay in memory, because the files of
// one paper come together.
package corpus

import (
	"context"
	"hash/maphash"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"qacorpus/sidecar/ground/across"
	"qacorpus/sidecar/ground/pairing"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
)

// Texts gives the text of all pages of the PDF at path. Pages are nil where the
// PDF has no text that can be read, whatever the reason; the error is set only
// where trying again may help.
type Texts interface {
	Pages(ctx context.Context, path string) ([]string, error)
}

// Options say what a Corpus works on.
type Options struct {
	// Roots are the watched folders, absolute. What marks a file as training or
	// evaluation data is looked for in its path from there on, and messages name
	// files by it.
	Roots []string
	// Texts reads papers; nil for a Corpus that says nothing about papers, not
	// even that one is missing.
	Texts Texts
	// Head gives a PDF's title and the text of its first page, for PDFs that
	// were put without. It is called only once a file turns up that nothing but
	// its title can pair. It may be nil.
	Head func(ctx context.Context, path string) (title, firstPage string)
	// SameFile tells whether two paths lead to one file, by links, whose pairs are
	// then no copies of each other. It may be nil.
	SameFile func(a, b string) bool
}

// PDF is what is known of a paper. Only Path is needed.
type PDF struct {
	Path      string
	ID        string // anything that changes when the bytes do, such as a hash
	Title     string // from the metadata
	FirstPage string // text of the first page
}

// Corpus knows the PDFs and the QA files of one configuration. Its methods may
// be called from many goroutines.
type Corpus struct {
	o      Options
	papers *papers

	mu     sync.Mutex // guards all that follows
	pairs  *pairing.Index
	across *across.Index
	ids    map[uint64]uint32    // of all PDFs, by a hash of the path: a hash of the ID, 0 for none
	headed map[uint64]bool      // those whose heads are known, by a hash of the path
	pdfs   map[string]pdfState  // by path: those whose text was asked for
	files  map[string]*fileInfo // by path of a QA file
	heads  bool                 // whether PDFs are asked for their heads
	owners map[string]string    // by stand-in: the QA file that it stands for
	next   int                  // number of the next stand-in
	seed   maphash.Seed         // of fileInfo.sum
}

// pdfState is what is kept of a PDF whose text was asked for.
type pdfState struct {
	asked  []int            // the pages with enough text to ask about; known after a Review
	pages  int              // 0 until a Review
	covers map[string][]int // by path of a QA file: the pages that its answers rest on
}

// fileInfo is what is kept of a QA file.
type fileInfo struct {
	sum    uint64   // of all that was put, to tell whether that is new
	paper  string   // that across was told of
	pairs  int      // that were put into across
	covers []string // the PDFs in whose covers it is
	own    []string // the stand-ins for the sources of its pairs, see sources.go
}

// New makes a Corpus that knows nothing yet.
func New(o Options) *Corpus {
	return &Corpus{o: o, papers: newPapers(o.Texts), pairs: pairing.New(), across: across.New(),
		ids: map[uint64]uint32{}, headed: map[uint64]bool{}, pdfs: map[string]pdfState{}, files: map[string]*fileInfo{}, owners: map[string]string{}, seed: maphash.MakeSeed()}
}

// PutPDF adds a PDF or tells that it may have changed. It returns the paths of
// the QA files to look at again, sorted.
func (c *Corpus) PutPDF(ctx context.Context, p PDF) []string {
	at, id := maphash.String(c.seed, p.Path), c.hash(p.ID)
	bare := p.Title == "" && p.FirstPage == ""
	c.mu.Lock()
	wanted := c.heads
	old, known := c.ids[at]
	ask := wanted && c.o.Head != nil && bare && !(known && c.headed[at] && old == id)
	c.mu.Unlock()
	if ask {
		p.Title, p.FirstPage = c.o.Head(ctx, p.Path)
		bare = p.Title == "" && p.FirstPage == ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	old, known = c.ids[at]
	_, used := c.pdfs[p.Path]
	switch {
	case known && old == id && bare:
		return nil
	case known && old == 0 && bare && !used && !ask: // nothing was learnt of other bytes
		c.ids[at] = id
		return nil
	}
	touched := c.pairs.PutPDF(pairing.PDF{Path: p.Path, Title: p.Title, FirstPage: p.FirstPage})
	if used && old != id {
		c.papers.drop(p.Path)
		delete(c.pdfs, p.Path)
		touched = append(touched, c.pairs.Files(p.Path)...)
	}
	c.ids[at] = id
	if wanted || !bare {
		c.headed[at] = true
	} else {
		delete(c.headed, at)
	}
	return c.sorted(touched)
}

// hash is that of an ID; 0 for none.
func (c *Corpus) hash(id string) uint32 {
	if id == "" {
		return 0
	}
	return uint32(maphash.String(c.seed, id)) | 1
}

// Reads reports whether PutPDF may read the PDFs that it is told of, which takes
// its time.
func (c *Corpus) Reads() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heads
}

// RemovePDF forgets a PDF and returns the QA files to look at again, sorted.
func (c *Corpus) RemovePDF(path string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.papers.drop(path)
	at := maphash.String(c.seed, path)
	delete(c.pdfs, path)
	delete(c.ids, at)
	delete(c.headed, at)
	return c.sorted(c.pairs.RemovePDF(path))
}

// PutQA adds a QA file, or replaces what was known of it. It returns the paths
// of the other QA files to look at again, sorted; none where nothing is new, so
// that files that overlap do not send a caller back and forth.
func (c *Corpus) PutQA(ctx context.Context, path string, r *qa.Result) []string {
	touched, lost := c.put(path, r)
	if lost {
		touched = append(touched, c.loadHeads(ctx)...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(c.sorted(touched), func(p string) bool { return p == path })
}

// put does the work of PutQA; lost says that the file has no PDF, and that the
// titles of the PDFs, which are not yet known, may tell.
func (c *Corpus) put(path string, r *qa.Result) (touched []string, lost bool) {
	pairs := make([]across.Pair, 0, len(r.Pairs))
	if r.Counts && !name.ConflictCopy(filepath.Base(path)) {
		for i := range r.Pairs {
			pairs = append(pairs, across.Pair{Pointer: strconv.Itoa(i) + " " + placeOf(r, i), Question: r.Pairs[i].Question, Answer: r.Pairs[i].Answer})
		}
	}
	own := ownSources(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.pairs.PutFile(pairing.File{Path: path, PaperID: r.PaperID, Source: r.Source, Title: r.Title})
	old, sum := c.files[path], c.sum(pairs)
	if old == nil || old.sum != sum || old.pairs > 0 && old.paper != m.PDF {
		switch {
		case len(pairs) > 0:
			touched = c.across.Put(across.File{Path: path, Paper: m.PDF, Eval: across.IsEval(c.rel(path)), Pairs: pairs})
		case old != nil && old.pairs > 0:
			touched = c.across.Remove(path)
		}
		if old != nil {
			c.uncover(path, old)
		}
		next := &fileInfo{sum: sum, paper: m.PDF, pairs: len(pairs)}
		if old != nil {
			next.own = old.own
		}
		c.files[path] = next
	}
	c.standIn(path, own)
	lost = m.PDF == "" && len(m.Candidates) == 0 && r.Counts && r.Title != "" && c.o.Head != nil && !c.heads
	return touched, lost
}

// sum tells lists of pairs apart.
func (c *Corpus) sum(pairs []across.Pair) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, p := range pairs {
		for _, s := range [3]string{p.Pointer, p.Question, p.Answer} {
			maphash.WriteComparable(&h, len(s))
			h.WriteString(s)
		}
	}
	return h.Sum64()
}

// placeOf names a pair for people: its line, or its number where all pairs are
// on one line.
func placeOf(r *qa.Result, i int) string {
	if n := len(r.Pairs); n > 1 && r.Line(0) == r.Line(n-1) {
		return "pair " + strconv.Itoa(r.Pairs[i].Row+1)
	}
	return "line " + strconv.Itoa(r.Line(i))
}

// RemoveQA forgets a QA file and returns the other QA files to look at again,
// sorted.
func (c *Corpus) RemoveQA(path string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if info := c.files[path]; info != nil {
		c.uncover(path, info)
		c.standIn(path, nil)
		delete(c.files, path)
	}
	c.pairs.RemoveFile(path)
	return c.sorted(c.across.Remove(path))
}

// NamedAfterPDF reports whether a PDF gives the QA file at path its name. A PDF
// that comes or goes later and changes that gives the path back from PutPDF or
// RemovePDF.
func (c *Corpus) NamedAfterPDF(path string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files[path] == nil {
		c.pairs.PutFile(pairing.File{Path: path})
		c.files[path] = &fileInfo{}
	}
	m := c.pairs.Ask(pairing.File{Path: path})
	return m.By == "name"
}

// loadHeads reads the titles and first pages of all PDFs, and from now on those
// of every PDF that is put. It returns the files whose match changed.
func (c *Corpus) loadHeads(ctx context.Context) []string {
	c.mu.Lock()
	if c.heads {
		c.mu.Unlock()
		return nil
	}
	c.heads = true
	var paths []string
	for _, path := range c.pairs.PDFs() {
		if !c.headed[maphash.String(c.seed, path)] {
			paths = append(paths, path)
		}
	}
	c.mu.Unlock()
	var touched []string
	for _, path := range paths {
		if ctx.Err() != nil {
			return touched
		}
		title, first := c.o.Head(ctx, path)
		c.mu.Lock()
		if at := maphash.String(c.seed, path); c.pairs.HasPDF(path) && !c.headed[at] {
			c.headed[at] = true
			touched = append(touched, c.pairs.PutPDF(pairing.PDF{Path: path, Title: title, FirstPage: first})...)
		}
		c.mu.Unlock()
	}
	return touched
}

// rel is path from its watched folder on, for marks and messages.
func (c *Corpus) rel(path string) string {
	for _, root := range c.o.Roots {
		if rel, err := filepath.Rel(root, path); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return rel
		}
	}
	return filepath.Base(path)
}

// sorted puts files in the place of their stand-ins and names each path once.
// The caller holds c.mu.
func (c *Corpus) sorted(paths []string) []string {
	for i, path := range paths {
		if owner, ok := c.owners[path]; ok {
			paths[i] = owner
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
