// Package report shows the problems of files to people, as text with the
// source line and a caret, and to programs, as JSON Lines, SARIF and GitHub's
// annotations.
package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"qacorpus/sidecar/qa/problem"
)

// File is a file with its problems.
type File struct {
	// Name is shown as given, save that control characters and bytes that
	// are not UTF-8 are escaped.
	Name     string
	Problems []problem.Problem
}

// Text writes every problem with its place, its source line and a caret:
//
//	AdaLoRA.json:3:23: error QA_SYNTAX: expected ',' before "answer" (/qa_pairs/1)
//	   3 |   {"question": "Why?" "answer": "b"},
//	     |                       ^ add a comma
//
// A problem of the file as a whole has no line and no caret, and its hint
// comes on a line of its own.
func Text(w io.Writer, files ...File) error {
	var b strings.Builder
	for _, f := range files {
		name := Visible(f.Name)
		for i := range f.Problems {
			text(&b, name, &f.Problems[i])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func text(b *strings.Builder, name string, p *problem.Problem) {
	b.WriteString(name)
	if p.Line > 0 {
		fmt.Fprintf(b, ":%d:%d", p.Line, p.Column)
	}
	fmt.Fprintf(b, ": %s %s: %s", p.Severity, p.Code, Visible(p.Message))
	if p.Pointer != "" {
		fmt.Fprintf(b, " (%s)", Visible(p.Pointer))
	}
	b.WriteByte('\n')
	if p.Line == 0 {
		if p.Hint != "" {
			fmt.Fprintf(b, "     | %s\n", Visible(p.Hint))
		}
		return
	}
	before, after := cut(p.Excerpt, p.Caret)
	number := fmt.Sprintf("%4d", p.Line)
	fmt.Fprintf(b, "%s | %s%s\n", number, printable(before), printable(after))
	fmt.Fprintf(b, "%s | %s^", strings.Repeat(" ", len(number)), under(printable(before), after))
	if p.Hint != "" {
		b.WriteString(" " + Visible(p.Hint))
	}
	b.WriteByte('\n')
}

// cut splits s before its nth character.
func cut(s string, n int) (string, string) {
	for i := range s {
		if n == 0 {
			return s[:i], s[i:]
		}
		n--
	}
	return s, ""
}

// under is white space as wide as the text before the caret, with tabs where
// that has tabs. A caret that falls on a combining character goes under the
// character that it combines with.
func under(before, after string) string {
	if r, _ := utf8.DecodeRuneInString(after); unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) && before != "" {
		state, rest, last := -1, before, 0
		for rest != "" {
			var cluster string
			cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			last = len(cluster)
		}
		before = before[:len(before)-last]
	}
	var b strings.Builder
	for i, part := range strings.Split(before, "\t") {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(strings.Repeat(" ", uniseg.StringWidth(part)))
	}
	return b.String()
}

// printable replaces what would disturb a terminal: control characters, and
// characters that turn the direction of writing.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
			return '\uFFFD'
		}
		return r
	}, s)
}

// Visible escapes line breaks, other control characters and bytes that are
// not UTF-8, so that a name or a message stays on one line.
func Visible(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}
