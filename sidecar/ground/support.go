package ground

import (
	"math"
	"slices"
)

const (
	// window is how many words in a row a passage that supports an answer has
	// at most: a paragraph.
	window = 80
	// minSupport is the share of an answer's telling words that a passage must
	// have to count as its support.
	minSupport = 0.25
	// commonest bounds how common a word may be to say something about a
	// passage: one in so many words.
	commonest = 30
	// questionWeight is what a word of the question counts beside one of the answer.
	questionWeight = 0.4
)

// query collects the words looked for, and finds where they stand together.
type query struct {
	p       *Paper
	weights []float64 // by number of the word in the query
	index   map[int32]int
	unknown map[string]bool
	total   float64 // of all weights, words that the paper lacks included
	known   float64 // how many of the words the paper has
	hits    []hit
	prose   bool // lists of references do not count
}

// hit is one occurrence of a word of the query: its place in Paper.words, and
// in the low 16 bits its place in query.weights. As one integer it sorts fast.
type hit uint64

func (h hit) word() int32  { return int32(h >> 16) }
func (h hit) index() int32 { return int32(h & 0xffff) }

type stretch struct {
	weight      float64
	first, last int32 // words
}

func (p *Paper) query() *query {
	return &query{p: p, index: map[int32]int{}, unknown: map[string]bool{}}
}

// add looks for a folded word too; a word already added is left as it is.
func (q *query) add(w []byte, weight float64) {
	term, ok := q.p.terms[string(w)]
	if !ok {
		if s := stem(string(w)); !q.unknown[s] {
			q.unknown[s] = true
			q.total += weight
			q.weights = append(q.weights, 0)
		}
		return
	}
	s := q.p.stem[term]
	if _, ok := q.index[s]; ok || len(q.weights) > 0xffff {
		return
	}
	i := int32(len(q.weights))
	q.index[s] = int(i)
	q.weights = append(q.weights, weight)
	q.total += weight
	q.known++
	for _, at := range q.p.places.list[q.p.places.from[s]:q.p.places.from[s+1]] {
		if !q.prose || !q.p.isListed(at) {
			q.hits = append(q.hits, hit(at)<<16|hit(i))
		}
	}
}

// best finds the stretch of at most n words on one page with the most weight.
func (q *query) best(n int) stretch {
	slices.Sort(q.hits)
	seen := make([]int, len(q.weights))
	var best stretch
	weight, from := 0.0, 0
	for _, h := range q.hits {
		for q.hits[from].word() < h.word() && (int(h.word()-q.hits[from].word()) >= n || q.page(q.hits[from]) != q.page(h)) {
			if i := q.hits[from].index(); seen[i] == 1 {
				weight -= q.weights[i]
				seen[i] = 0
			} else {
				seen[i]--
			}
			from++
		}
		if seen[h.index()]++; seen[h.index()] == 1 {
			weight += q.weights[h.index()]
		}
		if weight > best.weight+1e-9 {
			best = stretch{weight, q.hits[from].word(), h.word()}
		}
	}
	return best
}

func (q *query) page(h hit) int32 { return q.p.words[h.word()].page }

// Support finds where the paper has the pair's evidence. Where the pair has
// none, or whole pages of it, it finds the passage that has most of the words
// of the answer, and of the question, rare words counting more than common ones.
// Lists of references support nothing.
func (p *Paper) Support(pair Pair) Support {
	if len(p.words) == 0 {
		return Support{}
	}
	for _, e := range pair.Evidence {
		if s := p.evidenceAt(e.Text); s.Page > 0 {
			return s
		}
	}
	q := p.query()
	q.prose = true
	p.addTelling(q, pair.Answer.Text, 1)
	p.addTelling(q, pair.Question.Text, questionWeight)
	if len(q.hits) == 0 {
		return Support{}
	}
	best := q.best(window)
	score := best.weight / q.total
	if score < minSupport {
		return Support{}
	}
	first, last := p.words[best.first], p.words[best.last]
	return Support{Page: int(first.page) + 1, Start: int(first.start), End: int(last.end), Score: score}
}

// maxEvidenceWords is the length up to which evidence is taken to be what
// supports just this answer; a longer one is a section or the whole paper.
const maxEvidenceWords = 250

// evidenceAt finds the longest piece of the evidence that the paper has on one
// page.
func (p *Paper) evidenceAt(text string) Support {
	f := foldPassage(text)
	if len(f.words) < minPassageWords || len(f.words) > maxEvidenceWords {
		return Support{}
	}
	share, runs := p.contains(f)
	if share < minCovered || len(runs) == 0 {
		return Support{}
	}
	longest := runs[0]
	for _, r := range runs {
		if r.to-r.from > longest.to-longest.from {
			longest = r
		}
	}
	first, last := p.wordAt(longest.at), p.wordAt(longest.at+longest.to-longest.from-1)
	for p.words[last].page != p.words[first].page { // the larger part of it
		if p.words[(first+last)/2].page == p.words[first].page {
			last--
		} else {
			first++
		}
	}
	w := p.words[first]
	return Support{Page: int(w.page) + 1, Start: int(w.start), End: int(p.words[last].end), Score: share}
}

// wordAt gives the word that the byte of Paper.text belongs to.
func (p *Paper) wordAt(at int) int {
	i, found := slices.BinarySearchFunc(p.words, int32(at), func(w word, at int32) int { return int(w.at - at) })
	if !found {
		i--
	}
	return i
}

// addTelling adds the words of s that say something, weighted by how rare they
// are in the paper.
func (p *Paper) addTelling(q *query, s string, weight float64) {
	f := foldPassage(s)
	for i := range f.words {
		w := f.word(i)
		if isStop(string(w)) {
			continue
		}
		occurs := 0.5
		if term, ok := p.terms[string(w)]; ok {
			s := p.stem[term]
			occurs = float64(p.places.from[s+1] - p.places.from[s])
		}
		rare := math.Log(float64(len(p.words)) / (occurs + 0.5) / commonest)
		if rare > 0 {
			q.add(w, weight*min(rare, 6))
		}
	}
}

// Uncovered lists the pages, from 1, that none of the supports lies on. Pages
// with hardly any text but references are not listed: there is nothing to ask
// about them.
func (p *Paper) Uncovered(supports []Support) []int {
	words := make([]int, p.pages)
	for i, w := range p.words {
		if !p.isListed(int32(i)) {
			words[w.page]++
		}
	}
	for _, s := range supports {
		if s.Page > 0 && s.Page <= p.pages {
			words[s.Page-1] = 0
		}
	}
	var pages []int
	for i, n := range words {
		if n >= window {
			pages = append(pages, i+1)
		}
	}
	return pages
}
