//go:build cgo && !nocgo

package mupdf

import (
	"bytes"
	"errors"
	"fmt"
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

// read reads a whole document.
func read(t testing.TB, e *Engine, q Request) ([]Page, Document, error) {
	t.Helper()
	if q.Last == 0 {
		q.First, q.Last = 1, 1000
	}
	var pages []Page
	d, err := e.Read(q, func(n int, p Page) error {
		if n != q.First+len(pages) {
			t.Errorf("page %d comes as number %d", n, len(pages)+1)
		}
		pages = append(pages, p)
		return nil
	})
	return pages, d, err
}

// good reads a document that can be read.
func good(t testing.TB, data []byte, raw bool) ([]Page, Document) {
	t.Helper()
	pages, d, err := read(t, engine(t), Request{Data: data, Raw: raw})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pages {
		if p.Err != nil {
			t.Errorf("page %d: %v", i+1, p.Err)
		}
	}
	return pages, d
}

func TestText(t *testing.T) {
	pages, d := good(t, tinypdf.Doc{Pages: []string{
		tinypdf.Text("first line", "second (line)"),
		tinypdf.Text(),
		"BT /F 12 Tf 72 700 Td (inside) Tj 2000 0 Td (outside) Tj ET",
	}}.Bytes(), false)
	if d.Pages != 3 || d.Repaired || len(pages) != 3 {
		t.Fatalf("%d pages read of %+v", len(pages), d)
	}
	for i, want := range []string{"first line\nsecond (line)\n", "", "inside\n"} {
		if p := pages[i]; p.Text != want || p.Cut {
			t.Errorf("page %d: %q, want %q", i+1, p.Text, want)
		}
	}
}

// TestRanges: a range is read in batches, and ends where the document does.
func TestRanges(t *testing.T) {
	var all []string
	for i := range 40 {
		all = append(all, tinypdf.Text(fmt.Sprint("page ", i+1)))
	}
	data := tinypdf.Doc{Pages: all}.Bytes()
	for _, c := range []struct{ first, last, want int }{
		{1, 1, 1}, {1, 16, 16}, {1, 17, 17}, {20, 36, 17}, {40, 40, 1}, {39, 99, 2}, {41, 50, 0}, {5, 4, 0}, {1, 100, 40},
	} {
		pages, d, err := read(t, engine(t), Request{Data: data, First: c.first, Last: c.last})
		if err != nil || len(pages) != c.want || d.Pages != 40 {
			t.Errorf("%d-%d: %d pages of %d, %v, want %d", c.first, c.last, len(pages), d.Pages, err, c.want)
		}
		for i, p := range pages {
			if want := fmt.Sprintf("page %d\n", c.first+i); p.Text != want {
				t.Errorf("%d-%d: page %d says %q", c.first, c.last, c.first+i, p.Text)
			}
		}
	}
}

// TestReadingEnds: an error of who takes the pages ends the reading; what is told of
// the document comes all the same.
func TestReadingEnds(t *testing.T) {
	enough := errors.New("enough")
	data := tinypdf.Doc{
		Pages:   []string{tinypdf.Text("a"), tinypdf.Text("b"), tinypdf.Text("c")},
		Trailer: "/Info 10 0 R", More: []string{"<</Title(Whole)>>"},
	}.Bytes()
	seen := 0
	d, err := engine(t).Read(Request{Data: data, First: 1, Last: 3}, func(n int, _ Page) error {
		if seen = n; n == 2 {
			return enough
		}
		return nil
	})
	if err != enough || seen != 2 || d.Pages != 3 || d.Title != "Whole" {
		t.Errorf("after page %d: %+v, %v", seen, d, err)
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
		for raw, want := range map[bool]string{false: c.text, true: c.raw} {
			if pages, _ := good(t, toUnicode(c.mapped...), raw); pages[0].Text != want {
				t.Errorf("%s: %q, want %q", c.name, pages[0].Text, want)
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
		_, d := good(t, tinypdf.Doc{
			Pages:   []string{""},
			Trailer: "/Info 6 0 R",
			More:    []string{"<</Title " + c.written + "/Author(A. Writer)>>"},
		}.Bytes(), false)
		if d.Title != c.want || d.Author != "A. Writer" {
			t.Errorf("title %.40s: %q by %q, want %q", c.written, d.Title, d.Author, c.want)
		}
	}
}

func TestOutlineAndLabels(t *testing.T) {
	dest := func(page int) string { return fmt.Sprintf("/Dest[%d 0 R/Fit]", tinypdf.PageObject(page)) }
	pages, d := good(t, tinypdf.Doc{
		Pages:   []string{tinypdf.Text("a"), tinypdf.Text("b"), tinypdf.Text("c")},
		Catalog: "/Outlines 10 0 R/PageLabels<</Nums[0<</S/r>>2<</P(A-)/S/D>>]>>",
		More: []string{
			"<</First 11 0 R/Last 13 0 R/Count 3>>",
			"<</Title(One)/Parent 10 0 R/Next 13 0 R/First 12 0 R/Last 12 0 R/Count 1" + dest(1) + ">>",
			"<</Title(One.One)/Parent 11 0 R" + dest(2) + ">>",
			"<</Title(Two)/Parent 10 0 R/Prev 11 0 R/A<</S/URI/URI(http://example.org)>>>>",
		},
	}.Bytes(), false)
	want := []item{{1, "One", 1}, {2, "One.One", 2}, {1, "Two", 0}}
	if !slices.Equal(d.Outline, want) {
		t.Errorf("outline %v, want %v", d.Outline, want)
	}
	for i, label := range []string{"i", "ii", "A-1"} {
		if p := pages[i]; p.Label != label {
			t.Errorf("label of page %d: %q, want %q", i+1, p.Label, label)
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
		pages, d := good(t, c.data, false)
		n := len(d.Outline)
		if n < c.min || n > c.max {
			t.Errorf("%s: %d items, want %d to %d", c.name, n, c.min, c.max)
		}
		if pages[0].Text != "a\n" {
			t.Errorf("%s: text %q", c.name, pages[0].Text)
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
	var text string
	_, err = engine(t).Read(Request{File: f.Fd(), Size: int64(len(data)), First: 1, Last: 1}, func(_ int, p Page) error {
		text = p.Text
		return p.Err
	})
	if err != nil || text != "from a file\n" {
		t.Errorf("%q, %v", text, err)
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
	for _, c := range []struct {
		name  string
		data  []byte
		pages int // that can be read, or not, with an error each; -1 for an error of the document
	}{
		{"nothing", []byte{}, -1},
		{"a header only", []byte("%PDF-1.7\n"), -1},
		{"negative", count("-9"), -1},
		{"huge", count("2147483647"), -1},
		{"cyclic", bytes.Replace(whole, []byte("/Kids[4 0 R]"), []byte("/Kids[2 0 R]"), 1), 1},
		{"dangling", bytes.Replace(whole, []byte("/Pages 2 0 R"), []byte("/Pages 9 0 R"), 1), 0},
		{"not a PDF", []byte("<svg xmlns='http://www.w3.org/2000/svg'><text>svg</text></svg>"), -1},
	} {
		pages, d, err := read(t, e, Request{Data: c.data, First: 1, Last: 4})
		if (err != nil) != (c.pages < 0) || len(pages) != max(0, c.pages) || d.Pages != max(0, c.pages) {
			t.Errorf("%s: %v of %+v, %v", c.name, pages, d, err)
		}
		for _, p := range pages {
			if p.Err == nil {
				t.Errorf("%s: %q is read", c.name, p.Text)
			}
		}
	}
	for n := range len(whole) {
		_, _, _ = read(t, e, Request{Data: whole[:n]})
	}
	pages, _, err := read(t, e, Request{Data: whole})
	if err != nil || len(pages) != 1 || pages[0].Text != "text\n" {
		t.Errorf("after all that a good document gives %v, %v", pages, err)
	}
}

func TestCut(t *testing.T) {
	const chars, lines = 1000, 600 // of two bytes each
	text := strings.Repeat("<"+strings.Repeat("E9", chars)+"> Tj T*\n", lines)
	pages, _ := good(t, tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		tinypdf.Stream("", "BT /F .5 Tf .5 TL 0 700 Td "+text+"ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"), false)
	p := pages[0]
	if !p.Cut || len(p.Text) > maxPageText || len(p.Text) < maxPageText-8 {
		t.Errorf("%d bytes, cut %v", len(p.Text), p.Cut)
	}
}

func TestPasswords(t *testing.T) {
	e, q := engine(t), Request{Data: tinypdf.Encrypted("sesame", "inside"), First: 1, Last: 1}
	for _, c := range []struct {
		words []string
		opens bool
	}{{nil, false}, {[]string{"no", "wrong"}, false}, {[]string{"no", "sesame"}, true}} {
		q.Passwords = c.words
		pages, _, err := read(t, e, q)
		if c.opens != (err == nil && len(pages) == 1 && pages[0].Text == "inside\n") || !c.opens && err != ErrPassword {
			t.Errorf("%q: %v, %v", c.words, pages, err)
		}
		if _, _, err := e.PNG(q, 100, 0, true); c.opens != (err == nil) || !c.opens && err != ErrPassword {
			t.Errorf("a picture with %q: %v", c.words, err)
		}
	}
}

// TestPlain: who wants the text only is told no more.
func TestPlain(t *testing.T) {
	q := Request{Data: tinypdf.Doc{
		Pages: []string{tinypdf.Text("a")}, Catalog: "/Outlines 6 0 R", Trailer: "/Info 8 0 R",
		More: []string{"<</First 7 0 R/Last 7 0 R>>", "<</Title(One)/Parent 6 0 R>>", "<</Title(Whole)/Author(A)>>"},
	}.Bytes()}
	for _, q.Plain = range []bool{false, true} {
		_, d, err := read(t, engine(t), q)
		if told := d.Title == "Whole" && d.Author == "A" && len(d.Outline) == 1; err != nil || told == q.Plain {
			t.Errorf("plain %v: %+v, %v", q.Plain, d, err)
		}
	}
}

// TestClippedBlanks: a clipped blank is no line of the text, save for who wants
// every character.
func TestClippedBlanks(t *testing.T) {
	blank := "q 50 600 200 200 re W n BT /F 12 Tf 72 700 Td ( ) Tj ET Q "
	data := tinypdf.Doc{Pages: []string{blank + "BT /F 12 Tf 72 600 Td (text) Tj ET"}}.Bytes()
	for raw, want := range map[bool]string{true: " \ntext\n", false: "text\n"} {
		if pages, _ := good(t, data, raw); pages[0].Text != want {
			t.Errorf("raw %v: %q, want %q", raw, pages[0].Text, want)
		}
	}
}
