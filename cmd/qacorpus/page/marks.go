package page

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// mark is a passage of a page that supports a pair.
type mark struct {
	start, end int // bytes of the page's text
	ref        pairRef
	id         string // of the element where the passage begins
}

// piece is a stretch of a page's text to which the same passages belong.
type piece struct {
	Text string
	IDs  []string  // of passages that begin here
	Refs []pairRef // the pairs that it supports; none for text without a mark
	Ends []pairRef // of those, the ones whose passage ends here
}

// pieces cuts a text at the ends of the passages. Offsets that do not fit the text,
// because it changed meanwhile, are moved to where they do.
func pieces(text string, marks []mark) []piece {
	trimmed := strings.TrimRight(text, " \t\r\n\f\v")
	lead := len(trimmed) - len(strings.TrimLeft(trimmed, " \t\r\n\f\v"))
	cuts := []int{lead, len(trimmed)}
	var fitting []mark
	for _, m := range marks {
		m.start, m.end = fit(trimmed, m.start), fit(trimmed, m.end)
		m.start = max(m.start, lead)
		if m.start < m.end {
			fitting = append(fitting, m)
			cuts = append(cuts, m.start, m.end)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	slices.SortStableFunc(fitting, func(a, b mark) int { return cmp.Compare(a.ref.Number, b.ref.Number) })
	var all []piece
	for i := 0; i+1 < len(cuts); i++ {
		p := piece{Text: trimmed[cuts[i]:cuts[i+1]]}
		for _, m := range fitting {
			if m.start > cuts[i] || m.end < cuts[i+1] {
				continue
			}
			p.Refs = append(p.Refs, m.ref)
			if m.start == cuts[i] {
				p.IDs = append(p.IDs, m.id)
			}
			if m.end == cuts[i+1] {
				p.Ends = append(p.Ends, m.ref)
			}
		}
		all = append(all, p)
	}
	return all
}

// fit moves an offset into the text, to the start of a character.
func fit(text string, at int) int {
	at = min(max(at, 0), len(text))
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
