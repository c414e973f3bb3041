package name

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Show returns s, a name or a path, in a form that stays on one line and
// deceives nobody: control characters, line and paragraph separators, invisible
// and direction-changing characters and bytes that are no UTF-8 are written as
// escapes (\n, \t, \u202e, \xff), a backslash before such an escape's look-alike
// as \\. Everything else is kept. The result is for reading; it is no shell
// quoting.
func Show(s string) string {
	if !strings.ContainsFunc(s, hidden) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case hidden(r) && r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		case hidden(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// hidden reports whether r would not show, would move the cursor, or would
// change how its neighbours show. The joiners stay: scripts and emoji need them.
func hidden(r rune) bool {
	if r == 0x200c || r == 0x200d {
		return false
	}
	return unicode.IsControl(r) || r == 0xfffe || r == 0xffff || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}
