package tree

import (
	"strings"
)

// followed says that what stands at i can follow a string.
func (p *parser) followed(i int, key bool) bool {
	if i >= p.end {
		return true
	}
	switch p.s[i] {
	case ',', '}', ']', '\n', '\r':
		return true
	case ':':
		return key
	}
	for i < p.end && (p.s[i] == ' ' || p.s[i] == '\t') {
		i++
	}
	if i >= p.end {
		return true
	}
	switch c := p.s[i]; c {
	case ',', '}', ']', '\n', '\r', '"', '/', '#', '{', '[', ';':
		return true
	case ':', '=':
		return key
	default:
		return c >= 0x80 && p.oddSpaceAt(i) > 0
	}
}

// innerQuote decides about a closing quote that text follows: most often a
// quotation inside the text, `"He said "yes" twice"`. It reports that and
// returns where the string really ends; inside is false where that cannot be
// told and the string should be taken to end at the quote.
func (p *parser) innerQuote(i int, key bool) (end int, inside bool) {
	if i <= p.quiet {
		return 0, false // this line has been given up
	}
	line := p.lineEnd(i)
	for q := i; p.hop(); {
		j := strings.IndexByte(p.s[q:line], '"')
		if j < 0 {
			return 0, false
		}
		q += j + 1
		if p.s[q-2] == '\\' || !p.ends(q, key, "") {
			continue
		}
		p.report("QA_SYNTAX", i-1, "a quotation mark ends the text too early", `write quotation marks inside text as \"`)
		p.quiet = max(p.quiet, q)
		return q, true
	}
	return 0, false
}

// ends says that a quote before i is one that ends a string, judging by what
// comes after it on the line. Besides JSON's own, quotes may begin the next.
func (p *parser) ends(i int, key bool, quotes string) bool {
	blank := func() {
		for i < p.end && (p.s[i] == ' ' || p.s[i] == '\t' || p.s[i] == '\r') {
			i++
		}
	}
	blank()
	if i >= p.end || p.s[i] == '\n' {
		return true
	}
	if key {
		return p.s[i] == ':'
	}
	switch p.s[i] {
	case '}', ']':
		return true
	case ',':
		i++
		blank()
		return i >= p.end || strings.IndexByte("\n\"{[}]", p.s[i]) >= 0 || strings.IndexByte(quotes, p.s[i]) >= 0
	}
	return false
}

// control handles a control character inside a string. A line break is
// either a slip inside the text or a missing quotation mark; closed says that
// the string was taken to end at the returned offset.
func (p *parser) control(i, start int, key bool) (next int, closed bool) {
	c := p.s[i]
	if c != '\n' && c != '\r' {
		p.habit(habitControl, i, "QA_SYNTAX", controlName(c)+" stands inside text as such", `write it as `+controlEscape(c))
		return i + 1, false
	}
	if i < p.spans || p.spansLine(i, key) {
		p.habit(habitBreak, i, "QA_SYNTAX", "a line ends inside the text", `write line breaks inside text as \n`)
		// Indentation inside the text may hold tabs: one report is enough.
		p.quiet = max(p.quiet, p.spans)
		return i + 1, false
	}
	end := i
	for end > start+1 && strings.IndexByte(" \t\r", p.s[end-1]) >= 0 {
		end--
	}
	if end > start+1 && (p.s[end-1] == ',' || p.s[end-1] == ':' && key) {
		end--
	}
	if !key && end > start+1 && p.s[end-1] == '}' && p.closesAfter(i) {
		end--
	}
	p.report("QA_SYNTAX", end, "the text has no closing quotation mark", `add " here`)
	return end, true
}

// closesAfter says that the next line begins where an object has ended.
func (p *parser) closesAfter(i int) bool {
	rest := strings.TrimLeft(p.s[i:p.end], " \t\r\n")
	return rest == "" || rest[0] == '{' || rest[0] == ']'
}

// spansLine says that the string goes on after the line break at i: the next
// quotation mark is one that ends a string.
func (p *parser) spansLine(i int, key bool) bool {
	for q := i; p.hop(); {
		j := strings.IndexByte(p.s[q:p.end], '"')
		if j < 0 {
			return false
		}
		q += j
		if p.s[q-1] != '\\' {
			if !p.ends(q+1, key, "") {
				return false
			}
			p.spans = q
			return true
		}
		q++
	}
	return false
}

// unclosed handles a string that the end of the text cuts off.
func (p *parser) unclosed(n uint32, start, i int, key bool) int {
	p.t.nodes[n].flags |= flagBare
	if !p.bracket {
		p.reportIn("QA_TRUNCATED", i, start, key, "the "+p.unit()+" ends inside a text", p.truncatedHint())
	}
	p.bracket = true
	return p.end
}
