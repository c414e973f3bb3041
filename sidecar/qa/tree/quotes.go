package tree

import (
	"strings"
	"unicode/utf8"
)

// quoted reads a string between other quotation marks than JSON's, reports
// the habit, and says whether there was one.
func (p *parser) quoted(key bool) bool {
	end := p.quotedEnd(key)
	if end < 0 {
		return false
	}
	kind, what := habitSmart, "typographic quotation marks around text"
	if p.s[p.pos] == '\'' {
		kind, what = habitSingle, "single quotation marks around text"
	}
	start := p.pos
	p.pos = end
	const hint = `JSON wants " on both sides; a Python file is best written by json.dump`
	if key {
		p.comma = false
		p.stack[len(p.stack)-1].key = p.leaf(kindString, start, end, flagBare)
		p.habit(kind, start, "QA_SYNTAX", what, hint)
		p.st = wantValue
		p.colon()
		return true
	}
	p.enter()
	p.leaf(kindString, start, end, flagBare|flagDamaged)
	p.habit(kind, start, "QA_SYNTAX", what, hint)
	return true
}

// quotedEnd finds the end, on this line, of a string between other quotation
// marks than JSON's; -1 where none begins here, or it has no end.
func (p *parser) quotedEnd(key bool) int {
	r, n := utf8.DecodeRuneInString(p.s[p.pos:p.end])
	closing := ""
	switch r {
	case '\'':
		closing = "'"
	case '“', '”', '„', '‟', '″', '＂':
		closing = "”“‟″＂\""
	case '‘', '’', '‚':
		closing = "’‘'"
	case '«', '»':
		closing = "»«"
	default:
		return -1
	}
	line := p.lineEnd(p.pos)
	for i := p.pos + n; i < line && p.hop(); {
		q, size := utf8.DecodeRuneInString(p.s[i:line])
		if q == '\\' {
			i += 2
			continue
		}
		i += size
		if strings.ContainsRune(closing, q) && p.ends(i, key, "'\xe2\xc2") {
			return i
		}
	}
	return -1
}
