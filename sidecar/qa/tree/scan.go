package tree

const (
	// MaxDepth is how many brackets may be open at once. Python's json, which
	// reads these files next, gives up near 1,000.
	MaxDepth = 512
	// maxNodes bounds the memory of a tree to 128 MiB.
	maxNodes = 8 << 20
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
	counted int  // bytes that where has counted over
	hops    int  // steps of looking ahead
	// The line that lineEnd was last asked about; none where lineTo is -1.
	lineFrom, lineTo int
	habits           []habit
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
