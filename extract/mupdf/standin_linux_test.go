//go:build cgo && !nocgo

package mupdf

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"qacorpus/extract/internal/tinypdf"
)

// fontPage is a page with a built-in font F, one with names of its own G, a Type 3 font T,
// one of two bytes a code C, and a form X.
func fontPage(content string) []byte {
	const resources = "/Resources<</Font<</F 5 0 R/G 6 0 R/T 7 0 R/C 8 0 R>>/XObject<</X 9 0 R>>>>"
	var names strings.Builder
	for i := range 40 {
		names.WriteString([]string{"/A", "/eacute", "/nowhere", "/uni4E2D", "/a.alt", "/f_f_i", "/g12", "/.notdef"}[i%8])
		fmt.Fprint(&names, strings.Repeat("x", i/8*20))
	}
	return tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"+resources+">>",
		tinypdf.Stream("", content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/Font/Subtype/TrueType/BaseFont/Times-Bold/Encoding<</Differences[65"+names.String()+"]>>>>",
		"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 97/Widths[1000]/Encoding<</Differences[97/box]>>/Resources<<>>/CharProcs<</box 10 0 R>>>>",
		"<</Type/Font/Subtype/Type0/BaseFont/Helvetica/Encoding/Identity-H/ToUnicode 11 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Helvetica/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/Helvetica/Flags 32>>>>]>>",
		tinypdf.Stream("/Type/XObject/Subtype/Form/BBox[0 0 612 792]"+resources, "BT /F 10 Tf 50 50 Td (in a form) Tj ET"),
		tinypdf.Stream("", "1000 0 0 0 1000 1000 d1 0 0 900 900 re f"),
		tinypdf.Stream("", "1 begincodespacerange <0000> <ffff> endcodespacerange 3 beginbfchar <0041> <0391> <fff0> <03b2> <fff5> <00660069> endbfchar 1 beginbfrange <0100> <0110> <4e00> endbfrange"))
}

// TestStandIns: the same comes of a page with the stand-ins and without.
func TestStandIns(t *testing.T) {
	for name, content := range map[string]string{
		"plain":                "BT /F 12 Tf 72 700 Td (one) Tj 0 -20 Td (two) Tj ET",
		"in a form":            "q .5 0 0 .5 0 0 cm /X Do Q /X Do",
		"type 3":               "BT /T 20 Tf 72 700 Td (aa) Tj ET",
		"names":                "BT /G 12 Tf 72 700 Td <" + hexRange(60, 120) + "> Tj ET",
		"widths":               strings.Repeat("BT /F 12 Tf 72 700 Td (iiiiiiiiii) Tj 26.64 0 Td (x) Tj 30 0 Td (MMMM) Tj 39.984 0 Td (x) Tj ET ", 2),
		"codes":                "BT /C 12 Tf 72 700 Td <00410042fff0fff1010001100111fff500> Tj ET",
		"numbers of all kinds": "BT /F +12.0 Tf 1 0 0 1 72.123456789 --700 Tm (a) Tj .5 -.5 Td (b) Tj 1 0 0 1 00072. 70-3 Tm (c) Tj 1234567890123 0 Td (far) Tj ET",
		"words of all kinds":   "BT/F 12 Tf[(a)-250(b)]TJ T*(c)'0 0(d)\"true/F#20 12 Tf(e)Tj/F 9.Tf(f)Tj%g\n(h)Tj R null ET",
	} {
		sameText(t, name, fontPage(content))
	}
}

// sameText reads a document of one page with stand-ins and without.
func sameText(t *testing.T, name string, data []byte) {
	t.Helper()
	e := engine(t)
	for _, raw := range []bool{false, true} {
		var got [2][]Page
		var doc [2]Document
		for i, plain := range []bool{true, false} {
			e.plainly(plain)
			pages, d, err := read(t, e, Request{Data: data, Raw: raw})
			if err != nil || len(pages) != 1 || pages[0].Err != nil {
				t.Fatalf("%s: %v %v", name, pages, err)
			}
			got[i], doc[i] = pages, d
		}
		if !slices.Equal(got[0], got[1]) || !reflect.DeepEqual(doc[0], doc[1]) {
			t.Errorf("%s, raw %v: %q, without stand-ins %q", name, raw, got[1][0].Text, got[0][0].Text)
		}
		if strings.TrimSpace(got[0][0].Text) == "" {
			t.Errorf("%s: no text", name)
		}
	}
}

// hexRange are the codes from one to before another.
func hexRange(from, to int) string {
	var b strings.Builder
	for c := from; c < to; c++ {
		fmt.Fprintf(&b, "%02x", c)
	}
	return b.String()
}
