package main

// Lines and paragraphs: words are broken greedily into justified lines, with hyphens, and lines become text operators.

import (
	"bytes"
	"fmt"
	"strings"
)

// pen writes text operators and joins neighbouring chunks of one font into one TJ array.
type pen struct {
	d      *document
	out    *bytes.Buffer
	spaces bool // gaps between words are space characters, as word processors write them, not movements as TeX does
	open   bool
	role   string
	size   int
	x, y   int
}

func (p *pen) close() {
	if p.open {
		p.out.WriteString("] TJ ET\n")
		p.open = false
	}
}

func (p *pen) show(c chunk, x, y int) {
	if !p.open || p.role != c.role || p.size != c.size || p.y != y {
		p.close()
		fmt.Fprintf(p.out, "BT /%s %s Tf 1 0 0 1 %s %s Tm [", p.d.fontRef(c.role), pt(c.size), pt(x), pt(y))
		p.open, p.role, p.size, p.x, p.y = true, c.role, c.size, x, y
	} else if gap := x - p.x; gap != 0 {
		if p.spaces && gap > c.size/6 {
			g := p.d.glyph(c.role, ' ')
			fmt.Fprintf(p.out, "<%04X>", g)
			p.x += p.d.fonts[c.role].width(g, c.size)
			gap = x - p.x
		}
		n := gap * 1000 / c.size
		fmt.Fprintf(p.out, "%d", -n)
		p.x += n * c.size / 1000
	}
	p.out.WriteByte('<')
	for _, r := range c.text {
		fmt.Fprintf(p.out, "%04X", p.d.glyph(c.role, r))
	}
	p.out.WriteByte('>')
	p.x += c.width
}

// line places boxes from x on; extra is added to each gap between words.
func (p *pen) line(boxes []box, x, y, gap int) {
	for i, b := range boxes {
		for _, c := range b.chunks {
			p.show(c, x+c.dx, y+c.dy)
		}
		for _, r := range b.rules {
			p.close()
			fmt.Fprintf(p.out, "%s %s %s %s re f\n", pt(x+r.dx), pt(y+r.dy), pt(r.w), pt(r.h))
		}
		x += b.width
		if b.glue && i+1 < len(boxes) {
			x += gap
		}
	}
	p.close()
}

// broken is one line of a paragraph.
type broken struct {
	boxes  []box
	indent int
	gap    int
}

// breakLines fills lines of a width, the first indented by first and the others by rest.
func (d *document) breakLines(words []box, size, width, first, rest int) []broken {
	natural, tight := size*33/100, size*24/100
	var lines []broken
	for len(words) > 0 {
		indent := rest
		if len(lines) == 0 {
			indent = first
		}
		room := width - indent
		n, used := 0, 0 // used counts the gaps at their tightest
		for n < len(words) {
			w := words[n].width
			if n > 0 && words[n-1].glue {
				w += tight
			}
			if used+w > room && n > 0 {
				break
			}
			used += w
			n++
		}
		line := append([]box{}, words[:n]...)
		words = words[n:]
		if len(words) > 0 {
			if head, tail, ok := d.hyphenate(words[0], size, room-used-tight); ok {
				line = append(line, head)
				words = append([]box{tail}, words[1:]...)
			}
		}
		gap := natural
		if len(words) > 0 {
			gap = justify(line, room, natural, size)
		} else if lineWidth(line, natural) > room {
			gap = justify(line, room, natural, size)
		}
		lines = append(lines, broken{line, indent, gap})
	}
	return lines
}

func lineWidth(line []box, gap int) int {
	w := 0
	for i, b := range line {
		w += b.width
		if b.glue && i+1 < len(line) {
			w += gap
		}
	}
	return w
}

// justify gives the gap that fills the line, or the natural one where the line would look torn.
func justify(line []box, room, natural, size int) int {
	gaps := 0
	for _, b := range line[:len(line)-1] {
		if b.glue {
			gaps++
		}
	}
	if gaps == 0 {
		return natural
	}
	gap := (room - lineWidth(line, 0)) / gaps
	if gap > size {
		return natural
	}
	return gap
}

// hyphenate splits a word so that its first part and a hyphen fit.
func (d *document) hyphenate(word box, size, room int) (head, tail box, ok bool) {
	if word.plain == "" || len(word.chunks) == 0 {
		return head, tail, false
	}
	role := word.chunks[0].role
	points := hyphens(word.plain)
	for i := len(points) - 1; i >= 0; i-- {
		head = d.shape(role, size, strings.TrimSuffix(word.plain[:points[i]], "-")+"-")
		if head.width <= room {
			tail = d.shape(role, size, word.plain[points[i]:])
			tail.glue = word.glue
			return head, tail, true
		}
	}
	return head, tail, false
}
