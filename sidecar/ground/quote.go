package ground

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// minQuoteWords is the length from which quotation marks are taken to quote:
	// around one or two words they often only mark a term or some irony.
	minQuoteWords = 4
	maxQuoteBytes = 600
)

type span struct{ start, end int }

// quotesIn finds what stands between quotation marks, without the marks.
func quotesIn(s string) []span {
	var found []span
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if end := quoteEnd(s, i, r, size); end > 0 {
			if q := (span{i + size, end}); len(foldPassage(s[q.start:q.end]).words) >= minQuoteWords {
				found = append(found, q)
			}
			i = end
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
	}
	return found
}

// quoteEnd gives the place of the mark that closes the one at i, 0 where the
// character there opens no quotation.
func quoteEnd(s string, i int, r rune, size int) int {
	var closing string
	switch r {
	case '“', '„':
		closing = "”"
	case '«':
		closing = "»"
	case '「':
		closing = "」"
	case '"':
		closing = `"`
	case '\'', '‘':
		closing = "'"
		if r == '‘' {
			closing = "’"
		}
		if before, _ := utf8.DecodeLastRuneInString(s[:i]); i > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
			return 0 // an apostrophe
		}
	default:
		return 0
	}
	for from := i + size; from < len(s); {
		n := strings.Index(s[from:], closing)
		if n < 0 || from+n-i > maxQuoteBytes {
			return 0
		}
		end := from + n
		after, _ := utf8.DecodeRuneInString(s[end+len(closing):])
		if (closing == "'" || closing == "’") && unicode.IsLetter(after) {
			from = end + len(closing)
			continue
		}
		return end
	}
	return 0
}

// hasQuote tells whether the paper has the quoted words, each piece between
// ellipses by itself, or nearly so: most of its words close together.
func (p *Paper) hasQuote(s string) bool {
	for _, piece := range strings.FieldsFunc(strings.ReplaceAll(s, "...", "…"), func(r rune) bool { return r == '…' || r == '[' || r == ']' }) {
		f := foldPassage(piece)
		if len(f.text) == 0 || bytes.Contains(p.text, f.text) {
			continue
		}
		if share, _ := p.contains(f); share >= minCovered || p.near(f) {
			continue
		}
		return false
	}
	return true
}

func (p *Paper) hasText(b []byte) bool { return bytes.Contains(p.text, b) }

// near tells whether some place in the paper has at least four fifths of the
// words, within a stretch twice as long.
func (p *Paper) near(f folded) bool {
	q := p.query()
	for i := range f.words {
		q.add(f.word(i), 1)
	}
	if q.known*5 < float64(len(q.weights))*4 {
		return false
	}
	best := q.best(2*len(f.words) + 4)
	return best.weight*5 >= q.total*4
}

// word gives the folded form of word i.
func (f folded) word(i int) []byte {
	end := len(f.text)
	if i+1 < len(f.words) {
		end = int(f.words[i+1].at)
	}
	return f.text[f.words[i].at:end]
}
