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

// resources are what the pages of TestStandIns may use: A is a translucent stroke, B
// a blend mode, N the normal one, M a soft mask that holds text itself, P a pattern that does, S a
// shading, X a form.
const resources = `/Resources<</Font<</F 5 0 R/G 6 0 R/T 7 0 R/C 8 0 R>>/XObject<</X 9 0 R>>/Pattern<</P 10 0 R/S 11 0 R>>
/ExtGState<</A<</CA .5>>/B<</BM/Multiply>>/N<</BM/Normal>>/M<</SMask<</S/Luminosity/G 12 0 R>>>>/O<</SMask/None>>>>>>`

func withResources(content string) []byte {
	group := "/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceRGB>>"
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
		"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 98/Widths[1000 1000]/Encoding<</Differences[97/near/far]>>/Resources<<>>/CharProcs<</near 13 0 R/far 14 0 R>>>>",
		"<</Type/Font/Subtype/Type0/BaseFont/Helvetica/Encoding/Identity-H/ToUnicode 15 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Helvetica/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/Helvetica/Flags 32>>>>]>>",
		tinypdf.Stream(group+resources, "BT /F 10 Tf 50 50 Td (in a form) Tj ET"),
		tinypdf.Stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 90 20]/XStep 90/YStep 20"+resources, "BT /F 8 Tf 1 1 Td (tile) Tj ET"),
		"<</Type/Pattern/PatternType 2/Shading<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 600 0]/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>>>>>",
		tinypdf.Stream(group+resources, "BT /F 10 Tf 75 702 Td (mask) Tj 200 -300 Td (elsewhere) Tj ET"),
		tinypdf.Stream("", "1000 0 0 0 1000 1000 d1 0 0 900 900 re f"),
		tinypdf.Stream("", "1000 0 0 -90000 1000 1000 d1 0 -90000 900 900 re f"),
		tinypdf.Stream("", "1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0041> <0391> <fff0> <03b2> endbfchar 1 beginbfrange <0100> <0110> <4e00> endbfrange"))
}

// TestStandIns: the same comes of a page with the stand-ins and without, also where
// what they leave out would matter.
func TestStandIns(t *testing.T) {
	text := "BT /F 12 Tf 72 700 Td (painted) Tj 0 -20 Td (twice) Tj ET "
	for name, content := range map[string]string{
		"plain":               text,
		"blended":             "/B gs " + text + "/N gs " + text,
		"masked":              "/M gs " + text + "/O gs " + text,
		"masked and blended":  "q /M gs /B gs " + text + "Q " + text,
		"tiled":               "/Pattern cs /P scn " + text,
		"tiled strokes":       "/Pattern CS /P SCN 1 Tr " + text,
		"shaded":              "/Pattern cs /S scn " + text,
		"filled and stroked":  "/A gs BT 2 Tr /F 12 Tf 72 600 Td (both) Tj 0 Tr ( one) Tj 2 Tr ( both) Tj ET " + text,
		"all ways to paint":   "/A gs " + ways() + "/B gs " + ways() + "/M gs " + ways(),
		"clipped to":          "q BT /F 60 Tf 7 Tr 72 690 Td (HHHH) Tj ET BT 0 Tr /F 5 Tf 210 700 Td (inside) Tj 0 -100 Td (outside) Tj ET Q " + text,
		"clipped in between":  "q BT /F 60 Tf 72 690 Td (I) Tj 5 Tr (HH) Tj 0 Tr (I) Tj ET BT /F 5 Tf 100 700 Td (inside) Tj 300 0 Td (outside) Tj ET Q " + text,
		"clipped by one":      "q BT /F 60 Tf 72 690 Td 7 Tr (H) Tj ET BT 0 Tr /F 5 Tf 80 700 Td (inside) Tj 300 0 Td (outside) Tj ET Q " + text,
		"in a form":           "/X Do /B gs /X Do /M gs /X Do " + text,
		"at the edges":        edges("F", 30) + edges("F", 3) + edges("G", 300),
		"turned":              "q .7 .7 -.7 .7 300 300 cm " + edges("F", 20) + "Q q 0 -2 1 0 0 792 cm " + edges("F", 20) + "Q",
		"clipped away":        "q 100 100 50 50 re W n " + edges("F", 10) + "Q",
		"type 3":              "BT /T 20 Tf 72 700 Td (abab) Tj ET " + edges("T", 30),
		"names":               "BT /G 12 Tf 72 700 Td <" + hexRange(60, 120) + "> Tj ET",
		"widths":              strings.Repeat("BT /F 12 Tf 72 700 Td (iiiiiiiiii) Tj 26.64 0 Td (x) Tj 30 0 Td (MMMM) Tj 39.984 0 Td (x) Tj ET ", 2),
		"codes":               "BT /C 12 Tf 72 700 Td <00410042fff0fff101000110011100> Tj ET",
		"number of all kinds": "BT /F +12.0 Tf 1 0 0 1 72.123456789 --700 Tm (a) Tj .5 -.5 Td (b) Tj 1 0 0 1 00072. 70-3 Tm (c) Tj 1234567890123 0 Td (far) Tj ET",
		"words of all kinds":  "BT/F 12 Tf[(a)-250(b)]TJ T*(c)'0 0(d)\"true/F#20 12 Tf(e)Tj/F 9.Tf(f)Tj%g\n(h)Tj R null ET",
	} {
		sameText(t, name, withResources(content))
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

// ways shows a word in each text rendering mode, and in some that there are not.
func ways() string {
	var b strings.Builder
	for mode := -2; mode < 10; mode++ {
		fmt.Fprintf(&b, "q BT /F 12 Tf %d Tr 72 %d Td (mode) Tj ET BT 0 Tr /F 2 Tf 76 %d Td (inside) Tj ET Q ", mode, 700-20*mode, 702-20*mode)
	}
	return b.String()
}

// TestFarGlyphs: outlines of fonts that are scaled in unusual ways reach further
// than their size lets expect.
func TestFarGlyphs(t *testing.T) {
	for _, width := range []int{500, 8000, 30000} {
		sameText(t, fmt.Sprint("substitute of width ", width), tinypdf.Build("",
			"<</Type/Catalog/Pages 2 0 R>>",
			"<</Type/Pages/Count 1/Kids[3 0 R]>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
			tinypdf.Stream("", "BT /F 12 Tf 72 700 Td (hi) Tj 458 0 Td (ih) Tj ET"),
			fmt.Sprintf("<</Type/Font/Subtype/TrueType/BaseFont/Unknown/FirstChar 105/LastChar 105/Widths[%d]/FontDescriptor<</Type/FontDescriptor/FontName/Unknown/Flags 32>>>>", width)))
	}
}

// edges shows a letter at and around all sides of the page.
func edges(font string, size int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "BT /%s %d Tf ", font, size)
	for x := -60; x < 680; x += 37 {
		for y := -60; y < 860; y += 43 {
			fmt.Fprintf(&b, "1 0 0 1 %d %d Tm (%c) Tj ", x, y, 'a'+(x+y+120)%26)
		}
	}
	return b.String() + "ET "
}

func hexRange(from, to int) string {
	var b strings.Builder
	for c := from; c < to; c++ {
		fmt.Fprintf(&b, "%02x", c)
	}
	return b.String()
}
