package tree

import (
	"fmt"
	"strings"
)

// unit names what is read as one: the file, or a line of JSON Lines.
func (p *parser) unit() string {
	if p.t.Lines {
		return "line"
	}
	return "file"
}

func (p *parser) truncatedHint() string {
	if p.t.Lines {
		return "complete the line; each line holds one whole object"
	}
	return "the rest is missing: look for a complete copy, or close what is open"
}

// truncated handles the end of the text inside a value: one report, then all
// that is open ends here.
func (p *parser) truncated() {
	end := len(strings.TrimRight(p.s[:p.end], " \t\r\n"))
	if !p.bracket && len(p.stack) > 0 {
		f := p.stack[len(p.stack)-1]
		kind := "list"
		closing := "]"
		if p.t.nodes[f.node].kind == kindObject {
			kind, closing = "object", "}"
		}
		hint := p.truncatedHint()
		if len(p.stack) == 1 && p.st == wantMore {
			hint = "add " + closing
		}
		p.report("QA_TRUNCATED", end, fmt.Sprintf("the %s ends inside the %s that begins at %s", p.unit(), kind, p.where(int(p.t.nodes[f.node].start))), hint)
	}
	p.bracket = true
	p.pos = p.end
	for len(p.stack) > 0 {
		p.fill()
		p.pop()
	}
}

// fill gives a key that lost its value a Bad one, so that keys and values
// always come in twos.
func (p *parser) fill() {
	f := p.stack[len(p.stack)-1]
	if p.t.nodes[f.node].kind == kindObject && p.st == wantValue && f.key != 0 && f.key == uint32(len(p.t.nodes))-1 {
		p.leaf(kindBad, p.pos, p.pos, flagDamaged)
	}
	p.st = wantMore
}

// mismatch handles a closing bracket of the wrong kind. If something further
// out can be closed by it, what is inside is taken to end here; else it is
// passed over. Brackets are reported once per document.
func (p *parser) mismatch(c byte) {
	want := byte(kindArray)
	if c == '}' {
		want = kindObject
	}
	outer := -1
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.t.nodes[p.stack[i].node].kind == want {
			outer = i
			break
		}
	}
	if !p.bracket {
		if outer < 0 {
			p.report("QA_SYNTAX", p.pos, fmt.Sprintf("'%c' closes nothing that is open here", c), "remove it")
		} else {
			f := p.stack[len(p.stack)-1]
			p.report("QA_SYNTAX", p.pos, fmt.Sprintf("expected %s before '%c'", closer(want == kindArray), c),
				"what begins at "+p.where(int(p.t.nodes[f.node].start))+" is not closed")
		}
	}
	p.bracket = true
	p.damage()
	p.comma = false
	if outer < 0 {
		p.pos++
		return
	}
	for len(p.stack) > outer+1 {
		p.fill()
		p.pop()
	}
}

// trailing reports what stands after the value, once, and stops.
func (p *parser) trailing(root int) {
	c := p.s[p.pos]
	defer func() { p.pos = p.end }()
	if p.bracket {
		return
	}
	p.bracket = true
	if p.t.Lines && c == ',' && strings.TrimSpace(p.s[p.pos+1:p.end]) == "" {
		p.habit(habitRowComma, p.pos, "QA_TRAILING_DATA", "a comma ends the line", "JSON Lines has no commas between lines; remove it")
		return
	}
	hint := "remove it"
	switch {
	case c == '}' || c == ']':
		hint = "remove it, or look for the bracket that is missing before"
	case c == ',':
		hint = "put [ before the first value and ] after the last"
	case p.t.Lines:
		hint = "put each object on a line of its own"
	}
	what := "the value"
	if root < len(p.t.Roots) && p.t.nodes[p.t.Roots[root]].kind == kindString {
		what = "the text"
	}
	p.report("QA_TRAILING_DATA", p.pos, p.next()+" stands after the end of "+what, hint)
}

// tooDeep gives up on a text with too many open brackets.
func (p *parser) tooDeep() {
	p.t.Gone = true
	p.damage()
	p.add("QA_TOO_DEEP", p.pos, "", fmt.Sprintf("brackets are nested more than %d deep", MaxDepth), "no reader of question-answer pairs needs this; the file is probably damaged")
	p.abort()
}

// tooMany gives up on a text with too many values.
func (p *parser) tooMany(offset int) {
	if p.t.Gone {
		return
	}
	p.t.Gone = true
	p.report("QA_TOO_BIG", offset, fmt.Sprintf("the file holds more than %d million values", maxNodes>>20), "split it")
	p.abort()
}

// abort ends everything that is open and stops.
func (p *parser) abort() {
	p.stop = true
	for len(p.stack) > 0 {
		p.fill()
		p.pop()
	}
	p.pos = p.end
}

// noJSON handles text where the whole value should begin: what people and
// chat programs write before the JSON, or a file that is something else.
func (p *parser) noJSON() {
	start := p.pos
	for at := p.lineEnd(p.pos); at < p.end; at = p.lineEnd(at + 1) {
		rest := strings.TrimLeft(p.s[at:p.end], " \t\r\n")
		if rest == "" {
			break
		}
		if rest[0] == '{' || rest[0] == '[' || strings.HasPrefix(rest, "```") {
			p.pos = p.end - len(rest)
			if rest[0] == '`' {
				p.pos = p.lineEnd(p.pos)
			}
			p.report("QA_SYNTAX", start, "text stands before the JSON", "delete everything before the first bracket, and what follows the last")
			p.bracket = true
			return
		}
	}
	p.report("QA_SYNTAX", start, "this is not JSON: it begins with "+p.next(), "a JSON file begins with { or [")
	p.bracket = true
	p.pos = p.end
	p.leaf(kindBad, start, p.end, flagDamaged)
	p.st = wantMore
}
