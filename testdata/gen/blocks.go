package main

// Blocks: how each kind of block of the mark-up is set.

import (
	"fmt"
	"strings"
)

// build lays a paper out and returns its file. The document is the caller's, for its fonts and encryption.
func build(d *document, p paper) ([]byte, error) {
	b := newBuilder(d, p)
	d.packs = p.head["packs"] == "yes"
	d.expand = p.head["expand"] == "yes"
	if p.head["style"] != "report" {
		b.title()
	}
	for i, bl := range p.blocks {
		b.follow = 0
		if i+1 < len(p.blocks) && p.blocks[i+1].kind == "|" {
			b.follow = len(p.blocks[i+1].lines)
		}
		if err := b.block(bl); err != nil {
			return nil, err
		}
	}
	b.close()
	if b.first > 0 {
		d.labels = fmt.Sprintf("0 << /S /r >> %d << /S /D >>", b.first)
	}
	for _, key := range []string{"title", "author"} {
		if v := p.head["meta-"+key]; v != "" {
			d.info = append(d.info, [2]string{strings.ToUpper(key[:1]) + key[1:], v})
		}
	}
	d.info = append(d.info, [2]string{"Producer", "qacorpus testdata/gen"})
	if p.head["outline"] != "yes" {
		d.outline = nil
	}
	return d.finish()
}

func (b *builder) block(bl block) error {
	after := b.after
	b.after = false
	text := strings.Join(bl.lines, " ")
	switch bl.kind {
	case "":
		first := b.size * 12 / 10
		if after {
			first = 0
		}
		b.paragraph(b.d.words(text, "roman", b.size), b.size, b.size*118/100, first, 0)
	case "#", "##":
		b.heading(bl.kind, text)
	case "=":
		b.equation(text)
	case "|":
		b.table(bl.lines)
	case "-":
		for _, item := range bl.lines {
			b.paragraph(append(b.d.words("• ", "roman", b.size), b.d.words(item, "roman", b.size)...), b.size, b.size*118/100, 8000, 16000)
		}
		b.y -= 3000
	case "[":
		b.paragraph(b.d.words("["+text, "roman", 9000), 9000, 10600, 0, 14000)
		b.y -= 2500
	case "`":
		b.verbatim(bl.lines)
	case "!plot":
		return b.plot(bl.lines)
	case "!abstract":
		b.abstract()
	case "!page":
		b.close()
	case "!skip":
		b.need(60000)
		b.y -= 60000
	case "!centre":
		b.centred(text)
	case "!note":
		b.note(text)
	default:
		return fmt.Errorf("unknown block %s", bl.kind)
	}
	return nil
}

func (b *builder) abstract() {
	b.need(40000)
	a := b.d.shape("bold", 10500, "Abstract")
	b.y -= 12000
	b.pen.line([]box{a}, b.x+(b.w-a.width)/2, b.y, 0)
	b.y -= 4000
	b.after = true
}

func (b *builder) centred(text string) {
	role, size := "roman", 12000
	if strings.HasPrefix(text, "^") {
		role, size, text = "bold", 20000, text[1:]
	}
	for _, l := range b.d.breakLines(b.d.words(text, role, size), size, b.w*9/10, 0, 0) {
		b.need(size * 13 / 10)
		b.y -= size * 13 / 10
		b.pen.line(l.boxes, b.x+(b.w-lineWidth(l.boxes, size/3))/2, b.y, size/3)
	}
	b.y -= 6000
}

// heading numbers sections, unless their title begins with a star.
func (b *builder) heading(kind, text string) {
	size, level := 12000, 1
	if kind == "##" {
		size, level = 10500, 2
	}
	b.need(size*2 + 24000 + b.follow*13000)
	if b.y < b.top {
		b.y -= size * 7 / 10
	}
	number := ""
	if strings.HasPrefix(text, "*") || b.p.head["numbers"] == "no" {
		text = strings.TrimPrefix(text, "*")
	} else if level == 1 {
		b.section = [2]int{b.section[0] + 1, 0}
		number = fmt.Sprintf("%d ", b.section[0])
	} else {
		b.section[1]++
		number = fmt.Sprintf("%d.%d ", b.section[0], b.section[1])
	}
	b.d.outline = append(b.d.outline, bookmark{level: level, page: b.page, y: b.y, title: number + text})
	words := append(b.d.words(number, "bold", size), b.d.words(text, "bold", size)...)
	if number != "" {
		words[0].glue = true
		words[0].width += size / 2
	}
	for _, l := range b.d.breakLines(words, size, b.w, 0, 0) {
		b.y -= size * 12 / 10
		b.pen.line(l.boxes, b.x, b.y, size/3)
	}
	b.y -= size * 4 / 10
	b.after = true
}

func (b *builder) equation(src string) {
	b.need(38000)
	f := b.d.formula(src, b.size, true)
	drop := 0
	for _, c := range f.chunks {
		drop = max(drop, -c.dy)
	}
	b.y -= 18000 + drop/2
	b.pen.line([]box{f}, b.x+(b.w-f.width)/2, b.y, 0)
	b.eq++
	n := b.d.shape("roman", b.size, fmt.Sprintf("(%d)", b.eq))
	b.pen.line([]box{n}, b.x+b.w-n.width, b.y, 0)
	b.y -= 8000 + drop
	b.after = true
}

// table sets its rows with rules above, below and under the head, and the caption under it.
func (b *builder) table(lines []string) {
	const lead = 12000
	caption := lines[0]
	var rows [][]string
	for _, l := range lines[1:] {
		rows = append(rows, strings.Split(l, "|"))
	}
	words := b.d.breakLines(b.d.words(caption, "roman", 9000), 9000, b.w, 0, 0)
	b.need(lead*len(rows) + 11000*len(words) + 26000)
	b.y -= 6000
	hline := func(h int) {
		fmt.Fprintf(&b.buf, "%s %s %s %s re f\n", pt(b.x), pt(b.y-3500), pt(b.w), pt(h))
	}
	hline(800)
	for i, row := range rows {
		b.y -= lead
		for c, cell := range row {
			boxes := b.d.words(cell, "roman", 9000)
			x := b.x + 4000 + b.w*c/len(row)
			if c > 0 {
				x = b.x + b.w*(c+1)/len(row) - lineWidth(boxes, 3000) - 4000
			}
			b.pen.line(boxes, x, b.y, 3000)
		}
		if i == 0 || i == len(rows)-1 {
			hline(500)
		}
	}
	b.y -= 6000
	for _, l := range words {
		b.y -= 11000
		b.pen.line(l.boxes, b.x, b.y, l.gap)
	}
	b.y -= 12000
	b.after = true
}

func (b *builder) verbatim(lines []string) {
	b.y -= 4000
	for _, l := range lines {
		b.need(11000)
		b.y -= 10500
		// Each run of spaces is a movement, as listings print them.
		x := b.x + 8000
		for i, word := range strings.Split(l, " ") {
			if i > 0 {
				x += 4460
			}
			w := b.d.shape("mono", 8500, word)
			b.pen.line([]box{w}, x, b.y, 0)
			x += w.width
		}
	}
	b.y -= 6000
}
