package tree

import (
	"strings"

	"qacorpus/sidecar/qa/problem"
)

const (
	// MaxDepth is how many brackets may be open at once. Python's json, which
	// reads these files next, gives up near 1,000.
	MaxDepth = 512
	// maxNodes bounds the memory of a tree to 256 MiB.
	maxNodes = 16 << 20
	// maxProblems bounds a report; the last one says how many are left out.
	maxProblems = 1000
)

// frame is an open container.
type frame struct {
	node  uint32
	key   uint32 // the member's key that is being read, in objects
	count int    // elements begun, in arrays
}

// state is what the grammar allows next.
type state uint8

const (
	wantValue state = iota // a value must come
	wantItem               // an element or the end of the list
	wantKey                // a key or the end of the object
	wantMore               // a comma or the end of the container
)

type parser struct {
	t     *Tree
	s     string
	pos   int
	end   int // reading stops here: the end of the text or of a line
	stack []frame
	st    state
	comma bool // a comma was the last thing read

	spans   int  // up to here, line ends are inside of one text
	quiet   int  // no report about what lies before this offset
	bracket bool // a bracket of this document was already reported
	stop    bool // nothing more is read
	left    int  // problems beyond maxProblems
	habits  []habit
}

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

func newParser(s string) *parser {
	return &parser{
		t:     &Tree{S: s, nodes: make([]node, 0, len(s)/48+16)},
		s:     s,
		end:   len(s),
		stack: make([]frame, 0, 16),
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

// value reads one value with all that is inside it.
func (p *parser) value() {
	for !p.stop {
		p.space()
		if p.pos >= p.end {
			p.truncated()
			return
		}
		c := p.s[p.pos]
		switch p.st {
		case wantMore:
			p.more(c)
		case wantKey:
			p.key(c)
		default:
			p.item(c)
		}
		if len(p.stack) == 0 && p.st == wantMore {
			return
		}
	}
}

// more reads what may follow a value: a comma or a closing bracket.
func (p *parser) more(c byte) {
	f := &p.stack[len(p.stack)-1]
	object := p.t.nodes[f.node].kind == kindObject
	switch {
	case c == ',':
		p.pos++
		p.comma = true
		p.st = wantItem
		if object {
			p.st = wantKey
		}
	case c == '}' && object, c == ']' && !object:
		p.close()
	case c == '}' || c == ']':
		p.mismatch(c)
	default:
		p.missingComma(c, object)
	}
}

// key reads a key and its colon, or the end of the object.
func (p *parser) key(c byte) {
	switch c {
	case '"':
		f := &p.stack[len(p.stack)-1]
		f.key = p.str(true)
		p.comma = false
		p.st = wantValue
		p.colon()
	case '}':
		if p.comma {
			p.t.Commas++
			p.comma = false
		}
		p.close()
	default:
		p.oddKey(c)
	}
}

// colon reads the colon after a key.
func (p *parser) colon() {
	if p.pos < p.end && p.s[p.pos] == ':' {
		p.pos++
		return
	}
	p.space()
	if p.pos < p.end && p.s[p.pos] == ':' {
		p.pos++
		return
	}
	p.missingColon()
}

// item reads a value, or the end of a list where one may end.
func (p *parser) item(c byte) {
	switch {
	case c == '"':
		p.enter()
		p.str(false)
		p.st = wantMore
	case c == '{':
		p.open(kindObject)
		p.st = wantKey
	case c == '[':
		p.open(kindArray)
		p.st = wantItem
	case c == '-' || '0' <= c && c <= '9':
		p.enter()
		p.number()
		p.st = wantMore
	case c == ']' && p.st == wantItem:
		if p.comma {
			p.t.Commas++
			p.comma = false
		}
		p.close()
	case p.word("true"), p.word("false"), p.word("null"):
		p.st = wantMore
	default:
		p.oddValue(c)
	}
}

// enter notes that a value begins in the innermost container.
func (p *parser) enter() {
	p.comma = false
	if n := len(p.stack); n > 0 {
		p.stack[n-1].count++
	}
}

// word reads a literal if it stands here.
func (p *parser) word(w string) bool {
	end := p.pos + len(w)
	if end > p.end || p.s[p.pos:end] != w || end < p.end && wordByte(p.s[end]) {
		return false
	}
	p.enter()
	p.leaf(kindLiteral, p.pos, end, 0)
	p.pos = end
	return true
}

// leaf adds a node without children.
func (p *parser) leaf(k byte, start, end int, flags uint8) uint32 {
	n := uint32(len(p.t.nodes))
	if n >= maxNodes {
		p.tooMany(start)
	}
	p.t.nodes = append(p.t.nodes, node{uint32(start), uint32(end), n + 1, k, flags})
	return n
}

// open begins a container.
func (p *parser) open(k byte) {
	p.enter()
	if len(p.stack) >= MaxDepth {
		p.tooDeep()
		return
	}
	n := p.leaf(k, p.pos, p.pos+1, 0)
	p.stack = append(p.stack, frame{node: n})
	p.pos++
}

// close ends the innermost container at the bracket that stands here.
func (p *parser) close() {
	p.pos++
	p.pop()
}

// pop ends the innermost container before p.pos.
func (p *parser) pop() {
	f := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	n := &p.t.nodes[f.node]
	n.end, n.next = uint32(p.pos), uint32(len(p.t.nodes))
	if n.kind == kindObject && n.next-f.node > 3 {
		p.duplicates(f.node)
	}
	p.st = wantMore
}

// space passes over white space and comments.
func (p *parser) space() {
	for p.pos < p.end {
		switch p.s[p.pos] {
		case ' ', '\n', '\t', '\r':
			p.pos++
		case '/':
			if !p.comment() {
				return
			}
		case '#':
			p.hash()
		default:
			if p.s[p.pos] < 0x80 || !p.oddSpace() {
				return
			}
		}
	}
}

// comment passes over a comment if one stands here.
func (p *parser) comment() bool {
	rest := p.s[p.pos:p.end]
	switch {
	case strings.HasPrefix(rest, "//"):
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			p.pos += i
		} else {
			p.pos = p.end
		}
	case strings.HasPrefix(rest, "/*"):
		i := strings.Index(rest[2:], "*/")
		if i < 0 {
			p.report("QA_TRUNCATED", p.pos, "this comment has no end", "close it with */")
			p.pos = p.end
			p.bracket = true
			return true
		}
		p.pos += i + 4
	default:
		return false
	}
	p.t.Comments++
	return true
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
