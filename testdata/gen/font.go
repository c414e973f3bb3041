package main

// A font is one of the subsets in fonts/: what layout needs to know of it (widths, characters) and what a PDF embeds of it.

import (
	"embed"
	"encoding/binary"
	"fmt"
	"strings"
)

//go:embed fonts/*.otf fonts/*.ttf
var fontFiles embed.FS

// font is read once and never changed; which glyphs a document uses is kept by the document.
type font struct {
	name     string // file name without its ending
	postName string // PostScript name for the PDF
	data     []byte
	tables   map[string][2]int // tag to offset and length in data
	upem     int
	widths   []int        // by glyph, in font units
	glyphs   map[rune]int // character to glyph
	cff      bool
	bbox     [4]int
	ascent   int
	descent  int
}

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
func s16(b []byte, at int) int { return int(int16(binary.BigEndian.Uint16(b[at:]))) }
func u32(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }

// fontNames are the roles of the fonts in the mark-up and their files.
var fontNames = map[string]string{
	"roman":  "lmroman10-regular.otf",
	"bold":   "lmroman10-bold.otf",
	"italic": "lmroman10-italic.otf",
	"mono":   "lmmono10-regular.otf",
	"math":   "latinmodern-math.otf",
	"cyr":    "DejaVuSerif.ttf",
	"cjk":    "DroidSansFallback.ttf",
}

func loadFonts() (map[string]*font, error) {
	fonts := make(map[string]*font)
	for role, file := range fontNames {
		data, err := fontFiles.ReadFile("fonts/" + file)
		if err != nil {
			return nil, err
		}
		f, err := parseFont(file, data)
		if err != nil {
			return nil, fmt.Errorf("read font %s: %w", file, err)
		}
		fonts[role] = f
	}
	return fonts, nil
}

func parseFont(file string, data []byte) (*font, error) {
	f := &font{name: file, data: data, tables: make(map[string][2]int), glyphs: make(map[rune]int)}
	f.postName = strings.TrimSuffix(strings.TrimSuffix(file, ".otf"), ".ttf")
	for i := range u16(data, 4) {
		e := data[12+16*i:]
		f.tables[string(e[:4])] = [2]int{u32(e, 8), u32(e, 12)}
	}
	for _, tag := range []string{"head", "hhea", "hmtx", "cmap", "maxp"} {
		if _, ok := f.tables[tag]; !ok {
			return nil, fmt.Errorf("no table %s", tag)
		}
	}
	_, f.cff = f.tables["CFF "]
	head, hhea, hmtx := f.table("head"), f.table("hhea"), f.table("hmtx")
	f.upem = u16(head, 18)
	for i := range f.bbox {
		f.bbox[i] = s16(head, 36+2*i) * 1000 / f.upem
	}
	// The mathematical font claims room for its tallest brackets; readers would then take its letters for far larger boxes.
	f.ascent, f.descent = min(s16(hhea, 4)*1000/f.upem, 950), max(s16(hhea, 6)*1000/f.upem, -300)
	long := u16(hhea, 34)
	for g := range u16(f.table("maxp"), 4) {
		f.widths = append(f.widths, u16(hmtx, 4*min(g, long-1)))
	}
	return f, f.readCmap()
}

func (f *font) table(tag string) []byte {
	t := f.tables[tag]
	return f.data[t[0] : t[0]+t[1]]
}

// readCmap reads the sub-tables of formats 4 and 12, which are the ones the subsets have.
func (f *font) readCmap() error {
	cmap := f.table("cmap")
	for i := range u16(cmap, 2) {
		sub := cmap[u32(cmap, 4+8*i+4):]
		switch u16(sub, 0) {
		case 4:
			f.cmap4(sub)
		case 12:
			for g := range u32(sub, 12) {
				e := sub[16+12*g:]
				for c := u32(e, 0); c <= u32(e, 4); c++ {
					f.glyphs[rune(c)] = u32(e, 8) + c - u32(e, 0)
				}
			}
		}
	}
	if len(f.glyphs) == 0 {
		return fmt.Errorf("no characters")
	}
	return nil
}

