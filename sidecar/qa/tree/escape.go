package tree

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escape checks the escape at i and returns where reading goes on.
func (p *parser) escape(i, start int, key bool) int {
	if i+1 >= p.end {
		return p.end
	}
	switch p.s[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		return p.unicode(i, start, key)
	}
	p.badEscape(i, start, key)
	return i + 1
}

// unicode checks the \u escape at i, and its other half if it is one of two.
func (p *parser) unicode(i, start int, key bool) int {
	u, ok := hex4(p.s[i+2 : p.end])
	if !ok {
		p.badEscape(i, start, key)
		return i + 2
	}
	if !utf16.IsSurrogate(u) {
		return i + 6
	}
	if _, size := Unescape(p.s[i:p.end]); size == 12 {
		return i + 12
	}
	p.reportIn("QA_SURROGATE", i, start, key, p.s[i:i+6]+" is half of a surrogate pair",
		"write both halves, or the character itself")
	return i + 6
}

// badEscape reports a backslash that begins no escape.
func (p *parser) badEscape(i, start int, key bool) {
	_, size := utf8.DecodeRuneInString(p.s[i+1 : p.end])
	size++
	for size < 12 && i+size < p.end && isLetter(p.s[i+1]) && isLetter(p.s[i+size]) {
		size++
	}
	what := clip(p.s[i:min(i+size, p.end)])
	hint := `write a backslash itself as \\`
	switch c := p.s[i+1]; {
	case c == 'u':
		what = clip(strings.ToValidUTF8(p.s[i:min(i+6, p.end)], "…"))
		hint = `\u needs four hexadecimal digits; ` + hint
	case c == 'x':
		hint = `JSON knows \u00XX only; ` + hint
	case c == '\'':
		hint = "an apostrophe needs no backslash"
	case isLetter(c):
		hint += `, so \` + what
	}
	p.reportIn("QA_BAD_ESCAPE", i, start, key, what+" is not an escape of JSON", hint)
}
