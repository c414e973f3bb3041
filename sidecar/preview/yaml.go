package preview

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain reports whether s can stand in YAML without quotes and reads back as the
// same string.
func plain(s string) bool {
	for i, r := range s {
		letter := unicode.IsLetter(r) && r != utf8.RuneError
		switch {
		case letter, i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._+()-", r)):
		case unicode.IsDigit(r): // a name such as 2024.pdf is no number
		case r == ' ' && i > 0 && i < len(s)-1:
		default:
			return false
		}
	}
	return strings.HasSuffix(strings.ToLower(s), ".pdf")
}

// quote writes s as a YAML string in double quotes. A byte that is no UTF-8
// becomes \xNN; characters are written as themselves or as \uNNNN, never as
// \xNN, so that unquote gets every byte back.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02X`, s[i])
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsControl(r) || r == 0xfffe || r == 0xffff || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, r)
		case unicode.In(r, unicode.Cf):
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	b.WriteByte('"')
	return b.String()
}

// unquote undoes quote. What quote cannot have written comes back unchanged;
// Parse then sees that it does not render to the same bytes.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	in := s[1 : len(s)-1]
	var b strings.Builder
	for i := 0; i < len(in); i++ {
		if in[i] != '\\' || i+1 == len(in) {
			b.WriteByte(in[i])
			continue
		}
		i++
		digits := 0
		switch in[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'x':
			digits = 2
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		default:
			b.WriteByte(in[i])
		}
		if digits == 0 {
			continue
		}
		v, err := strconv.ParseUint(in[i+1:min(i+1+digits, len(in))], 16, 32)
		if err != nil {
			return s
		}
		if digits == 2 {
			b.WriteByte(byte(v))
		} else {
			b.WriteRune(rune(v))
		}
		i += digits
	}
	return b.String()
}
