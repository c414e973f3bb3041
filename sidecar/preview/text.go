package preview

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean drops what no text file should hold: NUL and the other C0 controls but
// line feed and tab, and bytes that are no UTF-8.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// maxLine bounds titles, authors and labels, in characters: the longest title of
// a paper has some 300, and a file can claim megabytes.
const maxLine = 500

// oneLine folds white space and control characters to single spaces, trims, and
// cuts what is longer than maxLine.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if utf8.RuneCountInString(s) <= maxLine {
		return s
	}
	return string([]rune(s)[:maxLine-1]) + "…"
}

// visible writes what would not show in a file's name as escapes.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x10000 && (unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// inline escapes what Markdown or HTML would make something else of. An
// underscore inside a word is plain text to CommonMark and stays as it is.
func inline(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch r {
		case '\\', '`', '*', '[', ']', '<', '>', '|':
			b.WriteByte('\\')
		case '&':
			if i+1 < len(runes) && (runes[i+1] == '#' || unicode.IsLetter(runes[i+1])) {
				b.WriteByte('\\')
			}
		case '#':
			// A run of # before a space or at the end is a closing sequence.
			if i == 0 || runes[i-1] == ' ' {
				b.WriteByte('\\')
			}
		case '_', '~':
			if !(i > 0 && wordRune(runes[i-1]) && i+1 < len(runes) && wordRune(runes[i+1])) {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// wordRune reports whether r keeps an underscore beside it from being emphasis;
// the underscore itself does, in the middle of a run.
func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// longestRun returns the length of the longest run of c in s.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")

// ExpandLigatures returns the texts with the Latin ligatures of Unicode's
// presentation forms written as letters.
func ExpandLigatures(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = ligatures.Replace(t)
	}
	return out
}

// Fence returns text, white space trimmed from both its ends, in a Markdown
// fence that no run of backticks in it closes.
func Fence(text string) string {
	text = strings.TrimSpace(text)
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	return fence + "text\n" + text + "\n" + fence + "\n"
}
