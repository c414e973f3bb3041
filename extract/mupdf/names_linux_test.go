//go:build cgo && !nocgo

package mupdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"qacorpus/extract/internal/tinypdf"
)

// TestGlyphNames: which glyph a name leads to shows in how wide it is.
func TestGlyphNames(t *testing.T) {
	long, same := strings.Repeat("n", 62), colliding(7)
	for name, c := range map[string]struct{ has, wanted []string }{
		"duplicates": {[]string{".notdef", "a", "b", "a", "b", ".notdef"}, []string{"a", "b", ".notdef", "c"}},
		"long":       {[]string{".notdef", long, long + "1", long + "12", long + "13", long + "1"}, []string{long, long + "1", long + "12", long + "13", long + "14"}},
		"empty":      {[]string{".notdef", "a", "", "b", ""}, []string{"", "a", "b"}},
		"collisions": {append([]string{".notdef"}, same[:5]...), same[:7]},
		"many more":  {append([]string{".notdef"}, same[:100]...), same},
		"synonyms":   {[]string{".notdef", "Delta", "uni00B5", "space"}, []string{"increment", "mu", "nbspace", "Delta.alt"}},
	} {
		sameText(t, name, withTrueType(c.has, c.wanted))
	}
}

// colliding are 2^steps names with the same hash (FNV-1a of 32 bits): two endings that
// lead to the same state can follow each of those found before.
func colliding(steps int) []string {
	next := func(h uint32, s string) uint32 {
		for _, c := range []byte(s) {
			h = (h ^ uint32(c)) * 16777619
		}
		return h
	}
	names, h := []string{""}, uint32(2166136261)
	for range steps {
		seen := map[uint32]string{}
		for i := 0; ; i++ {
			b := strconv.Itoa(1<<20 + i) // all are of one length
			a, ok := seen[next(h, b)]
			if !ok {
				seen[next(h, b)] = b
				continue
			}
			var more []string
			for _, n := range names {
				more = append(more, n+a, n+b)
			}
			names, h = more, next(h, a)
			break
		}
	}
	return names
}

// withTrueType is a page with a font whose glyphs have names and each another width,
// which shows a code for each wanted name with letters at many distances behind it.
func withTrueType(names, wanted []string) []byte {
	var content, differences strings.Builder
	for i, w := range wanted {
		differences.WriteString("/" + w + " ")
		for k := range 4 {
			y := 780 - 6*(4*(i%32)+k)
			fmt.Fprintf(&content, "BT /F 5 Tf 1 0 0 1 %d %d Tm <%02x> Tj %d 0 Td (x) Tj ET ", 20+i/32*150, y, 128+i%128, 2+5*k)
		}
	}
	font := trueType(names)
	return tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		tinypdf.Stream("", content.String()),
		"<</Type/Font/Subtype/TrueType/BaseFont/Test/Encoding<</Differences[128"+differences.String()+"]>>/FontDescriptor 6 0 R>>",
		"<</Type/FontDescriptor/FontName/Test/Flags 4/FontFile2 7 0 R>>",
		tinypdf.Stream(fmt.Sprintf("/Length1 %d", len(font)), string(font)))
}

// trueType is a font of empty glyphs with these names; glyph i is 300 + 900 i units of
// a thousandth wide. https://learn.microsoft.com/en-us/typography/opentype/spec/post
func trueType(names []string) []byte {
	n := len(names)
	be := func(values ...any) []byte {
		var b bytes.Buffer
		for _, v := range values {
			_ = binary.Write(&b, binary.BigEndian, v) // a buffer takes all
		}
		return b.Bytes()
	}
	var hmtx, index, strs []byte
	for i, name := range names {
		hmtx = append(hmtx, be(uint16(300+900*i%60000), int16(0))...)
		index = append(index, be(uint16(258+i))...)
		strs = append(append(strs, byte(len(name))), name...)
	}
	tables := []struct {
		tag  string
		data []byte
	}{
		{"cmap", append(be(uint16(0), uint16(1), uint16(1), uint16(0), uint32(12), uint16(0), uint16(262), uint16(0)), make([]byte, 256)...)},
		{"glyf", make([]byte, 4)},
		{"head", be(uint32(1<<16), uint32(1<<16), uint32(0), uint32(0x5f0f3cf5), uint16(0), uint16(1000), uint64(0), uint64(0), [4]int16{0, 0, 500, 500}, uint16(0), uint16(8), [3]int16{2, 0, 0})},
		{"hhea", be(uint32(1<<16), int16(800), int16(-200), int16(0), uint16(500), [11]int16{3: 1}, uint16(n))},
		{"hmtx", hmtx},
		{"loca", make([]byte, 2*(n+1))},
		{"maxp", be(uint32(1<<16), uint16(n), [13]uint16{4: 1})},
		{"post", slices.Concat(be(uint32(2<<16), [7]uint32{}, uint16(n)), index, strs)},
	}
	head := be(uint32(1<<16), uint16(len(tables)), uint16(128), uint16(3), uint16(0))
	var body []byte
	for _, table := range tables {
		head = append(append(head, table.tag...), be(uint32(0), uint32(12+16*len(tables)+len(body)), uint32(len(table.data)))...)
		body = append(append(body, table.data...), make([]byte, -len(table.data)&3)...)
	}
	return append(head, body...)
}
