package tree

import (
	"strings"

	"qacorpus/sidecar/qa/problem"
)

// Parse reads the whole text as JSON, or as several values one after the
// other. Comments and commas before a closing bracket are passed over.
func Parse(s string) *Tree {
	p := newParser(s)
	p.stream()
	p.finish()
	return p.t
}

// ParseLines reads JSON Lines: one value a line. A file of values that are
// spread over several lines is read as by Parse.
func ParseLines(s string) *Tree {
	first, _, _ := strings.Cut(strings.TrimLeft(s, " \t\r\n"), "\n")
	if first = strings.TrimRight(first, " \t\r"); !strings.HasSuffix(first, "}") && spansLines(first) {
		if t := Parse(s); len(t.Problems) == 0 {
			return t
		}
	}
	p := newParser(s)
	p.t.Lines = true
	for at := 0; at < len(s) && !p.stop; {
		next := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		p.pos, p.end = at, next
		p.bracket, p.quiet = false, 0
		p.stream()
		at = next
	}
	p.finish()
	return p.t
}

// spansLines says that the first line is the beginning of a longer value.
func spansLines(line string) bool {
	t := Parse(line)
	for _, p := range t.Problems {
		if p.Code != "QA_TRUNCATED" {
			return false
		}
	}
	return len(t.Problems) > 0
}

// room bounds the number of nodes of a text: what begins a value or a key
// follows one of these characters. Counting them is cheaper than growing.
func room(s string) int {
	n := 2
	for _, c := range [...]string{",", ":", "[", "{"} {
		n += strings.Count(s, c)
	}
	return min(n, maxNodes+1)
}

func newParser(s string) *parser {
	return &parser{
		t:      &Tree{S: s, nodes: make([]node, 0, room(s))},
		s:      s,
		end:    len(s),
		lineTo: -1,
		stack:  make([]frame, 0, 16),
	}
}

// stream reads values until p.end.
func (p *parser) stream() {
	roots := len(p.t.Roots)
	for !p.stop {
		p.space()
		if p.pos >= p.end {
			return
		}
		c := p.s[p.pos]
		if len(p.t.Roots) > roots && (c != '{' && c != '[' || p.t.Lines) {
			p.trailing(roots)
			return
		}
		root := uint32(len(p.t.nodes))
		p.st = wantValue
		p.value()
		if len(p.t.nodes) > int(root) {
			p.t.Roots = append(p.t.Roots, root)
		} else if p.pos < p.end && !p.stop {
			p.pos++
		}
	}
}

// finish closes what is open and sorts the problems.
func (p *parser) finish() {
	p.counts()
	if p.left > 0 {
		p.t.Problems = append(p.t.Problems, problem.Problem{
			Code: "QA_SYNTAX", Offset: len(p.s),
			Message: plural(p.left, "more problem") + " not listed",
			Hint:    "mend the first ones and look again",
		})
	}
}
