package quality

import (
	"sort"
	"strings"
	"unicode"
)

// Seen remembers the pairs of a file, to find those that say the same.
type Seen struct {
	// exact maps a folded question with its context to the first pair that
	// has it; near does so for the words that carry the meaning.
	exact, near map[string]int
	answers     []string // folded, by pair
	questions   []string // folded, by pair
	buf         []byte
}

// Relation is what a pair has to do with an earlier one.
type Relation uint8

// A Repeat has the same question and answer, a Conflict the same question
// and another answer, a Near asks nearly the same and answers alike.
const (
	None Relation = iota
	Repeat
	Conflict
	Near
)

// Add compares a pair with those before it and says what the first of them
// that is alike is to it.
func (s *Seen) Add(question, answer, context string) (first int, rel Relation) {
	if s.exact == nil {
		s.exact, s.near = map[string]int{}, map[string]int{}
	}
	n := len(s.answers)
	q, a := Fold(question), Fold(answer)
	s.questions, s.answers = append(s.questions, q), append(s.answers, a)
	key := q
	if context != "" {
		key += "\x00" + context
	}
	if first, ok := s.exact[key]; ok {
		if s.answers[first] == a {
			return first, Repeat
		}
		return first, Conflict
	}
	s.exact[key] = n
	words := content(q)
	if words == "" {
		return 0, None
	}
	if context != "" {
		words += "\x00" + context
	}
	first, ok := s.near[words]
	if !ok {
		s.near[words] = n
		return 0, None
	}
	if alike(s.answers[first], a) {
		return first, Near
	}
	return 0, None
}

// Fold makes texts comparable that differ in case, white space and the
// punctuation at their ends only.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
			continue
		case r == '’':
			r = '\''
		case r == '“' || r == '”':
			r = '"'
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.TrimRight(b.String(), ".?!:;… ")
}

// content is a key of the words that carry a question's meaning, sorted, or
// empty where there are fewer than three. Two questions with one key differ
// in order, in small words and in punctuation only. Numbers, negations and
// comparisons stay: they change what is asked.
func content(q string) string {
	words := strings.FieldsFunc(q, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '-' && r != '.'
	})
	kept := words[:0]
	for _, w := range words {
		w = strings.Trim(w, "'.-")
		w = strings.TrimSuffix(w, "'s")
		if w == "" || small(w) {
			continue
		}
		kept = append(kept, w)
	}
	if len(kept) < 3 {
		return ""
	}
	sort.Strings(kept)
	return strings.Join(kept, " ")
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
