package qa

import (
	"unicode"

	"qacorpus/sidecar/qa/emit"
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/tree"
)

// Line is the line of the nth pair of Pairs, from 1.
func (r *Result) Line(n int) int {
	return r.text.Line(int(r.tree.Start(r.Pairs[n].node)))
}

// Pointer is the JSON Pointer of the nth pair.
func (r *Result) Pointer(n int) string { return r.pointer(r.Pairs[n].node) }

func (r *Result) pointer(n uint32) string {
	w := tree.Walker{T: r.tree}
	return w.Pointer(n)
}

// At makes a located problem about the nth pair: at byte offset at of its
// question, answer, context or evidence as decoded, or at the pair itself
// where field is empty. It is not added to Problems.
func (r *Result) At(n int, field string, at int, c problem.Code, message, hint string) problem.Problem {
	pair := &r.Pairs[n]
	node := pair.node
	switch field {
	case "question":
		node = pair.question
	case "answer":
		node = pair.answer
	case "context":
		node = pair.context
	case "evidence":
		node = pair.evidence
	}
	p := problem.New(c, message, hint)
	p.Offset = int(r.tree.Start(node))
	if field != "" && r.tree.Kind(node) == '"' {
		if field == "question" || field == "answer" {
			at += leading(r.tree, node)
		}
		p.Offset = r.tree.OffsetIn(node, at)
	}
	p.Pointer = r.pointer(node)
	r.text.Locate(&p)
	return p
}

// leading is how many bytes at the beginning of a string's text are left out of
// a question or an answer.
func leading(t *tree.Tree, n uint32) int {
	inner, _ := t.Inner(n)
	lo, _ := emit.Trim(inner)
	return decodedLen(inner[:lo])
}

// isSpace is white space as Python's str.strip takes it.
func isSpace(c rune) bool { return unicode.IsSpace(c) || 0x1c <= c && c <= 0x1f }

// blank says that nothing of a raw text can be seen.
func blank(raw string) bool {
	for len(raw) > 0 {
		c, size := rune(raw[0]), 1
		if c == '\\' {
			c, size = tree.Unescape(raw)
		} else if c >= 0x80 {
			for i, x := range raw {
				if i > 0 {
					size = i
					break
				}
				c, size = x, len(raw)
			}
		}
		if !isSpace(c) && !unicode.Is(unicode.Cf, c) && !unicode.Is(unicode.Cc, c) {
			return false
		}
		raw = raw[size:]
	}
	return true
}

// clip shortens what is quoted in a message.
func clip(s string) string {
	const most = 40
	n := 0
	for i, c := range s {
		if n++; n > most || unicode.IsControl(c) {
			return s[:i] + "…"
		}
	}
	return s
}
