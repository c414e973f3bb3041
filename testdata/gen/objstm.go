package main

// Object streams and the cross-reference stream, which have been what TeX writes for many years (ISO 32000-1, sections 7.5.7
// and 7.5.8).

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// held is an object that waits for an object stream.
type held struct {
	num  int
	body string
}

// packObjects writes the objects that were kept, a hundred to a stream.
func (d *document) packObjects() {
	for len(d.held) > 0 {
		n := min(100, len(d.held))
		num := d.reserve()
		var index, bodies strings.Builder
		for i, h := range d.held[:n] {
			fmt.Fprintf(&index, "%d %d ", h.num, bodies.Len())
			bodies.WriteString(h.body + "\n")
			d.inside[h.num] = [2]int{num, i}
		}
		d.packed(num, fmt.Sprintf("/Type /ObjStm /N %d /First %d", n, index.Len()), []byte(index.String()+bodies.String()))
		d.held = d.held[n:]
	}
}

// crossReferences ends the file. An entry is a kind of one byte, an offset or a stream's number of four, and a place of two.
func (d *document) crossReferences(entries string) {
	num := d.reserve()
	start := d.out.Len()
	d.offsets[num] = start
	table := []byte{0, 0, 0, 0, 0, 0xff, 0xff}
	for n := 1; n <= d.last; n++ {
		kind, where, place := byte(1), d.offsets[n], 0
		if in, ok := d.inside[n]; ok {
			kind, where, place = 2, in[0], in[1]
		}
		table = append(table, kind)
		table = binary.BigEndian.AppendUint32(table, uint32(where))
		table = binary.BigEndian.AppendUint16(table, uint16(place))
	}
	d.packed(num, fmt.Sprintf("/Type /XRef /Size %d /W [1 4 2] %s", d.last+1, entries), table)
	fmt.Fprintf(&d.out, "startxref\n%d\n%%%%EOF\n", start)
}
