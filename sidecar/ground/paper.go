package ground

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"qacorpus/sidecar/ground/fold"
)

const (
	// gram is how many bytes of folded text a run in common must have to count:
	// about three words. Shorter ones are shared by any two papers of a field.
	gram = 16
	// minText is how many bytes of folded text make a paper that can be checked
	// against: scans and figures give a few stray words.
	minText = 800
)

// Paper is a paper's text, indexed. It is not changed once made.
type Paper struct {
	pages   int
	text    []byte // folded text of all pages, without any gap
	words   []word
	terms   map[string]int32 // folded word to its number
	count   []int32          // how often each term occurs
	stem    []int32          // each term's number in places
	places  posting          // where each stem occurs, as indexes of words
	grams   gramTable
	numbers []float64 // every number of the text, sorted
	listed  []span    // by page: the words that are a list of references
	latin   bool      // most of its letters are Latin
	garbled bool
}

type word struct {
	page       int32
	start, end int32 // bytes in the page
	at         int32 // start in Paper.text
	term       int32
}

// posting lists, for each stem s, the words list[from[s]:from[s+1]].
type posting struct{ from, list []int32 }

// NewPaper indexes the texts of all pages of a paper, in order.
func NewPaper(pages []string) *Paper {
	size := 0
	for _, page := range pages {
		size += len(page)
	}
	p := &Paper{
		pages: len(pages),
		text:  make([]byte, 0, size),
		words: make([]word, 0, size/5),
		terms: make(map[string]int32, 256+size/40),
	}
	for i, page := range pages {
		p.addPage(int32(i), page)
	}
	p.addPlaces()
	p.markReferences(pages)
	p.grams = newGramTable(p.text, p.words)
	for _, page := range pages {
		p.numbers = appendNumbers(p.numbers, page)
	}
	p.numbers = p.appendNumberWords(p.numbers)
	slices.Sort(p.numbers)
	p.numbers = slices.Compact(p.numbers)
	p.garbled = garbled(pages)
	p.latin = isLatin(p.text)
	return p
}

func (p *Paper) addPage(page int32, s string) {
	fold.Words(s, func(start, end int, folded []byte) bool {
		p.words = append(p.words, word{
			page: page, start: int32(start), end: int32(end),
			at: int32(len(p.text)), term: p.term(folded),
		})
		p.text = append(p.text, folded...)
		return true
	})
}

func (p *Paper) term(folded []byte) int32 {
	if id, ok := p.terms[string(folded)]; ok {
		p.count[id]++
		return id
	}
	id := int32(len(p.terms))
	p.terms[string(folded)] = id
	p.count = append(p.count, 1)
	return id
}

// addPlaces groups terms by stem and lists where each stem occurs.
func (p *Paper) addPlaces() {
	stems := make(map[string]int32, len(p.terms))
	p.stem = make([]int32, len(p.terms))
	for t, id := range p.terms {
		s := stem(t)
		n, ok := stems[s]
		if !ok {
			n = int32(len(stems))
			stems[s] = n
		}
		p.stem[id] = n
	}
	from := make([]int32, len(stems)+1)
	for _, w := range p.words {
		from[p.stem[w.term]+1]++
	}
	for i := 1; i < len(from); i++ {
		from[i] += from[i-1]
	}
	list := make([]int32, len(p.words))
	next := slices.Clone(from)
	for i, w := range p.words {
		s := p.stem[w.term]
		list[next[s]] = int32(i)
		next[s]++
	}
	p.places = posting{from, list}
}

// Usable tells whether there is enough readable text to check pairs against.
func (p *Paper) Usable() bool { return len(p.text) >= minText && !p.garbled }

// has tells whether the folded word occurs as a word of its own.
func (p *Paper) has(folded string) bool {
	_, ok := p.terms[folded]
	return ok
}

// garbled tells whether the text looks like character codes without meaning,
// as PDFs give whose fonts do not say what their glyphs are.
func garbled(pages []string) bool {
	bad, all := 0, 0
	for _, page := range pages {
		for _, r := range page {
			switch {
			case r <= ' ':
				if r != '\n' && r != ' ' && r != '\t' && r != '\r' && r != '\f' {
					bad++
				}
				continue
			case r == '\ufffd' || r >= '\ue000' && r <= '\uf8ff' || r >= 0x80 && r < 0xa0:
				bad++
			}
			all++
		}
	}
	return bad*10 > all
}

// isLatin tells whether more than half of the folded text is ASCII, which is
// what Latin letters fold to, but for a few.
func isLatin(text []byte) bool {
	n := 0
	for _, c := range text {
		if c < 0x80 {
			n++
		}
	}
	return 2*n > len(text)
}

// gramTable finds the words of a text at which given bytes begin.
type gramTable struct {
	head  []int32 // by hash: 1 + index of the last word that begins so
	next  []int32 // by word: 1 + index of the word before it with the same hash
	shift uint
}

func newGramTable(text []byte, words []word) gramTable {
	n := bits.Len(uint(len(words) * 2))
	t := gramTable{head: make([]int32, 1<<n), next: make([]int32, len(words)), shift: uint(64 - n)}
	for i, w := range words {
		if int(w.at)+gram > len(text) {
			break
		}
		h := t.hash(text[w.at:])
		t.next[i] = t.head[h]
		t.head[h] = int32(i) + 1
	}
	return t
}

// hash needs gram bytes.
func (t gramTable) hash(b []byte) uint64 {
	x := binary.LittleEndian.Uint64(b)*0x9e3779b97f4a7c15 ^ bits.RotateLeft64(binary.LittleEndian.Uint64(b[8:]), 29)
	return x * 0xd6e8feb86659fd93 >> t.shift
}
