// Package similar tells whether two texts say nearly the same in nearly the
// same words.
//
// # Design notes
//
// Two questions of one paper may share all words but one and still ask for
// different things: "What is the rank in LoRA?" and "… in QLoRA?", "… on SQuAD
// 1.1?" and "… on SQuAD 2.0?". So a difference in a name or a number always
// keeps texts apart, as do question words and negations; filler words never do.
// Word order does not count: it changes more often with the style than with the
// meaning.
package similar

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"qacorpus/sidecar/ground/fold"
)

// Threshold is the share of words in common, of all words of the two texts,
// from which texts are near: one word in ten may be another.
const Threshold = 0.8

// Text is what comparing needs of a text: the hashes of its words, sorted, each
// once. The zero Text is that of an empty text.
type Text struct {
	words []uint32
	names []uint32 // those of words with digits, or capitals past the first letter
}

// Of prepares a text.
func Of(s string) Text {
	var t Text
	fold.Words(s, func(start, end int, folded []byte) bool {
		w := string(folded)
		if filler(w) {
			return true
		}
		h := fnv.New32a()
		h.Write([]byte(singular(w)))
		t.words = append(t.words, h.Sum32())
		if isName(s[start:end]) {
			t.names = append(t.names, h.Sum32())
		}
		return true
	})
	t.words, t.names = tidy(t.words), tidy(t.names)
	return t
}

func tidy(h []uint32) []uint32 {
	slices.Sort(h)
	return slices.Clip(slices.Compact(h))
}

// Score is the share of words in common, of all words of a and b: 0 to 1.
// Two empty texts have nothing in common.
func (a Text) Score(b Text) float64 {
	both := 0
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch {
		case a.words[i] < b.words[j]:
			i++
		case a.words[i] > b.words[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a.words)+len(b.words)-both)
}

// Near tells whether a and b are nearly the same: the same names and numbers,
// and a Score of at least Threshold.
func (a Text) Near(b Text) bool {
	n, m := len(a.words), len(b.words)
	if float64(min(n, m)) < Threshold*float64(max(n, m)) {
		return false
	}
	return slices.Equal(a.names, b.names) && a.Score(b) >= Threshold
}

// Hash is the same for texts with the same words, whatever their order, filler
// words, punctuation and case.
func (a Text) Hash() uint64 {
	h := uint64(len(a.words))
	for _, w := range a.words {
		h = mix(h ^ uint64(w))
	}
	return h
}

// mix spreads the bits of x. It is one to one.
func mix(x uint64) uint64 {
	x ^= x >> 31
	x *= 0x7fb5d329728ea185
	x ^= x >> 27
	x *= 0x81dadef4bc2dd44d
	return x ^ x>>33
}

// singular cuts a plural's s, so that "limitations" is "limitation".
func singular(w string) string {
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		return w[:len(w)-1]
	}
	return w
}

// filler tells whether the word may come or go without changing what is meant.
func filler(w string) bool {
	switch w {
	case "a", "an", "the", "of", "is", "are", "was", "were", "be", "do", "does", "did", "to", "in", "for", "on", "by", "with", "and", "it", "its", "this", "that",
		"these", "as", "at", "from", "has", "have", "s", "paper", "study", "please", "exactly", "according", "described", "mentioned", "discussed":
		return true
	}
	return false
}

// isName tells whether the word has a digit, or a capital past its first letter,
// or a script without capitals and spaces, where a letter is a word.
func isName(w string) bool {
	first, size := utf8.DecodeRuneInString(w)
	if unicode.IsDigit(first) {
		return true
	}
	for _, r := range w[size:] {
		if unicode.IsUpper(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return false
}
