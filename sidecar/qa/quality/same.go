package quality

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"qacorpus/sidecar/qa/problem"
)

// Seen remembers the pairs of a file, to find those that say the same. Texts
// are compared by hash first, so that a file without repetitions costs no
// memory but two numbers a pair.
type Seen struct {
	// exact maps the hash of a folded question with its context to the first
	// pair that has it; near does so for the words that carry the meaning.
	exact, near map[uint64]int
	// pair gives back the texts of a pair that was added.
	pair func(i int) (question, answer, context string)
}

// NewSeen makes a Seen for n pairs, whose texts pair gives.
func NewSeen(n int, pair func(i int) (question, answer, context string)) *Seen {
	return &Seen{exact: make(map[uint64]int, n), near: make(map[uint64]int, n), pair: pair}
}

// Add compares the nth pair with those before it. Where one is alike it gives the
// number of the first such, from 0, and QA_DUP_QUESTION, QA_NEAR_DUP, or
// QA_CONFLICTING_ANSWERS where the same question has another answer; else the
// code is empty. Pairs with different contexts are never alike: the
// same question may be asked about two passages.
func (s *Seen) Add(n int) (first int, code problem.Code) {
	question, answer, context := s.pair(n)
	exact, near, words := hashes(question)
	if context != "" {
		c := fnv(offset64, context)
		exact, near = exact^c, near^c
	}
	first, ok := s.exact[exact]
	if !ok {
		s.exact[exact] = n
	} else if q, a, c := s.pair(first); c == context && folded(q) == folded(question) {
		if folded(a) == folded(answer) {
			return first, "QA_DUP_QUESTION"
		}
		return first, "QA_CONFLICTING_ANSWERS"
	}
	if words < 3 {
		return 0, ""
	}
	if first, ok = s.near[near]; !ok {
		s.near[near] = n
		return 0, ""
	}
	q, a, c := s.pair(first)
	if c == context && slices.Equal(content(q), content(question)) && alike(folded(a), folded(answer)) {
		return first, "QA_NEAR_DUP"
	}
	return 0, ""
}

// The parameters of FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func fnv[T string | []byte](h uint64, s T) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * prime64
	}
	return h
}

// hashes gives a hash of the folded question and one of the words that carry
// its meaning, whatever their order, and how many words those are.
func hashes(q string) (exact, near uint64, words int) {
	var buf [256]byte
	exact = fnv(offset64, fold(buf[:0], q))
	eachWord(q, func(w []byte) {
		// The sum of well-mixed hashes does not depend on the order.
		h := fnv(offset64, w)
		near += h ^ h>>29
		words++
	})
	return exact, near, words
}

// folded is fold as a string.
func folded(s string) string { return string(fold(make([]byte, 0, len(s)+8), s)) }

// fold appends s to the empty b so that texts are the same that differ in
// case, white space and the punctuation at their ends only.
func fold(b []byte, s string) []byte {
	gap := false
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		switch {
		case r == ' ' || r >= '\t' && r <= '\r' || r >= 0x85 && unicode.IsSpace(r):
			gap = len(b) > 0
			continue
		case 'A' <= r && r <= 'Z':
			r |= 0x20
		case r < utf8.RuneSelf:
		case r == '’':
			r = '\''
		case r == '“' || r == '”':
			r = '"'
		default:
			r = unicode.ToLower(r)
		}
		if gap {
			b = append(b, ' ')
			gap = false
		}
		b = utf8.AppendRune(b, r)
	}
	for len(b) > 0 && strings.IndexByte(".?!:; ", b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	return b
}

// eachWord calls f with every word that carries meaning, in small letters.
// Numbers, negations and comparisons are among them: they change what is
// asked.
func eachWord(q string, f func([]byte)) {
	var buf [64]byte
	word := buf[:0]
	end := func() {
		w := bytes.TrimSuffix(bytes.Trim(word, "'.-"), []byte("'s"))
		if len(w) > 0 && !small(string(w)) {
			f(w)
		}
		word = buf[:0]
	}
	for _, r := range q {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '\'' || r == '-' || r == '.':
			word = append(word, byte(r))
		case 'A' <= r && r <= 'Z':
			word = append(word, byte(r|0x20))
		case r == '’':
			word = append(word, '\'')
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			word = utf8.AppendRune(word, unicode.ToLower(r))
		case len(word) > 0:
			end()
		}
	}
	end()
}

// content lists the words of eachWord in order of the alphabet.
func content(q string) []string {
	var words []string
	eachWord(q, func(w []byte) { words = append(words, string(w)) })
	slices.Sort(words)
	return words
}

// small are words that can be left out of an English question without
// changing what it asks.
func small(w string) bool {
	switch w {
	case "a", "an", "the", "is", "are", "was", "were", "be", "been", "do", "does", "did", "has", "have", "had", "of", "to", "in", "on", "for", "by", "with",
		"and", "that", "this", "these", "those", "it", "its", "please", "can", "could", "you", "me", "we", "i", "tell", "explain", "describe", "briefly",
		"main", "primary", "key", "exactly", "actually", "paper", "authors", "author", "according":
		return true
	}
	return false
}

// alike says that two folded answers share most of their words.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	set := make(map[string]int, len(x))
	for _, w := range x {
		set[w]++
	}
	common := 0
	for _, w := range y {
		if set[w] > 0 {
			set[w]--
			common++
		}
	}
	return common*2 >= max(len(x), len(y))
}
