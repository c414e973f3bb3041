package quality

import (
	"fmt"
	"strings"
)

// commands are the LaTeX commands whose first letter after the backslash is
// a JSON escape, by that letter and without it: "\frac" becomes a form feed
// and "rac". Left out are those whose rest is a word or a part of one after a
// line break or a tab in ordinary text ("\to", "\ne", "\top", "\not", "\bar",
// "\big", "\fill").
func commands(c byte) []string {
	switch c {
	case '\f':
		return []string{"rac", "orall", "lat", "box", "rak", "rown", "ootnote", "ootnotesize", "igure"}
	case '\b':
		return []string{
			"eta", "ar", "egin", "oldsymbol", "old", "inom", "ig", "igg", "igl", "igr", "iggl", "iggr", "igcup", "igcap", "igoplus", "igotimes",
			"ullet", "ot", "oxed", "mod", "ackslash", "reve", "ecause", "owtie", "eth", "ibitem", "f", "m",
		}
	case '\t':
		return []string{"imes", "heta", "ext", "extbf", "extit", "extrm", "extsc", "exttt", "extsf", "extstyle", "au", "ilde", "riangle", "riangleq", "frac", "hinspace", "binom"}
	case '\r':
		return []string{"ho", "ight", "ightarrow", "angle", "floor", "ceil", "brace", "vert", "ightharpoonup", "ightleftharpoons", "m{"}
	case '\n':
		return []string{"abla", "eq", "eg", "otin", "exists", "onumber", "subseteq", "leq", "geq", "parallel", "warrow", "earrow", "ewcommand", "olimits"}
	}
	return nil
}

// latex finds commands that lost their backslash. After a line break or a
// carriage return the rest must look like mathematics, because text can go on
// there with anything.
func latex(s string, found []Finding) []Finding {
	first, more := -1, 0
	name := ""
	for i := 0; i < len(s); i++ {
		if s[i] >= ' ' {
			continue
		}
		c := commandAt(s, i)
		if c == "" {
			continue
		}
		if first < 0 {
			first, name = i, c
		} else {
			more++
		}
	}
	if first < 0 {
		return found
	}
	letter := map[byte]string{'\f': "f", '\b': "b", '\t': "t", '\r': "r", '\n': "n"}[s[first]]
	message := fmt.Sprintf(`the LaTeX command \%s%s was read as the escape \%s and %q`, letter, name, letter, name)
	return append(found, Finding{"QA_LATEX_ESCAPE", first, message + places(more),
		fmt.Sprintf(`write two backslashes in JSON: \\%s%s`, letter, name)})
}

// commandAt is the rest of the command that begins with the control
// character at i, or empty.
func commandAt(s string, i int) string {
	rest := s[i+1:]
	n := 0
	for n < len(rest) && ('a' <= rest[n] && rest[n] <= 'z' || 'A' <= rest[n] && rest[n] <= 'Z') {
		n++
	}
	if n == 0 {
		return ""
	}
	for _, c := range commands(s[i]) {
		if strings.TrimSuffix(c, "{") != rest[:n] || strings.HasSuffix(c, "{") && !strings.HasPrefix(rest[n:], "{") {
			continue
		}
		after := rest[n:]
		if c == "au" {
			after = strings.TrimLeft(after, " ")
		}
		if (s[i] == '\n' && c != "abla" || c == "au") && !mathAround(s, i, after) {
			continue
		}
		return rest[:n]
	}
	// "\nu" and "\ne" leave one letter: only mathematics on both sides tells.
	if n == 1 && s[i] == '\n' && (rest[0] == 'u' || rest[0] == 'e') && strings.Count(s[:i], "$")%2 == 1 && strings.Contains(rest, "$") {
		return rest[:n]
	}
	return ""
}

// mathAround says that there are signs of mathematics beside the place.
func mathAround(s string, i int, after string) bool {
	if after != "" && strings.IndexByte("_^{}$\\=+<>", after[0]) >= 0 {
		return true
	}
	return strings.Count(s[:i], "$")%2 == 1
}

// places is the end of a message about something with n more places.
func places(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " (and at 1 more place)"
	}
	return fmt.Sprintf(" (and at %d more places)", n)
}
