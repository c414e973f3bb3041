package tree

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is the decoded text of a string node. Without escapes it shares the
// file's memory.
func (t *Tree) Text(n uint32) string {
	x := &t.nodes[n]
	s := t.inner(n)
	if x.flags&flagEscaped == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		j := strings.IndexByte(s[i:], '\\')
		if j < 0 {
			b.WriteString(s[i:])
			break
		}
		b.WriteString(s[i : i+j])
		r, size := Unescape(s[i+j:])
		b.WriteRune(r)
		i += j + size
	}
	return b.String()
}

// inner is the raw text between the quotes.
func (t *Tree) inner(n uint32) string {
	x := &t.nodes[n]
	s := t.S[x.start:x.end]
	if x.flags&flagBare == 0 {
		return s[1 : len(s)-1]
	}
	return strings.Trim(s, "'\"“”„‘’«» \t\r")
}

// Inner is the text between the quotes as written, and the offset in the
// file at which it starts.
func (t *Tree) Inner(n uint32) (string, int) {
	s := t.inner(n)
	at := int(t.nodes[n].start)
	return s, at + strings.Index(t.S[at:t.nodes[n].end], s)
}

// OffsetIn is the offset in the file of the decoded[i:]th byte of a string
// node's text: where the character stands, or the escape that stands for it.
func (t *Tree) OffsetIn(n uint32, i int) int {
	s, at := t.Inner(n)
	if !t.Escaped(n) {
		return at + min(i, len(s))
	}
	for p := 0; p < len(s); {
		r, size := rune(0), 1
		if s[p] == '\\' {
			r, size = Unescape(s[p:])
		} else {
			r, size = utf8.DecodeRuneInString(s[p:])
		}
		if i < utf8.RuneLen(r) {
			return at + p
		}
		i -= utf8.RuneLen(r)
		p += size
	}
	return at + len(s)
}

// Unescape decodes the escape at the start of s, which begins with a
// backslash, and says how many bytes of s it takes. What is no valid escape
// stands for U+FFFD, or for itself where it is one character.
func Unescape(s string) (r rune, size int) {
	if len(s) < 2 {
		return utf8.RuneError, len(s)
	}
	switch s[1] {
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		u, ok := hex4(s[2:])
		if !ok {
			return utf8.RuneError, 2
		}
		if !utf16.IsSurrogate(u) {
			return u, 6
		}
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if low, ok := hex4(s[8:]); ok {
				if r := utf16.DecodeRune(u, low); r != utf8.RuneError {
					return r, 12
				}
			}
		}
		return utf8.RuneError, 6
	}
	return utf8.RuneError, 1
}

// hex4 reads four hexadecimal digits.
func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for i := range 4 {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// Describe names the kind of a value, for messages.
func (t *Tree) Describe(n uint32) string {
	switch t.nodes[n].kind {
	case kindObject:
		return "an object"
	case kindArray:
		return "a list of " + strconv.Itoa(t.Len(n))
	case kindString:
		return "a text"
	case kindNumber:
		return "a number"
	case kindLiteral:
		return t.Raw(n)
	}
	return "nothing that JSON knows"
}