func (f *font) cmap4(sub []byte) {
	n := u16(sub, 6) // twice the number of segments
	for s := 0; s < n; s += 2 {
		last, first := u16(sub, 14+s), u16(sub, 16+n+s)
		delta, offset := u16(sub, 16+2*n+s), u16(sub, 16+3*n+s)
		for c := first; c <= last && c != 0xffff; c++ {
			g := c
			if offset != 0 {
				g = u16(sub, 16+3*n+s+offset+2*(c-first))
				if g == 0 {
					continue
				}
			}
			f.glyphs[rune(c)] = (g + delta) & 0xffff
		}
	}
}

// width is that of one glyph at a size, both in thousandths of a point.
func (f *font) width(g, size int) int { return f.widths[g] * size / f.upem }

// program returns the font file to embed, with the outlines of all glyphs but the kept ones blanked in place: the file keeps
// its length and its tables, and the blanks compress to nothing.
func (f *font) program(keep map[int]string) []byte {
	if f.cff {
		out := append([]byte{}, f.table("CFF ")...)
		blankCFF(out, keep)
		return out
	}
	out := append([]byte{}, f.data...)
	f.blankGlyf(out, keep)
	return out
}

// blankCFF overwrites char strings with endchar operators.
func blankCFF(cff []byte, keep map[int]string) {
	at := int(cff[2])
	_, at = cffIndex(cff, at)   // names
	top, _ := cffIndex(cff, at) // top dictionaries
	dict := cff[top[0]:top[1]]
	strings, _ := cffIndex(cff, cffOperand(dict, 17))
	for g := range len(strings) - 1 {
		if _, ok := keep[g]; ok || g == 0 {
			continue
		}
		for i := strings[g]; i < strings[g+1]; i++ {
			cff[i] = 14
		}
	}
}

// cffIndex returns the bounds of an INDEX's entries and where the INDEX ends.
func cffIndex(cff []byte, at int) (bounds []int, end int) {
	count := u16(cff, at)
	if count == 0 {
		return nil, at + 2
	}
	size := int(cff[at+2])
	data := at + 3 + size*(count+1) - 1
	for i := range count + 1 {
		v := 0
		for _, b := range cff[at+3+size*i : at+3+size*(i+1)] {
			v = v<<8 | int(b)
		}
		bounds = append(bounds, data+v)
	}
	return bounds, bounds[count]
}

// cffOperand finds the last integer operand before a one-byte operator in a DICT.
func cffOperand(dict []byte, operator byte) int {
	v := 0
	for i := 0; i < len(dict); {
		b := dict[i]
		switch {
		case b == operator:
			return v
		case b == 12:
			i += 2
		case b < 22:
			i++
		case b == 28:
			v, i = s16(dict, i+1), i+3
		case b == 29:
			v, i = u32(dict, i+1), i+5
		case b == 30:
			for i++; dict[i]&15 != 15; i++ {
			}
			i++
		case b < 247:
			v, i = int(b)-139, i+1
		case b < 251:
			v, i = (int(b)-247)*256+int(dict[i+1])+108, i+2
		default:
			v, i = -(int(b)-251)*256-int(dict[i+1])-108, i+2
		}
	}
	return 0
}

// blankGlyf zeroes outlines: a glyph of zero contours is a valid empty one. Parts of kept composite glyphs are kept.
func (f *font) blankGlyf(out []byte, keep map[int]string) {
	loca, glyf := f.table("loca"), f.tables["glyf"][0]
	bound := func(g int) int {
		if u16(f.table("head"), 50) == 0 {
			return glyf + 2*u16(loca, 2*g)
		}
		return glyf + u32(loca, 4*g)
	}
	kept := map[int]bool{0: true}
	var add func(g int)
	add = func(g int) {
		if kept[g] && g != 0 {
			return
		}
		kept[g] = true
		b := f.data[bound(g):bound(g+1)]
		if len(b) == 0 || s16(b, 0) >= 0 {
			return
		}
		for at := 10; ; {
			flags := u16(b, at)
			add(u16(b, at+2))
			at += 6 + 2*(flags&1)
			switch {
			case flags&8 != 0:
				at += 2
			case flags&0x40 != 0:
				at += 4
			case flags&0x80 != 0:
				at += 8
			}
			if flags&0x20 == 0 {
				return
			}
		}
	}
	for g := range keep {
		add(g)
	}
	for g := range len(f.widths) {
		if !kept[g] {
			clear(out[bound(g):bound(g+1)])
		}
	}
}
