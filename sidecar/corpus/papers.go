package corpus

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/singleflight"

	"qacorpus/sidecar/ground"
)

// keptText bounds, in bytes of their text, the papers that stay indexed: about
// forty of usual length. An index takes some eight times its text.
const keptText = 4 << 20

// papers indexes papers and keeps those used last.
type papers struct {
	texts  Texts
	flight singleflight.Group // one indexing at a time for each path

	mu      sync.Mutex     // guards what follows
	kept    []keptPaper    // those used last are at its end
	reading map[string]int // by path: how often it was dropped while being read
}

// keptPaper is an indexed paper; paper is nil where it has no text.
type keptPaper struct {
	path  string
	size  int // bytes of text
	pages int
	paper *ground.Paper
}

func newPapers(texts Texts) *papers {
	return &papers{texts: texts, reading: map[string]int{}}
}

// get returns the indexed paper.
func (p *papers) get(ctx context.Context, path string) (keptPaper, error) {
	if p.texts == nil {
		return keptPaper{}, nil
	}
	if k, ok := p.recall(path); ok {
		return k, nil
	}
	found, err, _ := p.flight.Do(path, func() (any, error) { return p.read(ctx, path) })
	if err != nil {
		return keptPaper{}, err
	}
	return found.(keptPaper), nil
}

// read reads and indexes a paper. One that changes meanwhile is not kept.
func (p *papers) read(ctx context.Context, path string) (keptPaper, error) {
	p.mu.Lock()
	p.reading[path] = 0
	p.mu.Unlock()
	k := keptPaper{path: path}
	pages, err := p.texts.Pages(ctx, path)
	if err == nil {
		k.pages = len(pages)
		for _, page := range pages {
			k.size += len(page)
		}
		if k.size > 0 {
			k.paper = ground.NewPaper(pages)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	dropped := p.reading[path] > 0
	delete(p.reading, path)
	if err == nil && !dropped {
		p.keep(k)
	}
	return k, err
}

func (p *papers) recall(path string) (keptPaper, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.kept, func(k keptPaper) bool { return k.path == path })
	if i < 0 {
		return keptPaper{}, false
	}
	k := p.kept[i]
	p.kept = append(slices.Delete(p.kept, i, i+1), k)
	return k, true
}

// keep adds a paper and lets go of those that were not used for longest. The
// caller holds mu.
func (p *papers) keep(k keptPaper) {
	const overhead = 4 << 10 // so that papers without text do not pile up
	p.kept = append(p.kept, k)
	total := 0
	for _, k := range p.kept {
		total += k.size + overhead
	}
	old := 0
	for total > keptText && old < len(p.kept)-1 {
		total -= p.kept[old].size + overhead
		old++
	}
	p.kept = slices.Delete(p.kept, 0, old)
}

// drop forgets a paper, and has it read anew where that goes on just now.
func (p *papers) drop(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, ok := p.reading[path]; ok {
		p.reading[path] = n + 1
	}
	p.kept = slices.DeleteFunc(p.kept, func(k keptPaper) bool { return k.path == path })
	p.flight.Forget(path)
}
