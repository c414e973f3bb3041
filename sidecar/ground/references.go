package ground

import (
	"strings"

	"qacorpus/sidecar/ground/fold"
)

// A list of references names every subject of its field and answers nothing:
// its words do not support an answer, and its pages need no question.

const (
	// yearEvery is how many words of a list of references have a year at least:
	// an entry has 20 to 40 words, with the many authors of some papers 50.
	yearEvery = 60
	// minListWords is how many words decide that a list is at its end: fewer may
	// be the first line of an entry.
	minListWords = 30
)

// isReferencesHeading tells whether the line is the heading of a list of
// references, numbered or not, in small capitals (R EFERENCES) or not.
func isReferencesHeading(line string) bool {
	switch strings.Trim(fold.String(line), "0123456789") {
	case "references", "bibliography", "literaturecited", "workscited", "literatur", "literaturverzeichnis", "reference", "参考文献":
		return true
	}
	return false
}

// markReferences sets Paper.listed: for each page the words from which and up to
// which it is a list of references. A list starts below its heading and goes on
// over whole pages as long as they are full of years.
func (p *Paper) markReferences(pages []string) {
	p.listed = make([]span, len(pages))
	inList := false
	first := 0
	for i, page := range pages {
		next := first
		for next < len(p.words) && int(p.words[next].page) == i {
			next++
		}
		from := first
		if at := headingAt(page); at >= 0 {
			inList = true
			for from < next && int(p.words[from].start) < at {
				from++
			}
		}
		if inList {
			switch n := next - from; {
			case p.years(from, next)*yearEvery >= n:
				p.listed[i] = span{from, next}
			case n >= minListWords:
				inList = false // an appendix
			}
		}
		first = next
	}
}

// headingAt gives the place of the line after the last heading of references
// on the page, -1 where there is none.
func headingAt(page string) int {
	at, found := 0, -1
	for line := range strings.Lines(page) {
		at += len(line)
		if len(line) < 60 && isReferencesHeading(line) {
			found = at
		}
	}
	return found
}

// years counts the words in a range that are years of the last two centuries,
// also with a letter behind (2023a).
func (p *Paper) years(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		end := len(p.text)
		if i+1 < len(p.words) {
			end = int(p.words[i+1].at)
		}
		w := p.text[p.words[i].at:end]
		if len(w) == 5 && w[4] >= 'a' && w[4] <= 'e' {
			w = w[:4]
		}
		if len(w) == 4 && (w[0] == '1' && w[1] == '9' || w[0] == '2' && w[1] == '0') && isDigit(w[2]) && isDigit(w[3]) {
			n++
		}
	}
	return n
}

// isListed tells whether word i stands in a list of references.
func (p *Paper) isListed(i int32) bool {
	l := p.listed[p.words[i].page]
	return int(i) >= l.start && int(i) < l.end
}
