package tree

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// space passes over white space and comments.
func (p *parser) space() {
	for p.pos < p.end {
		switch p.s[p.pos] {
		case ' ', '\n', '\t', '\r':
			p.pos++
		case '/':
			if !p.comment() {
				return
			}
		case '#':
			p.hash()
		default:
			if p.s[p.pos] < 0x80 || !p.oddSpace() {
				return
			}
		}
	}
}

// comment passes over a comment if one stands here.
func (p *parser) comment() bool {
	rest := p.s[p.pos:p.end]
	switch {
	case strings.HasPrefix(rest, "//"):
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			p.pos += i
		} else {
			p.pos = p.end
		}
	case strings.HasPrefix(rest, "/*"):
		i := strings.Index(rest[2:], "*/")
		if i < 0 {
			p.report("QA_TRUNCATED", p.pos, "this comment has no end", "close it with */")
			p.pos = p.end
			p.bracket = true
			return true
		}
		p.pos += i + 4
	default:
		return false
	}
	p.t.Comments++
	return true
}

// oddSpaceAt is the size of a character at i that looks like a space, or
// like nothing, and is not white space to JSON; else 0.
func (p *parser) oddSpaceAt(i int) int {
	r, n := utf8.DecodeRuneInString(p.s[i:p.end])
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
		return n
	}
	return 0
}

// oddSpace passes over such a character and reports the habit.
func (p *parser) oddSpace() bool {
	n := p.oddSpaceAt(p.pos)
	if n == 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.pos:])
	p.habit(habitSpace, p.pos, "QA_SYNTAX", fmt.Sprintf("the invisible character U+%04X stands outside of text", r), "delete it, or replace it by a space")
	p.pos += n
	return true
}

// hash passes over a comment in the style of Python and reports the habit.
func (p *parser) hash() {
	p.habit(habitHash, p.pos, "QA_SYNTAX", "# begins no comment in JSON", "write // or remove the line")
	p.pos = p.lineEnd(p.pos)
}
