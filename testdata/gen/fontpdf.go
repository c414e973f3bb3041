package main

// The font objects of a PDF: a composite font whose codes are glyph numbers, its widths, its embedded program and the
// ToUnicode map from which readers take the text (ISO 32000-1, sections 9.7 and 9.10).

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"
)

// ligatures are the characters that layout puts for letters, and those letters.
var ligatures = map[rune]string{'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl"}

func (d *document) fontObjects() {
	roles := make([]string, 0, len(d.refs))
	for role := range d.refs {
		roles = append(roles, role)
	}
	sort.Strings(roles)
	for i, role := range roles {
		d.fontObject(d.refs[role], i, d.fonts[role], d.used[role])
	}
}

func (d *document) fontObject(num, tag int, f *font, used map[int]string) {
	descendant, descriptor, program, unicode := d.reserve(), d.reserve(), d.reserve(), d.reserve()
	name := fmt.Sprintf("QACOR%c+%s", 'A'+tag, f.postName)
	subtype, file, dict, extra := "CIDFontType2", "FontFile2", "", " /CIDToGIDMap /Identity"
	data := f.program(used)
	if f.cff {
		subtype, file, dict, extra = "CIDFontType0", "FontFile3", "/Subtype /CIDFontType0C", ""
	} else {
		dict = fmt.Sprintf("/Length1 %d", len(data))
	}
	d.object(num, fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>",
		name, descendant, unicode))
	d.object(descendant, fmt.Sprintf("<< /Type /Font /Subtype /%s /BaseFont /%s /CIDSystemInfo << /Registry %s /Ordering %s /Supplement 0 >> /FontDescriptor %d 0 R /DW 1000 /W [%s]%s >>",
		subtype, name, d.text(descendant, "Adobe"), d.text(descendant, "Identity"), descriptor, widthArray(f, used), extra))
	d.object(descriptor, fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight 683 /StemV 70 /%s %d 0 R >>",
		name, f.bbox[0], f.bbox[1], f.bbox[2], f.bbox[3], f.ascent, f.descent, file, program))
	d.packed(program, dict, data)
	d.packed(unicode, "", []byte(toUnicode(used)))
}

func glyphsOf(used map[int]string) []int {
	glyphs := make([]int, 0, len(used))
	for g := range used {
		glyphs = append(glyphs, g)
	}
	sort.Ints(glyphs)
	return glyphs
}

func widthArray(f *font, used map[int]string) string {
	var b strings.Builder
	for _, g := range glyphsOf(used) {
		fmt.Fprintf(&b, "%d [%d] ", g, f.widths[g]*1000/f.upem)
	}
	return strings.TrimSpace(b.String())
}

func toUnicode(used map[int]string) string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	glyphs := glyphsOf(used)
	for len(glyphs) > 0 {
		n := min(100, len(glyphs)) // the most that one section may hold
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, g := range glyphs[:n] {
			fmt.Fprintf(&b, "<%04X> <", g)
			for _, u := range utf16.Encode([]rune(used[g])) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
		glyphs = glyphs[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.String()
}
