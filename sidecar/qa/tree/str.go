package tree

// special marks the bytes at which scanning a string has to stop.
func special(c byte) bool { return c == '"' || c == '\\' || c < 0x20 }

// str reads the string that begins here and returns its node. A key is
// entered by its value, a value enters itself.
func (p *parser) str(key bool) uint32 {
	start := p.pos
	n := p.leaf(kindString, start, start, 0)
	i := start + 1
	var flags uint8
	for {
		for i < p.end && !special(p.s[i]) {
			if p.s[i] >= 0x7f {
				flags |= flagHigh
			}
			i++
		}
		if i >= p.end {
			i = p.unclosed(n, start, i, key)
			break
		}
		c := p.s[i]
		if c == '\\' {
			flags |= flagEscaped
			i = p.escape(i, start, key)
			continue
		}
		if c != '"' {
			next, closed := p.control(i, start, key)
			if i = next; closed {
				flags |= flagBare
				break
			}
			continue
		}
		i++
		if p.followed(i, key) {
			break
		}
		if next, inside := p.innerQuote(i, key); inside {
			i = next
		}
		break
	}
	p.pos = i
	x := &p.t.nodes[n]
	x.end = uint32(i)
	x.flags |= flags
	return n
}
