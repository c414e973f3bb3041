package tree

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineEnd is the offset of the next line break, or the end.
func (p *parser) lineEnd(i int) int {
	if j := strings.IndexByte(p.s[i:p.end], '\n'); j >= 0 {
		return i + j
	}
	return p.end
}

// hush keeps the rest of the line from being reported: it cannot be trusted.
func (p *parser) hush() { p.quiet = max(p.quiet, p.lineEnd(p.pos)) }

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
	switch rest := strings.TrimSpace(p.s[p.pos:p.end]); strings.ToLower(strings.TrimLeft(rest, "+-")) {
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

// quoted reads a string between other quotation marks than JSON's, reports
// the habit, and says whether there was one.
func (p *parser) quoted(key bool) bool {
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
		return false
	}
	line := p.lineEnd(p.pos)
	end := -1
	for i := p.pos + n; i < line; {
		q, size := utf8.DecodeRuneInString(p.s[i:line])
		if q == '\\' {
			i += 2
			continue
		}
		i += size
		if strings.ContainsRune(closing, q) && p.ends(i, key, "'\xe2\xc2") {
			end = i
			break
		}
	}
	if end < 0 {
		return false
	}
	kind, what := habitSmart, "typographic quotation marks around text"
	if r == '\'' {
		kind, what = habitSingle, "single quotation marks around text"
	}
	start := p.pos
	p.pos = end
	if key {
		p.comma = false
		p.stack[len(p.stack)-1].key = p.leaf(kindString, start, end, flagBare)
		p.habit(kind, start, "QA_SYNTAX", what, `JSON wants " on both sides; a Python file is best written by json.dump`)
		p.st = wantValue
		p.colon()
		return true
	}
	p.enter()
	p.leaf(kindString, start, end, flagBare|flagDamaged)
	p.habit(kind, start, "QA_SYNTAX", what, `JSON wants " on both sides; a Python file is best written by json.dump`)
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
