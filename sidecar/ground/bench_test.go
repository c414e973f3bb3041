package ground

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// longPaper makes n pages of words with the frequencies of a language, so that
// common words are as common as in a paper.
func longPaper(n int) []string {
	r := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(r, 1.1, 2, 8000)
	pages := make([]string, n)
	for i := range pages {
		var b strings.Builder
		for w := range 550 {
			fmt.Fprintf(&b, "w%dx", zipf.Uint64())
			b.WriteByte(" \n"[w/11%2])
			if w%40 == 0 {
				fmt.Fprintf(&b, "%d.%d ", r.IntN(100), r.IntN(10))
			}
		}
		pages[i] = b.String()
	}
	return pages
}

// pairsOf makes n pairs whose answers and evidence are taken from the pages.
func pairsOf(pages []string, n int) []Pair {
	pairs := make([]Pair, n)
	for i := range pairs {
		words := strings.Fields(pages[i%len(pages)])
		answer := strings.Join(words[40:75], " ") + " 37.5 BERT."
		pairs[i] = Pair{
			Question: Passage{"/q", strings.Join(words[60:70], " ")},
			Answer:   Passage{"/a", answer},
			Evidence: []Passage{{"/e", strings.Join(words[30:150], " ")}},
		}
	}
	return pairs
}

func BenchmarkNewPaper30Pages(b *testing.B) {
	pages := longPaper(30)
	b.SetBytes(int64(len(strings.Join(pages, ""))))
	b.ReportAllocs()
	for b.Loop() {
		NewPaper(pages)
	}
}

func BenchmarkCheck100Pairs(b *testing.B) {
	pages := longPaper(30)
	p, pairs := NewPaper(pages), pairsOf(pages, 100)
	b.ReportAllocs()
	for b.Loop() {
		for _, pair := range pairs {
			p.Check(pair)
		}
	}
}

func BenchmarkSupport100Pairs(b *testing.B) {
	pages := longPaper(30)
	p, pairs := NewPaper(pages), pairsOf(pages, 100)
	b.ReportAllocs()
	for b.Loop() {
		for _, pair := range pairs {
			p.Support(pair)
		}
	}
}
