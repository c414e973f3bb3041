package tree

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// lineEnd is the offset of the next line break, or the end. It remembers the
// line, for a file with many mistakes on one endless line.
func (p *parser) lineEnd(i int) int {
	if p.lineFrom <= i && i <= p.lineTo && p.lineTo <= p.end {
		return p.lineTo
	}
	p.lineFrom, p.lineTo = i, p.end
	if j := strings.IndexByte(p.s[i:p.end], '\n'); j >= 0 {
		p.lineTo = i + j
	}
	return p.lineTo
}

// hush keeps the rest of the line from being reported: it cannot be trusted.
func (p *parser) hush() { p.quiet = max(p.quiet, p.lineEnd(p.pos)) }

// hop counts one more step of looking ahead, and says whether there may be
// another: text made to be looked through again and again must come to an end.
func (p *parser) hop() bool {
	const most = 20_000_000
	p.hops++
	return p.hops < most
}

// next shows the token that stands here, for messages.
func (p *parser) next() string {
	if p.pos >= p.end {
		return "the end of the " + p.unit()
	}
	c := p.s[p.pos]
	if c == '"' {
		i := p.pos + 1
		for i < p.end && !special(p.s[i]) {
			i++
		}
		return clip(`"` + p.s[p.pos+1:i] + `"`)
	}
	if wordByte(c) {
		i := p.pos
		for i < p.end && wordByte(p.s[i]) {
			i++
		}
		return clip(p.s[p.pos:i])
	}
	_, n := utf8.DecodeRuneInString(p.s[p.pos:p.end])
	return "'" + p.s[p.pos:p.pos+n] + "'"
}

// missingComma handles something that follows a value without a comma.
func (p *parser) missingComma(c byte, object bool) {
	f := p.stack[len(p.stack)-1]
	begins := c == '"' || c == '{' || c == '[' || c == '\'' || c == '-' || wordByte(c) || c >= 0x80
	switch {
	case c == ';':
		p.report("QA_SYNTAX", p.pos, "expected ',', found ';'", "write a comma")
		p.pos++
		p.st, p.comma = wantItem, true
		if object {
			p.st = wantKey
		}
	case object && (c == '"' || c == '\'' || wordByte(c) && p.keyAhead()):
		p.report("QA_SYNTAX", p.pos, "expected ',' before "+p.next(), "add a comma")
		p.st = wantKey
	case object && c == '{' && len(p.stack) > 1 && p.t.nodes[p.stack[len(p.stack)-2].node].kind == kindArray:
		p.report("QA_SYNTAX", p.pos, "expected '}' before '{'", "close the object that begins at "+p.where(int(p.t.nodes[f.node].start))+" with },")
		p.pop()
		p.st = wantItem
	case !object && begins:
		p.report("QA_SYNTAX", p.pos, "expected ',' before "+p.next(), "add a comma")
		p.st = wantItem
	default:
		p.report("QA_SYNTAX", p.pos, fmt.Sprintf("expected ',' or %s, found %s", closer(object), p.next()), "remove it, or put text in quotation marks")
		p.hush()
		p.skip()
	}
}

// keyAhead says that a bare word with a colon after it stands here.
func (p *parser) keyAhead() bool {
	i := p.pos
	for i < p.end && wordByte(p.s[i]) {
		i++
	}
	for i < p.end && (p.s[i] == ' ' || p.s[i] == '\t') {
		i++
	}
	return i < p.end && p.s[i] == ':'
}

func closer(object bool) string {
	if object {
		return "'}'"
	}
	return "']'"
}

// skip passes over what was not understood, up to something structural. It
// always moves on.
func (p *parser) skip() {
	for first := true; p.pos < p.end; first = false {
		switch p.s[p.pos] {
		case ',', '}', ']', '\n':
			if !first {
				return
			}
		case '{', '[', '"':
			if !first {
				return
			}
		}
		p.pos++
	}
}
