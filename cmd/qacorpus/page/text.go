package page

import (
	"html/template"
	"strconv"
	"strings"
	"unicode"

	"qacorpus/sidecar/name"
)

// functions are what the templates call.
func functions() template.FuncMap {
	return template.FuncMap{"show": name.Show, "plain": plain, "count": count, "number": number, "noun": noun, "ticks": ticks, "parts": parts}
}

func show(names []string) []string {
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = name.Show(n)
	}
	return shown
}

// hidden reports whether r would not show or would change how its neighbours do.
// The joiners stay: scripts and emoji need them.
func hidden(r rune) bool {
	if r == 0x200c || r == 0x200d {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == 0xfffe || r == 0xffff
}

// plain is a text of several lines without what turns the direction of writing
// around or is no character of a text. Line ends and tabs stay.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == 0x200c || r == 0x200d || r == 0x200e || r == 0x200f || r == 0xad:
			return r
		case r == 0x2028 || r == 0x2029:
			return '\n'
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return number(n) + " " + noun
}

// noun is the noun alone, as count writes it.
func noun(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// parts splits a name where a line may end.
func parts(s string) []string {
	var all []string
	for len(s) > 0 {
		n := strings.IndexAny(s, "_-/") + 1
		if n == 0 || n == len(s) {
			n = len(s)
		}
		all = append(all, s[:n])
		s = s[n:]
	}
	return all
}

// number groups the digits of large numbers.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// span is a piece of a sentence.
type span struct {
	Text string
	Code bool
}

// ticks splits a sentence at the backticks around what is to be typed.
func ticks(s string) []span {
	var all []span
	for i, part := range strings.Split(s, "`") {
		if part != "" {
			all = append(all, span{part, i%2 == 1})
		}
	}
	return all
}
