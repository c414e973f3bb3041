package main

// Figures and annotations: a line chart drawn with path operators, and a free-text note with its own appearance.

import (
	"fmt"
	"strconv"
	"strings"
)

// plot draws series of values from 0 to 100 over equally spaced positions. Lines are "x: labels…" and "name: values…".
func (b *builder) plot(lines []string) error {
	caption := b.d.breakLines(b.d.words(lines[0], "roman", 9000), 9000, b.w, 0, 0)
	height := min(b.w*55/100, 130000)
	b.need(height + 62000 + 11000*len(caption))
	b.y -= 16000
	x0, x1 := b.x+26000, b.x+b.w-8000
	y0, y1 := b.y-height, b.y
	fmt.Fprintf(&b.buf, "q 0.6 w %s %s m %s %s l %s %s l S\n", pt(x0), pt(y1), pt(x0), pt(y0), pt(x1), pt(y0))
	for _, v := range []int{0, 25, 50, 75, 100} {
		y := y0 + (y1-y0)*v/100
		fmt.Fprintf(&b.buf, "%s %s m %s %s l S\n", pt(x0-3000), pt(y), pt(x0), pt(y))
		n := b.d.shape("roman", 7000, strconv.Itoa(v))
		b.pen.line([]box{n}, x0-5000-n.width, y-2300, 0)
	}
	legend := x0
	for s, line := range lines[1:] {
		name, rest, _ := strings.Cut(line, ": ")
		values := strings.Fields(rest)
		at := func(i int) int { return x0 + (x1-x0)*(2*i+1)/(2*len(values)) }
		if name == "x" {
			for i, v := range values {
				n := b.d.shape("roman", 7000, v)
				b.pen.line([]box{n}, at(i)-n.width/2, y0-9000, 0)
			}
			continue
		}
		grey := []string{"0", "0.15 0.35 0.75 RG 0", "0.8 0.3 0.1 RG 0", "0.2 0.55 0.25 RG 0"}[s%4]
		fmt.Fprintf(&b.buf, "q %s g 1.2 w\n", grey)
		for i, v := range values {
			n, err := strconv.Atoi(v)
			if err != nil {
				return fmt.Errorf("read plot %s: %w", name, err)
			}
			fmt.Fprintf(&b.buf, "%s %s %s\n", pt(at(i)), pt(y0+(y1-y0)*n/100), []string{"m", "l"}[min(i, 1)])
		}
		b.buf.WriteString("S Q\n")
		fmt.Fprintf(&b.buf, "q %s g 1.2 w %s %s m %s %s l S Q\n", grey, pt(legend), pt(y0-19000), pt(legend+14000), pt(y0-19000))
		n := b.d.shape("roman", 7500, name)
		b.pen.line([]box{n}, legend+18000, y0-21500, 0)
		legend += 32000 + n.width
	}
	b.buf.WriteString("Q\n")
	b.y = y0 - 26000
	for _, l := range caption {
		b.y -= 11000
		b.pen.line(l.boxes, b.x, b.y, l.gap)
	}
	b.y -= 12000
	return nil
}

// note adds a free-text annotation to the page: text that is on the page but not in its contents.
func (b *builder) note(text string) {
	t := b.d.shape("italic", 9000, text)
	var form pen
	form.d, form.out = b.d, &b.buf
	n := b.buf.Len()
	form.line([]box{t}, 6000, 6000, 0)
	content := append([]byte("1 1 0.8 rg 0 0 "+pt(t.width+12000)+" 20 re f 0 g\n"), b.buf.Bytes()[n:]...)
	b.buf.Truncate(n)
	look, num := b.d.reserve(), b.d.reserve()
	w := t.width + 12000
	b.d.packed(look, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %s 20] /Resources << /Font << /Fitalic %d 0 R >> >>", pt(w), b.d.refs["italic"]), content)
	b.d.object(num, fmt.Sprintf("<< /Type /Annot /Subtype /FreeText /Rect [%s 764 %s 784] /F 4 /DA %s /Contents %s /AP << /N %d 0 R >> >>",
		pt(pageWidth-margin-w), pt(pageWidth-margin), b.d.text(num, "/Helv 9 Tf 0 g"), b.d.text(num, text), look))
	b.notes = append(b.notes, fmt.Sprintf("%d 0 R", num))
}
