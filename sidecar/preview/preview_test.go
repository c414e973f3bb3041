package preview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sum = strings.Repeat("ab", 32)

// paper is a preview that uses every part of the layout.
func paper() Preview {
	return Preview{
		Source: "AdaLoRA.pdf", SHA256: sum, Pages: 17, First: 1, Status: OK,
		Title: "Adaptive <Budget> Allocation:\nA *Study*", Author: `Ada "L" Ó\'`,
		Texts:  []string{"Abstract\nWe show\x00 that\n", "  \n ", "a ```` fence\n", "end\rof text"},
		Labels: []string{"i", "", "3", "A-1"},
		Outline: []Entry{
			{0, "1 Introduction", 1}, {1, "1.1 Why", 2}, {5, "too deep", 2}, {0, "", 0}, {0, "snake_case _x_ & &amp; #1", 4},
		},
	}
}

func TestRenderGolden(t *testing.T) {
	scan := paper()
	scan.Status, scan.Texts, scan.Labels, scan.Title = NoText, nil, nil, ""
	odd := Preview{Source: "Fine-Tuning:\n__A_\"B\"\\ench\xff\u202e.PDF", SHA256: sum, Pages: 1, First: 1, Status: OK, Texts: []string{"x"}}
	recognised := Preview{Source: "scan.pdf", SHA256: sum, Pages: 1, First: 1, Status: OK, Texts: []string{"x"}, OCR: true}
	for name, p := range map[string]Preview{"paper": paper(), "scan": scan, "odd": odd, "recognised": recognised} {
		got := Render(p)
		file := filepath.Join("testdata", name+".md")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

func TestEveryStatusIsExplained(t *testing.T) {
	seen := map[string]Status{}
	for _, s := range []Status{NoText, Encrypted, Damaged, NotAPDF, TooLarge, TimedOut, Crashed, Unreadable, OnlineOnly} {
		data := Render(Preview{Source: "x.pdf", SHA256: sum, Status: s})
		h, err := Parse(data)
		if err != nil || h.Status != s || h.First != 0 {
			t.Errorf("%s: read back as %+v, %v", s, h, err)
		}
		if !bytes.Contains(data, []byte("\npreviewed:\n")) {
			t.Errorf("%s: previewed is not empty:\n%s", s, data)
		}
		_, body, _ := split(data)
		if other, ok := seen[body]; ok || len(body) < 80 {
			t.Errorf("%s: body of %d bytes, the same as %q", s, len(body), other)
		}
		seen[body] = s
	}
}

func TestParseTellsEditsFromOurs(t *testing.T) {
	ours := string(Render(paper()))
	if h, err := Parse([]byte(ours)); err != nil || h.SHA256 != sum || h.Pages != 17 || h.First != 1 || h.Last != 4 {
		t.Fatalf("our own preview: %+v, %v", h, err)
	}
	for _, c := range []struct {
		what, data string
		err        error
	}{
		{"empty file", "", ErrForeign},
		{"a person's notes", "# My notes\n", ErrForeign},
		{"another program's front matter", "---\ntitle: x\n---\n\nbody\n", ErrForeign},
		{"another generator", strings.Replace(ours, "generator: qacorpus ", "generator: other ", 1), ErrForeign},
		{"text added", ours + "my note\n", ErrEdited},
		{"text changed", strings.Replace(ours, "We show", "We prove", 1), ErrEdited},
		{"title changed", strings.Replace(ours, "title: \"Adaptive", "title: \"Better", 1), ErrEdited},
		{"status changed", strings.Replace(ours, "status: ok", "status: damaged", 1), ErrEdited},
		{"range changed", strings.Replace(ours, "previewed: 1-4", "previewed: 1-3", 1), ErrEdited},
		{"range widened", strings.Replace(ours, "previewed: 1-4", "previewed: 1-5", 1), ErrEdited},
		{"tag added to the front matter", strings.Replace(ours, "pages: 17\n", "pages: 17\ntags: [x]\n", 1), ErrEdited},
		{"line removed from the front matter", strings.Replace(ours, "pages: 17\n", "", 1), ErrEdited},
		{"CRLF", strings.ReplaceAll(ours, "\n", "\r\n"), ErrForeign},
		{"no final newline", strings.TrimSuffix(ours, "\n"), ErrEdited},
		{"newer layout, edited", strings.Replace(ours, "preview/1", "preview/2", 1) + "note\n", ErrEdited},
		{"newer layout", strings.Replace(ours, "preview/1", "preview/2", 1), ErrNewer},
		{"newer library", strings.Replace(ours, "mupdf-1.28.0", "mupdf-1.28.1", 1), ErrNewer},
		{"older library", strings.Replace(ours, "mupdf-1.28.0", "mupdf-1.27.9", 1), nil},
		{"truncated", ours[:len(ours)/2], ErrEdited},
	} {
		if _, err := Parse([]byte(c.data)); err != c.err {
			t.Errorf("%s: %v, want %v", c.what, err, c.err)
		}
	}
}

// A pass over a folder remembers the status of every PDF until it ends.
func TestStatusDoesNotKeepThePreviewAlive(t *testing.T) {
	p := paper()
	p.Texts[0] = strings.Repeat("a line of text\n", 1<<16) // a megabyte
	data := Render(p)
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	var statuses []Status
	for range 50 {
		h, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		statuses = append(statuses, h.Status)
	}
	if after := live(); after > before+10<<20 {
		t.Errorf("%d statuses hold %d MiB", len(statuses), (after-before)>>20)
	}
	runtime.KeepAlive(statuses)
}

func TestChecksumIsOfAllAfterTheFrontMatter(t *testing.T) {
	data := string(Render(paper()))
	_, rest, _ := strings.Cut(data, "\n---\n")
	want := sha256.Sum256([]byte(rest))
	if !strings.Contains(data, "\nchecksum: "+hex.EncodeToString(want[:])+"\n---\n") {
		t.Errorf("no line with checksum %x in\n%s", want, data)
	}
}

func TestSupersedes(t *testing.T) {
	base := Header{Source: "x.pdf", SHA256: sum, Pages: 17, First: 1, Last: 4, Status: OK, Format: Format, MuPDF: MuPDF}
	with := func(f func(*Header)) Header { h := base; f(&h); return h }
	status := func(s Status) Header {
		return with(func(h *Header) { h.Status, h.First, h.Last = s, 0, 0 })
	}
	for _, c := range []struct {
		what     string
		new, old Header
		want     bool
	}{
		{"the same", base, base, false},
		{"more pages", with(func(h *Header) { h.Last = 9 }), base, true},
		{"fewer pages", base, with(func(h *Header) { h.Last = 9 }), false},
		{"fewer pages, but another PDF", base, with(func(h *Header) { h.Last = 9; h.SHA256 = "other" }), true},
		{"fewer pages, older version", base, with(func(h *Header) { h.Last = 9; h.MuPDF = "1.27.0" }), false},
		{"older version", base, with(func(h *Header) { h.MuPDF = "1.27.0" }), true},
		{"another title of the same version", with(func(h *Header) { h.Title = "x" }), base, false},
		{"renamed", with(func(h *Header) { h.Source = "y.pdf" }), base, true},
		{"better status", base, status(TimedOut), true},
		{"worse status", status(TimedOut), base, false},
		{"worse status, another PDF", with(func(h *Header) { h.Status = TimedOut; h.SHA256 = "other" }), base, true},
		{"crashed after timed out", status(Crashed), status(TimedOut), false},
		{"unreadable now", with(func(h *Header) { h.Status = Unreadable; h.SHA256 = "" }), base, false},
		{"readable again", base, with(func(h *Header) { h.Status = Unreadable; h.SHA256 = "" }), true},
	} {
		if got := c.new.Supersedes(c.old); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

func TestWithSourceEqualsRender(t *testing.T) {
	for _, title := range []string{"", "A Title"} {
		for _, status := range []Status{OK, NoText, Damaged} {
			p := paper()
			p.Title, p.Status = title, status
			q := p
			q.Source = "other:\nname\xff.PDF"
			got, err := WithSource(Render(p), q.Source)
			if want := Render(q); err != nil || !bytes.Equal(got, want) {
				t.Errorf("title %q, status %s: %v\n%s\nwant\n%s", title, status, err, got, want)
			}
		}
	}
	if _, err := WithSource([]byte("edited"), "x.pdf"); err == nil {
		t.Error("a foreign file was renamed")
	}
}

func FuzzRender(f *testing.F) {
	f.Add("x.pdf", "title", "text ``` more", "iv")
	f.Add("a:\n\xff\"\\x41.pdf", "\x00\u2028#", "---\n````````\n## Page 2\n", "4")
	f.Fuzz(func(t *testing.T, source, title, text, label string) {
		p := Preview{Source: source, SHA256: sum, Pages: 9, First: 1, Status: OK, Title: title, Author: title,
			Texts: []string{text, text}, Labels: []string{label}, Outline: []Entry{{3, title, 2}}}
		data := Render(p)
		h, err := Parse(data)
		if err != nil || h.Source != source || h.Last != 2 {
			t.Fatalf("read back as %+v, %v from\n%s", h, err, data)
		}
		if !utf8.Valid(data) || bytes.ContainsAny(data, "\r\x00") {
			t.Fatalf("not clean text: %q", data)
		}
		again, err := WithSource(data, source)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("renaming to its own name changed it: %v", err)
		}
	})
}

// BenchmarkRender renders four full pages, and BenchmarkParse reads them back.
func BenchmarkRender(b *testing.B) {
	p := paper()
	for i := range p.Texts {
		p.Texts[i] = strings.Repeat("A line as long as those of a paper, with a\u2010hyphen and an \ufb01 ligature.\n", 60)
	}
	b.ReportAllocs()
	for b.Loop() {
		Render(p)
	}
}

func BenchmarkParse(b *testing.B) {
	p := paper()
	for i := range p.Texts {
		p.Texts[i] = strings.Repeat("A line as long as those of a paper.\n", 60)
	}
	data := Render(p)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
