package main

// Pages and columns: where the next line goes, the running heads, the page numbers, and what surrounds the text.

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

const (
	pageWidth  = 612000
	pageHeight = 792000
	margin     = 54000
	gutter     = 20000
	topEdge    = 724000 // of the text on a page without a title
	bottomEdge = 62000
)

// builder lays one paper out.
type builder struct {
	d       *document
	p       paper
	buf     bytes.Buffer
	pen     *pen
	columns int
	column  int
	size    int // of the body text
	x, y, w int // left end and top of the next line, width of the column
	top     int // where the columns of this page begin
	page    int // counts from 0
	first   int // page on which arabic numbers begin; those before have roman ones
	follow  int // lines of the table that comes next, which a heading is not to be parted from
	started bool
	after   bool // the block before was a heading, so the paragraph is not indented
	section [2]int
	eq      int
	notes   []string // annotations of this page
}

func newBuilder(d *document, p paper) *builder {
	b := &builder{d: d, p: p, columns: 1, size: 10000}
	if p.head["style"] == "two" {
		b.columns = 2
	}
	if p.head["large"] == "yes" {
		b.size = 11000
	}
	b.first, _ = strconv.Atoi(p.head["front"]) // absent in most papers: no roman numbers
	b.pen = &pen{d: d, out: &b.buf, spaces: p.head["spaces"] == "yes"}
	return b
}

func (b *builder) inset() int {
	if b.columns == 1 {
		return 54000
	}
	return 0
}

// open starts a page or column.
func (b *builder) open() {
	b.w = (pageWidth - 2*margin - 2*b.inset() - (b.columns-1)*gutter) / b.columns
	b.x = margin + b.inset() + b.column*(b.w+gutter)
	if b.column == 0 {
		b.started = true
		b.top = topEdge
		b.head()
	}
	b.y = b.top
}

// need makes sure of room for a height in this column, else goes on in the next.
func (b *builder) need(h int) {
	if !b.started {
		b.open()
	}
	if b.y-h >= bottomEdge {
		return
	}
	if b.column+1 < b.columns {
		b.column++
		b.open()
		return
	}
	b.close()
	b.open()
}

func (b *builder) close() {
	if !b.started {
		return
	}
	b.foot()
	extra := ""
	if len(b.notes) > 0 {
		extra = " /Annots [" + strings.Join(b.notes, " ") + "]"
	}
	b.d.page(pageWidth, pageHeight, "", extra, b.buf.Bytes())
	b.buf.Reset()
	b.column, b.started, b.notes = 0, false, nil
	b.page++
}

// label is the number that is printed on the page.
func (b *builder) label() string {
	if b.page < b.first {
		return [...]string{"i", "ii", "iii", "iv", "v", "vi"}[b.page]
	}
	return fmt.Sprint(b.page - b.first + 1)
}

// head sets the running heads, which the first page does without.
func (b *builder) head() {
	if b.page > 0 {
		left, right := b.p.head["head"], b.p.head["short"]
		if right == "" {
			right = strings.SplitN(b.p.head["title"], ":", 2)[0]
		}
		in := margin + b.inset()
		b.pen.line([]box{b.d.shape("italic", 8500, left)}, in, 746000, 0)
		r := b.d.shape("italic", 8500, right)
		b.pen.line([]box{r}, pageWidth-in-r.width, 746000, 0)
		fmt.Fprintf(&b.buf, "%s %s %s 0.4 re f\n", pt(in), pt(740000), pt(pageWidth-2*in))
	}
}

// foot sets what comes last in the page's contents, as TeX puts it there.
func (b *builder) foot() {
	n := b.d.shape("roman", 9000, b.label())
	b.pen.line([]box{n}, (pageWidth-n.width)/2, 36000, 0)
	if side := b.p.head["side"]; side != "" && b.page == 0 {
		s := b.d.shape("roman", 15000, side)
		fmt.Fprintf(&b.buf, "q 0.55 g 0 1 -1 0 34 %s cm\n", pt((pageHeight-s.width)/2))
		b.pen.line([]box{s}, 0, 0, 0)
		b.buf.WriteString("Q\n")
	}
}

// title sets title, authors and affiliation over the full width.
func (b *builder) title() {
	b.open()
	full := pageWidth - 2*margin
	y := b.y - 8000
	centre := func(text, role string, size, lead int) {
		for _, l := range b.d.breakLines(b.d.words(text, role, size), size, full*84/100, 0, 0) {
			y -= lead
			b.pen.line(l.boxes, (pageWidth-lineWidth(l.boxes, size/3))/2, y, size/3)
		}
	}
	centre(b.p.head["title"], "bold", 15500, 19000)
	y -= 6000
	centre(b.p.head["authors"], "roman", 11000, 15000)
	for _, line := range strings.Split(b.p.head["affil"], " / ") {
		centre(line, "italic", 9500, 13000)
	}
	y -= 20000
	b.top, b.y = y, y
}

// paragraph sets words at a size, with the first line and the others indented.
func (b *builder) paragraph(words []box, size, lead, first, rest int) {
	for _, l := range b.d.breakLines(words, size, b.w, first, rest) {
		b.need(lead)
		b.y -= lead
		b.pen.line(l.boxes, b.x+l.indent, b.y, l.gap)
	}
}
