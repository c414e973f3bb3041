// Package quality looks for what is wrong with texts that are valid JSON:
// traces of a wrong character set, of LaTeX read as escapes, of chat
// templates and HTML, and pairs that say the same twice.
//
// # Design notes
//
// A warning that is wrong once too often is not read any more. So each check
// takes only what can hardly be meant, and says nothing in doubt. The checks
// of one text are run only if a first look at its bytes shows a character
// that they need, because most texts have none.
package quality

import "qacorpus/sidecar/qa/problem"

// Finding is one thing found in one text.
type Finding struct {
	Code          problem.Code
	At            int // byte offset in the text
	Message, Hint string
}

// Bits of the first look.
const (
	control   = 1 << iota // C0 controls and DEL
	high                  // beyond ASCII
	ampersand             // &
	bracket               // < [ {
	hash                  // #
)

// look collects the bits of a text's bytes.
func look(s string) (bits uint8) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x80:
			bits |= high
		case c < 0x20 || c == 0x7f:
			bits |= control
		case c == '&':
			bits |= ampersand
		case c == '<' || c == '[' || c == '{':
			bits |= bracket
		case c == '#':
			bits |= hash
		}
	}
	return bits
}

// Text looks at one question, answer or context. Each kind of finding is
// given once, at its first place, with the number of others in the message.
func Text(s string, found []Finding) []Finding {
	bits := look(s)
	if s == "" || bits == 0 && s[0] != 'Q' && s[0] != 'A' {
		return found
	}
	if bits&control != 0 {
		found = latex(s, found)
	}
	if bits&high != 0 {
		found = mojibake(s, found)
	}
	if bits&(high|control) != 0 {
		found = invisible(s, found)
	}
	if bits&ampersand != 0 {
		found = entity(s, found)
	}
	if bits&(bracket|hash) != 0 || s[0] == 'Q' || s[0] == 'A' {
		found = template(s, found)
	}
	return found
}
