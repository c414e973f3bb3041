package quality

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// template finds what chat templates put around turns, and placeholders that
// nobody filled in.
func template(s string, found []Finding) []Finding {
	first, mark := -1, ""
	for _, m := range [...]string{
		"<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>",
		"<|end_header_id|>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>", "<start_of_turn>", "<end_of_turn>",
		"[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "</s>", "[BOS]", "[EOS]",
		"### Instruction:", "### Response:", "### Input:", "### Human:", "### Assistant:", "\n\n###",
	} {
		if i := strings.Index(s, m); i >= 0 && (first < 0 || i < first) {
			if m == "\n\n###" && strings.TrimSpace(s[i+len(m):]) != "" {
				continue // a heading of level three
			}
			first, mark = i, m
		}
	}
	if first >= 0 {
		return append(found, Finding{"QA_TEMPLATE_MARKER", first, fmt.Sprintf("%q is a marker of a chat template", strings.TrimSpace(mark)),
			"remove it: training adds its own, and a second one ends the turn"})
	}
	if n := numbered(s); n > 0 {
		return append(found, Finding{"QA_TEMPLATE_MARKER", 0, fmt.Sprintf("%q numbers or names the text in a list that is gone", s[:n]), "remove it"})
	}
	if i, name := placeholder(s); i >= 0 {
		return append(found, Finding{"QA_TEMPLATE_MARKER", i, name + " is a placeholder that was not filled in", "write what should stand there"})
	}
	return found
}

// numbered is the length of a mark like "Q1:", "A:" or "Question 3." at the
// start of a text, or 0.
func numbered(s string) int {
	n := 0
	for _, mark := range [...]string{"Question", "Answer", "Q", "A"} {
		if strings.HasPrefix(s, mark) {
			n = len(mark)
			break
		}
	}
	if n == 0 {
		return 0
	}
	digits := n + len(s[n:]) - len(strings.TrimLeft(s[n:], " "))
	end := digits
	for end < len(s) && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	if end+1 >= len(s) || s[end+1] != ' ' || s[end] != ':' && (s[end] != '.' || end == digits) {
		return 0
	}
	return end + 1
}

// placeholder finds {{name}} in prose. In code, in LaTeX and in talk about
// templates it is meant.
func placeholder(s string) (int, string) {
	if strings.ContainsAny(s, "`\\") {
		return -1, ""
	}
	for at := 0; ; {
		i := strings.Index(s[at:], "{{")
		if i < 0 {
			return -1, ""
		}
		i += at
		j := strings.Index(s[i:], "}}")
		if j < 0 {
			return -1, ""
		}
		name := strings.TrimSpace(s[i+2 : i+j])
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if identifier(name) && !strings.ContainsRune("_^{}$", before) && !strings.HasPrefix(s[i+j:], "}}}") {
			return i, s[i : i+j+2]
		}
		at = i + 2
	}
}

// identifier says that a placeholder's inside is a plain name.
func identifier(s string) bool {
	if len(s) < 2 || len(s) > 40 {
		return false
	}
	for i, r := range s {
		if !(r == '_' || unicode.IsLetter(r) || i > 0 && unicode.IsDigit(r)) {
			return false
		}
	}
	return true
}

// entity finds HTML entities: &amp; &#39; &nbsp; and the like.
func entity(s string, found []Finding) []Finding {
	first, more := -1, 0
	shown := ""
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '&')
		if i < 0 {
			break
		}
		i += at
		at = i + 1
		j := strings.IndexByte(s[i:min(len(s), i+12)], ';')
		if j < 3 {
			continue
		}
		e := s[i : i+j+1]
		if html.UnescapeString(e) == e || strings.ContainsAny(e, " \n\t") {
			continue
		}
		if first < 0 {
			first, shown = i, e
		} else {
			more++
		}
	}
	if first < 0 {
		return found
	}
	return append(found, Finding{"QA_HTML_ENTITY", first,
		fmt.Sprintf("%s stands for %q in HTML", shown, html.UnescapeString(shown)) + places(more),
		"write the character itself, unless HTML is meant"})
}

// invisible finds characters that nobody sees: zero-width ones, soft hyphens,
// controls. Joiners in scripts and emoji that need them, and direction marks
// in text from right to left, are meant.
func invisible(s string, found []Finding) []Finding {
	first, more := -1, 0
	var which rune
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if hidden(s, i, r) {
			if first < 0 {
				first, which = i, r
			} else {
				more++
			}
		}
		i += size
	}
	if first < 0 {
		return found
	}
	return append(found, Finding{"QA_INVISIBLE", first, fmt.Sprintf("the invisible character U+%04X stands here", which) + places(more),
		"delete it, if it came along with a copy"})
}

// hidden says that the character at i is one that nobody sees nor wants.
func hidden(s string, i int, r rune) bool {
	switch {
	case r < ' ':
		return commandAt(s, i) == ""
	case r >= 0x7f && r < 0xA0, r == 0xAD, r == 0x200B, r >= 0x2060 && r <= 0x2064, r == 0xFEFF:
		return true
	case r == 0x200C || r == 0x200D:
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		return before < 0x300
	case r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
		return !strings.ContainsFunc(s, func(r rune) bool {
			return r >= 0x590 && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana)
		})
	}
	return false
}
