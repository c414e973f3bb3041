package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"AdaLoRA.pdf", 11, "AdaLoRA.pdf"},
		{"AdaLoRA.pdf", 9, "AdaL….pdf"},
		{"AdaLoRA.pdf", 8, "Ada….pdf"},
		{"AdaLoRA.pdf", 1, "…"},
		{"多语言适配器.pdf", 9, "多语….pdf"},
		{"多语言适配器.pdf", 10, "多语….pdf"},
		{"re\u0301sume\u0301 des re\u0301sultats.pdf", 10, "re\u0301su…s.pdf"},
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5, "👩‍👩‍👧‍👦…👩‍👩‍👧‍👦"},
	} {
		if got := shorten(c.in, c.width); got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
	for _, s := range []string{"AdaLoRA.pdf", "多语言适配器.pdf", "e\u0301\u0301\u0301e\u0301.pdf", "ｆｕｌｌ　ｗｉｄｔｈ.pdf", "한국어.pdf"} {
		for w := 1; w < 20; w++ {
			got := shorten(s, w)
			if uniseg.StringWidth(got) > w || !utf8.ValidString(got) {
				t.Errorf("shorten(%q, %d) = %q is %d wide", s, w, got, uniseg.StringWidth(got))
			}
		}
	}
}

func TestTableWidths(t *testing.T) {
	asked := 3
	rows := []row{
		{Index: 0, Status: "ok", Pages: 12, name: "Parameter-Efficient Fine-Tuning:\n__A Benchmark.pdf", QA: []qaRow{{}}, Pairs: 40, Warnings: 7, Asked: &asked, NotAsked: make([]int, 9)},
		{Index: 1, Status: "encrypted", name: "多语言适配器与低秩更新.pdf"},
		{Index: 10, Status: "new", name: "re\u0301sume\u0301.pdf"},
	}
	want := strings.TrimLeft(`
      NAME                 STATUS     PAGES  PAIRS  WARNINGS  ASKED
[0]   Parameter…hmark.pdf  ok            12     40         7   3/12
[1]   多语言适配…更新.pdf  encrypted
[10]  re`+"\u0301"+`sume`+"\u0301"+`.pdf           new
`, "\n")
	if got := table(rows, 67); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for width := 40; width < 120; width++ {
		for line := range strings.Lines(table(rows, width)) {
			if n := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); n > max(width, 64) {
				t.Errorf("at %d columns a line is %d wide: %q", width, n, line)
			}
		}
	}
	for line := range strings.Lines(table(rows, 0)) {
		if strings.Contains(line, "…") {
			t.Errorf("shortened where there is no terminal: %q", line)
		}
	}
}
