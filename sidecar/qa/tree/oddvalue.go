package tree

import (
	"fmt"
	"strings"
)

// oddValue handles what stands where a value should.
func (p *parser) oddValue(c byte) {
	inObject := len(p.stack) > 0 && p.t.nodes[p.stack[len(p.stack)-1].node].kind == kindObject
	switch {
	case c == ',' && !inObject && len(p.stack) > 0:
		p.report("QA_SYNTAX", p.pos, "a comma follows a comma, or nothing", "remove it")
		p.pos++
	case inObject && (c == ',' || c == '}' || c == ']'):
		name := clip(p.t.Text(p.stack[len(p.stack)-1].key))
		p.reportValue("QA_SYNTAX", p.pos, fmt.Sprintf("the key %q has no value", name), "add a value, or remove the key")
		p.leaf(kindBad, p.pos, p.pos, flagDamaged)
		p.st = wantMore
	case c == '}' || c == ']':
		p.mismatch(c)
	case p.quoted(false):
		p.st = wantMore
	case len(p.stack) == 0 && !p.pythonWord():
		p.noJSON()
	case wordByte(c):
		p.enter()
		p.bareWord()
		p.st = wantMore
	default:
		p.enter()
		p.reportValue("QA_SYNTAX", p.pos, "expected a value, found "+p.next(), "put text in quotation marks")
		p.hush()
		start := p.pos
		p.skip()
		p.leaf(kindBad, start, p.pos, flagDamaged)
		p.st = wantMore
	}
}

// pythonWord says that a whole value stands here, though not JSON's.
func (p *parser) pythonWord() bool {
	const longest = len("-infinity")
	rest := strings.TrimSpace(p.s[p.pos:min(p.end, p.pos+longest+1)])
	if strings.TrimSpace(p.s[min(p.end, p.pos+longest+1):p.end]) != "" {
		return false
	}
	switch strings.ToLower(strings.TrimLeft(rest, "+-")) {
	case "none", "true", "false", "null", "nan", "infinity":
		return true
	}
	return false
}

// bareWord handles a word where a value should stand.
func (p *parser) bareWord() {
	i := p.pos
	for i < p.end && wordByte(p.s[i]) {
		i++
	}
	w := p.s[p.pos:i]
	start := p.pos
	switch lower := strings.ToLower(w); {
	case w == "None" || w == "True" || w == "False":
		p.habit(habitPython, start, "QA_SYNTAX", "Python's "+w+" is not JSON", "write "+strings.Replace(lower, "none", "null", 1)+", or let Python's json.dump write the file")
	case lower == "true" || lower == "false" || lower == "null":
		p.reportValue("QA_SYNTAX", start, w+" must be in small letters", "write "+lower)
	case lower == "undefined" || lower == "nil":
		p.reportValue("QA_SYNTAX", start, w+" is not JSON", "write null")
	case lower == "nan" || strings.TrimLeft(lower, "+-") == "infinity" || lower == "inf":
		p.reportValue("QA_NONFINITE", start, w+" is not a number of JSON", "write null, or a text")
	case w[0] == '+' || w[0] == '.':
		p.badNumber()
		return
	default:
		p.reportValue("QA_SYNTAX", start, "expected a value, found "+clip(w), "put text in quotation marks")
		p.pos = i
		p.hush()
		if i < p.end && strings.IndexByte(",}]\n", p.s[i]) < 0 {
			p.skip()
			i = p.pos
		}
	}
	p.leaf(kindBad, start, i, flagDamaged)
	p.pos = i
}
