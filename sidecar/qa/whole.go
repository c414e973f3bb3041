package qa

import (
	"strings"
	"unicode"

	"qacorpus/sidecar/qa/problem"
)

// whole looks for what makes reading the text as JSON pointless, and says
// whether it found something.
func (r *run) whole() bool {
	s := r.text.S
	trimmed := strings.TrimFunc(s, func(c rune) bool { return unicode.IsSpace(c) || c == '\uFEFF' || c == 0 })
	at := func(offset int, c problem.Code, message, hint string) bool {
		p := problem.New(c, message, hint)
		p.Offset = offset
		r.res.Problems = append(r.res.Problems, p)
		return true
	}
	if trimmed == "" {
		return at(0, "QA_EMPTY", "the file holds nothing but white space", `write [] or {"qa_pairs": []}, or delete the file`)
	}
	start := strings.Index(s, trimmed)
	if trimmed[0] == '<' && len(trimmed) > 1 && (unicode.IsLetter(rune(trimmed[1])) || trimmed[1] == '!' || trimmed[1] == '?') {
		if len(trimmed) > 9 && strings.EqualFold(trimmed[:7], "<script") {
			return at(start, "QA_HTML_WRAPPER", "the JSON stands inside a <script> element", "remove <script …> before it and </script> after it")
		}
		return at(start, "QA_HTML_WRAPPER", "this is HTML, not JSON", "copy the JSON alone; a download may have saved the web page around it")
	}
	return r.merge(at)
}

// merge looks for the markers that git leaves for a person to resolve. No
// line of JSON can begin like that: text cannot go over a line end.
func (r *run) merge(at func(int, problem.Code, string, string) bool) bool {
	s, found := r.text.S, false
	for _, marker := range [...]string{"<<<<<<<", ">>>>>>>"} {
		for i := 0; i < len(s); {
			j := strings.Index(s[i:], marker)
			if j < 0 {
				break
			}
			i += j
			end := i + len(marker)
			if (i == 0 || s[i-1] == '\n') && (end == len(s) || strings.IndexByte(" \r\n", s[end]) >= 0) && len(r.res.Problems) < 1000 {
				message := "a git merge begins here that nobody finished"
				if marker[0] == '>' {
					message = "a git merge ends here that nobody finished"
				}
				found = at(i, "QA_MERGE_CONFLICT", message, "keep one side and remove the lines <<<<<<<, ======= and >>>>>>>")
			}
			i = end
		}
	}
	return found
}

// unfence takes the one Markdown fence away that stands around the whole
// text. The places of everything else stay the same: the fence becomes blank.
func unfence(s string) (string, bool) {
	start := strings.TrimLeft(s, " \t\r\n")
	fence := strings.TrimLeft(start, "`~")
	fence = start[:len(start)-len(fence)]
	if len(fence) < 3 || strings.Trim(fence, fence[:1]) != "" {
		return s, false
	}
	first, body, ok := strings.Cut(start, "\n")
	if !ok {
		return s, false
	}
	switch strings.ToLower(strings.TrimSpace(first[len(fence):])) {
	case "", "json", "jsonc", "json5", "jsonl", "ndjson":
	default:
		return s, false
	}
	inner := strings.TrimRight(body, " \t\r\n")
	if !strings.HasSuffix(inner, "\n"+fence) && inner != fence {
		return s, false
	}
	inner = inner[:len(inner)-len(fence)]
	if strings.Contains("\n"+inner, "\n"+fence) {
		return s, false
	}
	skipped := len(s) - len(body)
	return strings.Repeat(" ", skipped-1) + "\n" + inner + s[skipped+len(inner)+len(fence):], true
}

// showsKey says that a text that cannot be read shows a key of questions.
func showsKey(s string) bool {
	for _, key := range [...]string{"question", "qa_pairs", "Question", "QUESTION"} {
		for i := 0; ; {
			j := strings.Index(s[i:], key)
			if j < 0 {
				break
			}
			i += j
			before, after := s[:i], strings.TrimLeft(s[i+len(key):], "\"'”’")
			quoted := strings.HasSuffix(before, `"`) || strings.HasSuffix(before, "'") || strings.HasSuffix(before, "“")
			if after = strings.TrimLeft(after, " \t"); quoted && (strings.HasPrefix(after, ":") || strings.HasSuffix(strings.TrimRight(before, `"`), `"@type": `)) {
				return true
			}
			if !quoted && strings.HasPrefix(after, ":") && bareKey(before) {
				return true
			}
			i += len(key)
		}
	}
	return false
}

// bareKey says that what stands before a word lets it be a key without
// quotation marks.
func bareKey(before string) bool {
	before = strings.TrimRight(before, " \t\r\n")
	return strings.HasSuffix(before, "{") || strings.HasSuffix(before, ",")
}
