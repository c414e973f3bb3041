package main

// Formulas: a small part of what TeX does. Letters become the mathematical italic characters that papers really hold,
// relations get room, _ and ^ move and shrink, \frac draws a bar, and sums carry their limits above and below when displayed.

import (
	"strings"
	"unicode"
)

const (
	relations = "=≤≥∈≈→∼≪≫⊂⊆≠≡↦<>"
	operators = "+−·×⊙⊗±∪∩"
	bigOps    = "∑∏"
)

// formulaReader walks a formula's characters.
type formulaReader struct {
	d       *document
	in      []rune
	at      int
	display bool
}

func (d *document) formula(src string, size int, display bool) box {
	r := &formulaReader{d: d, in: []rune(src), display: display}
	return r.list(size, 0)
}

// list reads up to a closing brace or the end.
func (r *formulaReader) list(size int, depth int) box {
	var out box
	first := true
	for r.at < len(r.in) {
		c := r.in[r.at]
		if c == '}' {
			r.at++
			return out
		}
		if c == ' ' || c == '~' { // a tilde is a wide space
			if c == '~' {
				out.width += size
			}
			r.at++
			continue
		}
		gap := 0
		if depth < 2 {
			switch {
			case strings.ContainsRune(relations, c):
				gap = size * 28 / 100
			case strings.ContainsRune(operators, c) && !first:
				gap = size * 22 / 100
			}
		}
		atom := r.atom(size, depth)
		if first && gap > 0 {
			out.append(atom, 0, 0)
		} else {
			out.append(atom, gap, 0)
		}
		out.width += gap
		if c == ',' {
			out.width += size / 5
		}
		if strings.ContainsRune(bigOps, c) || c == '"' {
			out.width += size / 6
		}
		first = strings.ContainsRune("([{"+relations, c)
	}
	return out
}

// atom reads one symbol or group and the scripts behind it.
func (r *formulaReader) atom(size, depth int) box {
	c := r.in[r.at]
	big := strings.ContainsRune(bigOps, c) && r.display
	b := r.nucleus(size, depth)
	var sub, sup box
	for r.at < len(r.in) && (r.in[r.at] == '_' || r.in[r.at] == '^') {
		mark := r.in[r.at]
		r.at++
		s := r.nucleus(size*7/10, depth+2)
		if mark == '_' {
			sub = s
		} else {
			sup = s
		}
	}
	if big {
		return stack(b, sub, sup, size)
	}
	w := b.width
	if len(sub.chunks) > 0 {
		b.append(sub, size/30, -size*22/100)
	}
	end := b.width
	if len(sup.chunks) > 0 {
		b.width = w
		b.append(sup, size/20, size*38/100)
	}
	b.width = max(b.width, end)
	return b
}

// stack centres limits below and above a sum.
func stack(b, sub, sup box, size int) box {
	var out box
	w := max(b.width, sub.width, sup.width)
	for _, part := range []struct {
		b  box
		dy int
	}{{sup, size * 105 / 100}, {b, 0}, {sub, -size * 105 / 100}} {
		out.width = 0
		out.append(part.b, (w-part.b.width)/2, part.dy)
	}
	out.width = w
	return out
}

func (r *formulaReader) nucleus(size, depth int) box {
	c := r.in[r.at]
	r.at++
	switch {
	case c == '{':
		return r.list(size, depth)
	case c == '"':
		start := r.at
		for r.in[r.at] != '"' {
			r.at++
		}
		r.at++
		return r.d.shape("roman", size, string(r.in[start:r.at-1]))
	case c == '\\':
		return r.command(size, depth)
	case strings.ContainsRune(bigOps, c) && r.display:
		b := r.d.shape("math", size*14/10, string(c))
		for i := range b.chunks {
			b.chunks[i].dy -= size / 8
		}
		return b
	}
	return r.d.shape("math", size, string(mathLetter(c, 0x1d434, 0x1d44e, 0x1d6fc)))
}

func (r *formulaReader) command(size, depth int) box {
	if c := r.in[r.at]; c == '{' || c == '}' {
		r.at++
		return r.d.shape("math", size, string(c))
	}
	start := r.at
	for r.at < len(r.in) && unicode.IsLetter(r.in[r.at]) {
		r.at++
	}
	name := string(r.in[start:r.at])
	group := func(size, depth int) box { r.at++; return r.list(size, depth) }
	switch name {
	case "b": // bold
		r.at++
		c := r.in[r.at]
		r.at += 2
		return r.d.shape("math", size, string(mathLetter(c, 0x1d468, 0x1d482, 0x1d736)))
	case "c": // script capitals
		r.at++
		c := r.in[r.at]
		r.at += 2
		return r.d.shape("math", size, string(0x1d4d0+c-'A'))
	case "frac":
		inner := size
		if !r.display || depth > 0 {
			inner = size * 7 / 10
		}
		return fraction(group(inner, depth+1), group(inner, depth+1), size, inner)
	case "sqrt":
		sign := r.d.shape("math", size, "√")
		sign.chunks[0].dy = size * 76 / 100 // the sign hangs from the base line
		in := group(size, depth+1)
		w := sign.width
		sign.append(in, size/12, 0)
		sign.rules = append(sign.rules, rule{w, size * 78 / 100, in.width + size/8, 400})
		sign.width += size / 8
		return sign
	}
	panic("unknown command \\" + name + " in a formula")
}

func fraction(top, bottom box, size, inner int) box {
	w := max(top.width, bottom.width) + size/5
	axis := size / 4
	out := box{rules: []rule{{size / 20, axis, w, 400}}}
	out.append(top, size/20+(w-top.width)/2, axis+inner*30/100)
	out.width = 0
	out.append(bottom, size/20+(w-bottom.width)/2, axis-inner*85/100)
	out.width = w + size/10
	return out
}

// mathLetter maps Latin and small Greek letters into the mathematical alphabets (Unicode, U+1D400 onwards).
func mathLetter(c, upper, lower, greek rune) rune {
	switch {
	case c == 'h' && lower == 0x1d44e:
		return 0x210e
	case c >= 'A' && c <= 'Z':
		return upper + c - 'A'
	case c >= 'a' && c <= 'z':
		return lower + c - 'a'
	case c >= 'α' && c <= 'ω':
		return greek + c - 'α'
	case c == '-':
		return '−'
	}
	return c
}
