package cell

import (
	"strings"
	"testing"
	"unicode/utf8"
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
		if got := Shorten(c.in, c.width); got != c.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
	for _, s := range []string{"AdaLoRA.pdf", "多语言适配器.pdf", "e\u0301\u0301\u0301e\u0301.pdf", "ｆｕｌｌ　ｗｉｄｔｈ.pdf", "한국어.pdf"} {
		for w := 1; w < 20; w++ {
			got := Shorten(s, w)
			if Width(got) > w || !utf8.ValidString(got) {
				t.Errorf("Shorten(%q, %d) = %q is %d wide", s, w, got, Width(got))
			}
		}
	}
}

func TestWrap(t *testing.T) {
	got := Wrap("one two three 多语言适配器 a-word-that-is-much-too-long four", 12)
	want := "one two|three|多语言适配器|a-word-that-is-much-too-long|four"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	if got := Wrap("", 10); len(got) != 1 {
		t.Errorf("of nothing: %q", got)
	}
}
