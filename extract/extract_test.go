//go:build unix && cgo && !nocgo

package extract_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

func numbered(pages int) []byte {
	var d tinypdf.Doc
	for n := range pages {
		d.Pages = append(d.Pages, tinypdf.Text(fmt.Sprint("page ", n+1)))
	}
	return d.Bytes()
}

func TestDocuments(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1})
	bad := bytes.Replace(numbered(3), []byte("/Contents 7 0 R"), []byte("/Contents null "), 1)
	for _, c := range []struct {
		name string
		data []byte
		ask  extract.Request
		want extract.Document
	}{
		{"one page", numbered(1), extract.Request{}, extract.Document{Status: "ok", Pages: 1, First: 1, Texts: []string{"page 1\n"}}},
		{"four of nine", numbered(9), extract.Request{}, extract.Document{Status: "ok", Pages: 9, First: 1, Texts: []string{"page 1\n", "page 2\n", "page 3\n", "page 4\n"}}},
		{"a range", numbered(9), extract.Request{First: 8, Last: 12}, extract.Document{Status: "ok", Pages: 9, First: 8, Texts: []string{"page 8\n", "page 9\n"}}},
		{"to the end", numbered(3), extract.Request{First: 2, Last: -1}, extract.Document{Status: "ok", Pages: 3, First: 2, Texts: []string{"page 2\n", "page 3\n"}}},
		{"past the end", numbered(3), extract.Request{First: 5}, extract.Document{Status: "no-text", Pages: 3, First: 5, Detail: "the document ends at page 3"}},
		{"no text", tinypdf.Doc{Pages: []string{"0 0 9 9 re f", ""}}.Bytes(), extract.Request{}, extract.Document{Status: "no-text", Pages: 2, First: 1, Texts: []string{"", ""}}},
		{"a page without contents", bad, extract.Request{}, extract.Document{Status: "ok", Pages: 3, First: 1, Texts: []string{"page 1\n", "", "page 3\n"}}},
		{"not a PDF", []byte("hello"), extract.Request{}, extract.Document{Status: "not-a-pdf"}},
		{"empty", nil, extract.Request{}, extract.Document{Status: "not-a-pdf"}},
		{"header too late", append(bytes.Repeat([]byte("x"), 1021), numbered(1)...), extract.Request{}, extract.Document{Status: "not-a-pdf"}},
		{"late header", append(bytes.Repeat([]byte("x"), 1000), numbered(1)...), extract.Request{}, extract.Document{Status: "ok", Pages: 1, First: 1, Texts: []string{"page 1\n"}}},
		{"header only", []byte("%PDF-1.7\n"), extract.Request{}, extract.Document{Status: "damaged", First: 1, Detail: "open document: no objects found"}},
		{"encrypted", tinypdf.Encrypted("secret", "hidden"), extract.Request{Passwords: []string{"wrong"}}, extract.Document{Status: "encrypted", First: 1}},
		{"decrypted", tinypdf.Encrypted("secret", "hidden"), extract.Request{Passwords: []string{"wrong", "secret"}}, extract.Document{Status: "ok", Pages: 1, First: 1, Texts: []string{"hidden\n"}}},
		{"empty password", tinypdf.Encrypted("", "hidden"), extract.Request{}, extract.Document{Status: "ok", Pages: 1, First: 1, Texts: []string{"hidden\n"}}},
	} {
		got, err := p.Extract(t.Context(), file(t, c.data), c.ask)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		got.Labels = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

func TestMended(t *testing.T) {
	whole := numbered(2)
	cut := whole[:bytes.LastIndex(whole, []byte("xref\n0"))]
	d, err := pool(t, extract.Options{Workers: 1}).Extract(t.Context(), file(t, cut), extract.Request{})
	if err != nil || d.Status != "ok" || strings.Join(d.Texts, "") != "page 1\npage 2\n" || !strings.Contains(d.Detail, "mended") {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestDescription(t *testing.T) {
	data := tinypdf.Doc{
		Pages:   []string{tinypdf.Text("a"), tinypdf.Text("b")},
		Catalog: "/Outlines 9 0 R/PageLabels<</Nums[0<</S/D/St 1>>1<</S/D/St 7>>]>>",
		Trailer: "/Info 8 0 R",
		More: []string{
			"<</Title(The Title)/Author(A. Writer)>>",
			"<</First 10 0 R/Last 10 0 R>>",
			"<</Title(Chapter)/Parent 9 0 R/Dest[6 0 R/Fit]>>",
		},
	}.Bytes()
	got, err := pool(t, extract.Options{Workers: 1}).Extract(t.Context(), file(t, data), extract.Request{})
	want := extract.Document{
		Status: "ok", Pages: 2, First: 1, Texts: []string{"a\n", "b\n"}, Labels: []string{"", "7"},
		Title: "The Title", Author: "A. Writer", Outline: []extract.OutlineItem{{Level: 1, Title: "Chapter", Page: 2}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

func TestEndlessDocument(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1, Timeout: 300 * time.Millisecond})
	d, err := p.Extract(t.Context(), file(t, tinypdf.Endless()), extract.Request{})
	if err != nil || d.Status != "timed-out" {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := p.Extract(t.Context(), file(t, numbered(1)), extract.Request{}); err != nil || d.Status != "ok" {
		t.Errorf("afterwards %+v, %v", d, err)
	}
}

// TestSharedFile reads one descriptor in many documents at once, as a caller
// may that also hashes it meanwhile.
func TestSharedFile(t *testing.T) {
	p := pool(t, extract.Options{Workers: 2})
	f := file(t, numbered(2))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if d, err := p.Extract(t.Context(), f, extract.Request{}); err != nil || strings.Join(d.Texts, "") != "page 1\npage 2\n" {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
	wg.Wait()
}

// TestTruncated cuts the file after the pool has asked for its size: what is
// left is read, and nothing worse happens.
func TestTruncated(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1})
	data := numbered(50)
	for _, keep := range []int64{9, 1000, int64(len(data)) / 2, int64(len(data)) - 1} {
		f := file(t, data)
		if err := os.Truncate(f.Name(), keep); err != nil {
			t.Fatal(err)
		}
		d, err := p.Extract(t.Context(), f, extract.Request{})
		if err != nil || d.Status == "crashed" || d.Status == "timed-out" {
			t.Errorf("cut to %d bytes: %+v, %v", keep, d, err)
		}
	}
}

func TestRender(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1})
	f := file(t, tinypdf.Doc{Pages: []string{"", "0 0 1 rg 0 0 612 792 re f"}}.Bytes())
	data, err := p.Render(t.Context(), f, 2, 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := m.At(50, 50).RGBA(); m.Bounds().Dx() != 100 || r != 0 || g != 0 || b>>8 != 255 {
		t.Errorf("%v, colour %x %x %x", m.Bounds(), r, g, b)
	}
	for _, c := range []struct{ page, width int }{{3, 100}, {0, 100}, {1, 0}, {1, 1 << 20}} {
		if _, err := p.Render(t.Context(), f, c.page, c.width, nil); err == nil {
			t.Errorf("page %d, %d wide, can be drawn", c.page, c.width)
		}
	}
}

// A thumbnail is small, whatever the page.
func TestThumbnail(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1})
	for box, want := range map[string][2]int{"612 792": {100, 130}, "10 2000": {7, 1250}, "2000 10": {100, 1}} {
		doc := bytes.Replace(tinypdf.Doc{Pages: []string{""}}.Bytes(), []byte("0 0 612 792"), []byte("0 0 "+box), 1)
		data, err := p.Thumbnail(t.Context(), file(t, doc), 100, nil)
		if err != nil {
			t.Fatal(box, err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || c.Width*c.Height > 2*100*100 || c.Width != want[0] || c.Height != want[1] {
			t.Errorf("%s: %d x %d, %v", box, c.Width, c.Height, err)
		}
	}
	if _, err := p.Thumbnail(t.Context(), file(t, []byte("no PDF")), 100, nil); err == nil {
		t.Error("a file that is no PDF has a thumbnail")
	}
}

// TestSandboxRequired reads a document in a sandbox without gaps.
func TestSandboxRequired(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1, Sandbox: "required"})
	d, err := p.Extract(t.Context(), file(t, numbered(1)), extract.Request{})
	if runtime.GOOS == "linux" {
		if err != nil || d.Status != "ok" {
			t.Errorf("%+v, %v", d, err)
		}
	} else if err == nil || !strings.Contains(err.Error(), "sandbox") {
		t.Errorf("a sandbox with gaps is taken for complete: %+v, %v", d, err)
	}
}
