package source

import (
	"sort"
	"strings"
	"unicode/utf8"

	"qacorpus/sidecar/qa/problem"
)

// window is how many characters of a line an excerpt shows at most, about
// what fits on a screen beside the line number.
const window = 120

// At gives line and column, both from 1, of a byte offset; the column counts
// characters. Offsets beyond the end mean the end. Asking in rising order is
// fast even where the whole file is one line.
func (t *Text) At(offset int) (line, column int) {
	offset = max(0, min(offset, len(t.S)))
	i := t.lineIndex(offset)
	start := int(t.lines[i])
	from, column := start, 1
	if t.last.line == i+1 && t.last.offset >= start && t.last.offset <= offset {
		from, column = t.last.offset, t.last.column
	}
	column += utf8.RuneCountInString(t.S[from:offset])
	t.last = place{offset, i + 1, column}
	return i + 1, column
}

// Locate fills in line, column and excerpt of a problem from its offset.
func (t *Text) Locate(p *problem.Problem) {
	p.Line, p.Column = t.At(p.Offset)
	p.Excerpt, p.Caret = t.excerpt(p.Offset)
}

// Lines is the number of lines up to the offset, cheaper than At where the
// column is not wanted.
func (t *Text) Line(offset int) int { return t.lineIndex(max(0, min(offset, len(t.S)))) + 1 }

func (t *Text) lineIndex(offset int) int {
	if t.lines == nil {
		t.lines = append(make([]uint32, 0, 1+strings.Count(t.S, "\n")), 0)
		for i := 0; ; {
			j := strings.IndexByte(t.S[i:], '\n')
			if j < 0 {
				break
			}
			i += j + 1
			t.lines = append(t.lines, uint32(i))
		}
	}
	// The hint saves the search where offsets rise slowly.
	if l := t.last.line; l > 0 && offset >= int(t.lines[l-1]) && (l == len(t.lines) || offset < int(t.lines[l])) {
		return l - 1
	}
	return sort.Search(len(t.lines), func(i int) bool { return int(t.lines[i]) > offset }) - 1
}

// excerpt cuts the line around the offset, marking what was left out by an
// ellipsis, and gives the index of the character at the offset in it.
func (t *Text) excerpt(offset int) (string, int) {
	offset = max(0, min(offset, len(t.S)))
	i := t.lineIndex(offset)
	start, end := int(t.lines[i]), len(t.S)
	if i+1 < len(t.lines) {
		end = int(t.lines[i+1]) - 1
	}
	if end > start && t.S[end-1] == '\r' {
		end--
	}
	offset = min(offset, end)
	left, n := offset, 0
	for left > start && n < window/2 {
		_, w := utf8.DecodeLastRuneInString(t.S[start:left])
		left -= w
		n++
	}
	caret := n
	right := offset
	for right < end && n < window {
		_, w := utf8.DecodeRuneInString(t.S[right:end])
		right += w
		n++
	}
	// What the right side did not need, the left side may show.
	for left > start && n < window {
		_, w := utf8.DecodeLastRuneInString(t.S[start:left])
		left -= w
		n++
		caret++
	}
	s := t.S[left:right]
	if left > start {
		s = "…" + s
		caret++
	}
	if right < end {
		s += "…"
	}
	return s, caret
}
