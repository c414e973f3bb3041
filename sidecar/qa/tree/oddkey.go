package tree

import (
	"fmt"
	"strings"
)

// missingColon handles a key that no colon follows.
func (p *parser) missingColon() {
	if p.pos >= p.end {
		return // reported as truncated by the caller's next step
	}
	c := p.s[p.pos]
	f := p.stack[len(p.stack)-1]
	name := clip(p.t.Text(f.key))
	switch {
	case c == ',' || c == '}' || c == ']':
		p.reportValue("QA_SYNTAX", p.pos, fmt.Sprintf("the key %q has no value", name), "add ': ' and a value, or remove the key")
		p.leaf(kindBad, p.pos, p.pos, flagDamaged)
		p.st = wantMore
	case c == '=':
		p.reportValue("QA_SYNTAX", p.pos, fmt.Sprintf("expected ':' after the key %q, found '='", name), "write a colon")
		for p.pos < p.end && strings.IndexByte("=>", p.s[p.pos]) >= 0 {
			p.pos++
		}
	case c == ';':
		p.reportValue("QA_SYNTAX", p.pos, fmt.Sprintf("expected ':' after the key %q, found ';'", name), "write a colon")
		p.pos++
	default:
		p.reportValue("QA_SYNTAX", p.pos, fmt.Sprintf("expected ':' after the key %q", name), "add a colon")
	}
}

// oddKey handles what stands where a key or a closing brace should.
func (p *parser) oddKey(c byte) {
	switch {
	case c == ',':
		p.report("QA_SYNTAX", p.pos, "a comma follows a comma, or nothing", "remove it")
		p.pos++
	case c == ']':
		p.mismatch(c)
	case c == '{' || c == '[':
		p.oddOpen(c)
	case p.quoted(true):
	case wordByte(c):
		i := p.pos
		for i < p.end && wordByte(p.s[i]) {
			i++
		}
		if !p.keyAhead() {
			p.report("QA_SYNTAX", p.pos, "expected a key in quotation marks, found "+p.next(), "")
			p.hush()
			p.pos = i
			p.skip()
			p.st = wantMore
			return
		}
		p.bareKey(p.pos, i)
	default:
		p.report("QA_SYNTAX", p.pos, "expected a key in quotation marks, found "+p.next(), "")
		p.hush()
		p.skip()
		p.st = wantMore
	}
}

// oddOpen handles a bracket where a key should stand: most often the closing
// brace of the object before it is missing.
func (p *parser) oddOpen(c byte) {
	f := p.stack[len(p.stack)-1]
	if c == '{' && len(p.stack) > 1 && p.t.nodes[p.stack[len(p.stack)-2].node].kind == kindArray {
		p.report("QA_SYNTAX", p.pos, "expected '}' before '{'", "close the object that begins at "+p.where(int(p.t.nodes[f.node].start))+" first")
		p.comma = false
		p.pop()
		p.st = wantItem
		return
	}
	p.report("QA_SYNTAX", p.pos, fmt.Sprintf("expected a key in quotation marks, found '%c'", c), "")
	p.hush()
	// Read it as the value of a nameless key, to get past it.
	p.bareKey(p.pos, p.pos)
}

// bareKey enters a key that is written without double quotes.
func (p *parser) bareKey(start, end int) {
	p.comma = false
	p.st = wantValue
	f := &p.stack[len(p.stack)-1]
	f.key = p.leaf(kindString, start, end, flagBare)
	if start < end {
		p.habit(habitBareKey, start, "QA_SYNTAX", "the key "+clip(p.s[start:end])+" is not in quotation marks", `write "`+clip(p.s[start:end])+`"`)
		p.pos = end
		p.colon()
	}
}
