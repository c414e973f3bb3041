//go:build cgo && !nocgo

package mupdf

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"qacorpus/extract/internal/tinypdf"
)

func engine(t testing.TB) *Engine {
	t.Helper()
	e, err := New(8 << 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func open(t testing.TB, data []byte, passwords ...string) *Doc {
	t.Helper()
	d, err := engine(t).OpenBytes(data, passwords)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func TestText(t *testing.T) {
	d := open(t, tinypdf.Doc{Pages: []string{
		tinypdf.Text("first line", "second (line)"),
		tinypdf.Text(),
		"BT /F 12 Tf 72 700 Td (inside) Tj 2000 0 Td (outside) Tj ET",
	}}.Bytes())
	if d.Pages() != 3 || d.Repaired() {
		t.Error("pages", d.Pages(), "repaired", d.Repaired())
	}
	for i, want := range []string{"first line\nsecond (line)\n", "", "inside\n"} {
		p, err := d.Page(i+1, false)
		if err != nil || p.Text != want || p.Cut {
			t.Errorf("page %d: %q, %v, want %q", i+1, p.Text, err, want)
		}
	}
	if _, err := d.Page(4, false); err == nil {
		t.Error("page 4 of 3 gives no error")
	}
}

// toUnicode is a page that shows codes 1 to len(mapped), which the font's map
// turns into mapped.
func toUnicode(mapped ...uint16) []byte {
	var bf, show strings.Builder
	for i, u := range mapped {
		fmt.Fprintf(&bf, "<%02X> <%04X>\n", i+1, u)
		fmt.Fprintf(&show, "%02X", i+1)
	}
	cmap := fmt.Sprintf("/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%sendbfchar endcmap end", len(mapped), bf.String())
	return tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		tinypdf.Stream("", "BT /F 12 Tf 72 700 Td <"+show.String()+"> Tj ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
		tinypdf.Stream("", cmap))
}

func TestCharacters(t *testing.T) {
	for _, c := range []struct {
		name      string
		mapped    []uint16
		text, raw string
	}{
		{"letters", []uint16{'A', 0xe9, 0x4e2d}, "Aé中\n", "Aé中\n"},
		{"ligature is kept", []uint16{0xfb01, 'x'}, "ﬁx\n", "ﬁx\n"},
		{"surrogate", []uint16{'a', 0xd801, 'b'}, "a\uFFFDb\n", "a\uFFFDb\n"},
		{"control", []uint16{'a', 0x02, 'b'}, "a\x02b\n", "a\x02b\n"},
	} {
		d := open(t, toUnicode(c.mapped...))
		for raw, want := range map[bool]string{false: c.text, true: c.raw} {
			if p, err := d.Page(1, raw); err != nil || p.Text != want {
				t.Errorf("%s: %q, %v, want %q", c.name, p.Text, err, want)
			}
		}
	}
}

// utf16Hex is a text string as PDFs write it in UTF-16.
func utf16Hex(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

func TestInfo(t *testing.T) {
	for _, c := range []struct{ written, want string }{
		{"(Plain)", "Plain"},
		{"( padded \\000\\000)", "padded"},
		{"(two\\nlines\\tand tab)", "two lines and tab"},
		{"(caf\\351 \\223\\224)", "café \ufb01\ufb02"}, // PDFDocEncoding has ligatures there
		{utf16Hex("Größe 中文 😀"), "Größe 中文 😀"},
		{"()", ""},
		{"42", ""},
		{"(" + strings.Repeat("x", 5000) + ")", strings.Repeat("x", maxInfo)},
	} {
		d := open(t, tinypdf.Doc{
			Pages:   []string{""},
			Trailer: "/Info 6 0 R",
			More:    []string{"<</Title " + c.written + "/Author(A. Writer)>>"},
		}.Bytes())
		if got := d.Info("Title"); got != c.want {
			t.Errorf("title %.40s: %q, want %q", c.written, got, c.want)
		}
		if got := d.Info("Author"); got != "A. Writer" {
			t.Errorf("author %q", got)
		}
	}
}

func TestOutlineAndLabels(t *testing.T) {
	pages := []string{tinypdf.Text("a"), tinypdf.Text("b"), tinypdf.Text("c")}
	dest := func(page int) string { return fmt.Sprintf("/Dest[%d 0 R/Fit]", tinypdf.PageObject(page)) }
	d := open(t, tinypdf.Doc{
		Pages:   pages,
		Catalog: "/Outlines 10 0 R/PageLabels<</Nums[0<</S/r>>2<</P(A-)/S/D>>]>>",
		More: []string{
			"<</First 11 0 R/Last 13 0 R/Count 3>>",
			"<</Title(One)/Parent 10 0 R/Next 13 0 R/First 12 0 R/Last 12 0 R/Count 1" + dest(1) + ">>",
			"<</Title(One.One)/Parent 11 0 R" + dest(2) + ">>",
			"<</Title(Two)/Parent 10 0 R/Prev 11 0 R/A<</S/URI/URI(http://example.org)>>>>",
		},
	}.Bytes())
	want := []Item{{1, "One", 1}, {2, "One.One", 2}, {1, "Two", 0}}
	if got := d.Outline(); !slices.Equal(got, want) {
		t.Errorf("outline %v, want %v", got, want)
	}
	for i, label := range []string{"i", "ii", "A-1"} {
		if p, err := d.Page(i+1, false); err != nil || p.Label != label {
			t.Errorf("label of page %d: %q, %v, want %q", i+1, p.Label, err, label)
		}
	}
}

// chain is an outline of n items that hang together by link.
func chain(n int, link string, last string) []byte {
	more := []string{"<</First 7 0 R/Last 7 0 R>>"}
	for i := range n {
		next := fmt.Sprintf("/%s %d 0 R", link, 8+i)
		if i == n-1 {
			next = last
		}
		if link == "First" && next != "" {
			next += strings.Replace(next, "First", "Last", 1)
		}
		more = append(more, fmt.Sprintf("<</Title(item %d)/Parent 6 0 R/Dest[4 0 R/Fit]%s>>", i+1, next))
	}
	return tinypdf.Doc{Pages: []string{tinypdf.Text("a")}, Catalog: "/Outlines 6 0 R", More: more}.Bytes()
}

func TestOutlineBounds(t *testing.T) {
	for _, c := range []struct {
		name     string
		data     []byte
		min, max int
	}{
		{"long", chain(5000, "Next", ""), maxItems, maxItems},
		{"deep", chain(3000, "First", ""), 1, maxDepth},
		{"loop", chain(5, "Next", "/Next 7 0 R"), 0, maxItems},
		{"loop down", chain(5, "First", "/First 7 0 R"), 0, maxItems},
		{"itself", chain(1, "Next", "/Next 7 0 R"), 0, maxItems},
	} {
		d := open(t, c.data)
		n := len(d.Outline())
		if n < c.min || n > c.max {
			t.Errorf("%s: %d items, want %d to %d", c.name, n, c.min, c.max)
		}
		if p, err := d.Page(1, false); err != nil || p.Text != "a\n" {
			t.Errorf("%s: text %q, %v", c.name, p.Text, err)
		}
	}
}

func TestOpenFile(t *testing.T) {
	data := append([]byte("some junk before\n"), tinypdf.Doc{Pages: []string{tinypdf.Text("from a file")}}.Bytes()...)
	name := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(7, 0); err != nil {
		t.Fatal(err)
	}
	d, err := engine(t).OpenFile(f.Fd(), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if p, err := d.Page(1, false); err != nil || p.Text != "from a file\n" {
		t.Errorf("%q, %v", p.Text, err)
	}
	if at, err := f.Seek(0, 1); err != nil || at != 7 {
		t.Errorf("position of the descriptor is %d, %v, want 7", at, err)
	}
}

func TestBroken(t *testing.T) {
	e := engine(t)
	whole := tinypdf.Doc{Pages: []string{tinypdf.Text("text")}}.Bytes()
	count := func(n string) []byte {
		return bytes.Replace(whole, []byte("/Count 1"), []byte("/Count "+n), 1)
	}
	for name, data := range map[string][]byte{
		"nothing":       {},
		"a header only": []byte("%PDF-1.7\n"),
		"negative":      count("-9"),
		"huge":          count("2147483647"),
		"cyclic":        bytes.Replace(whole, []byte("/Kids[4 0 R]"), []byte("/Kids[2 0 R]"), 1),
		"dangling":      bytes.Replace(whole, []byte("/Pages 2 0 R"), []byte("/Pages 9 0 R"), 1),
		"not a PDF":     []byte("<svg xmlns='http://www.w3.org/2000/svg'><text>svg</text></svg>"),
	} {
		d, err := e.OpenBytes(data, nil)
		if err == nil {
			for n := 1; n <= min(d.Pages(), 4); n++ {
				p, err := d.Page(n, false)
				t.Logf("%s: page %d of %d: %q, %v", name, n, d.Pages(), p.Text, err)
			}
			d.Close()
		}
		t.Logf("%s: %v", name, err)
	}
	for n := range len(whole) {
		if d, err := e.OpenBytes(whole[:n], nil); err == nil {
			_, _ = d.Page(1, false)
			d.Outline()
			d.Close()
		}
	}
	d, err := e.OpenBytes(whole, nil)
	if err != nil {
		t.Fatal("after all that a good document does not open:", err)
	}
	defer d.Close()
	if p, err := d.Page(1, false); err != nil || p.Text != "text\n" {
		t.Errorf("after all that: %q, %v", p.Text, err)
	}
}

func TestCut(t *testing.T) {
	const chars, lines = 1000, 600 // of two bytes each
	text := strings.Repeat("<"+strings.Repeat("E9", chars)+"> Tj T*\n", lines)
	d := open(t, tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		tinypdf.Stream("", "BT /F .5 Tf .5 TL 0 700 Td "+text+"ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"))
	p, err := d.Page(1, false)
	if err != nil || !p.Cut || len(p.Text) > maxPageText || len(p.Text) < maxPageText-8 {
		t.Errorf("%d bytes, cut %v, %v", len(p.Text), p.Cut, err)
	}
}

func TestPNG(t *testing.T) {
	d := open(t, tinypdf.Doc{Pages: []string{"1 0 0 rg 0 0 612 792 re f"}}.Bytes())
	data, err := d.PNG(1, 306, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if b := m.Bounds(); b.Dx() != 306 || b.Dy() != 396 {
		t.Errorf("picture is %v", b)
	}
	if r, g, b, _ := m.At(100, 100).RGBA(); r>>8 != 255 || g != 0 || b != 0 {
		t.Errorf("colour is %x %x %x", r, g, b)
	}
	if _, err := d.PNG(2, 306, 0, true); err == nil {
		t.Error("page 2 of 1 can be drawn")
	}
}

// TestClippedBlanks: a clipped blank is no line of the text, save for who wants
// every character.
func TestClippedBlanks(t *testing.T) {
	blank := "q 50 600 200 200 re W n BT /F 12 Tf 72 700 Td ( ) Tj ET Q "
	d := open(t, tinypdf.Doc{Pages: []string{blank + "BT /F 12 Tf 72 600 Td (text) Tj ET"}}.Bytes())
	for raw, want := range map[bool]string{true: " \ntext\n", false: "text\n"} {
		if p, err := d.Page(1, raw); err != nil || p.Text != want {
			t.Errorf("raw %v: %q, %v, want %q", raw, p.Text, err, want)
		}
	}
}
