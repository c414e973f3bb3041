package name

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSidecar(t *testing.T) {
	for _, c := range []struct{ source, sidecar string }{
		{"AdaLoRA.pdf", "AdaLoRA.preview.md"},
		{"LoRA.PDF", "LoRA.PDF.preview.md"},
		{"LoRA.Pdf", "LoRA.Pdf.preview.md"},
		{"x.pdf.pdf", "x.pdf.pdf.preview.md"},
		{"x.PDF.pdf", "x.PDF.pdf.preview.md"},
		{"x.pdf.PDF", "x.pdf.PDF.preview.md"},
		{"a.b.pdf", "a.b.preview.md"},
		{" spaces .pdf", " spaces .preview.md"},
		{"Fine-Tuning:\n__A_Benchmark.pdf", "Fine-Tuning:\n__A_Benchmark.preview.md"},
		{"100%s.pdf", "100%s.preview.md"},
		{"bad\xff\xfe.pdf", "bad\xff\xfe.preview.md"},
		{"x.preview.pdf", "x.preview.preview.md"},
		{"AdaLoRA.json", "AdaLoRA.json.problems.md"},
		{"train.jsonl", "train.jsonl.problems.md"},
		{"A.JSON", "A.JSON.problems.md"},
		{"A.json..path1", "A.json..path1.problems.md"},
		{"notes.txt", ""},
		{".hidden.pdf", ""},
		{".pdf", ""},
		{"~$draft.pdf", ""},
		{"x.pdf.crdownload", ""},
		{"x.preview.md", ""},
	} {
		if got := Sidecar(c.source); got != c.sidecar {
			t.Errorf("Sidecar(%q) = %q, want %q", c.source, got, c.sidecar)
		}
		if c.sidecar == "" {
			continue
		}
		if got, ok := Source(c.sidecar); !ok || got != c.source {
			t.Errorf("Source(%q) = %q, %v, want %q", c.sidecar, got, ok, c.source)
		}
	}
}

func TestSourceOfNoSidecar(t *testing.T) {
	for _, base := range []string{"x.pdf", "x.md", "x.pdf.preview.md", ".preview.md", ".problems.md", "x.problems.md", ".x.preview.md"} {
		if got, ok := Source(base); ok {
			t.Errorf("Source(%q) = %q, want none", base, got)
		}
	}
}

func TestLongNames(t *testing.T) {
	seen := map[string]string{}
	for _, unit := range []string{"a", "é", "漢", "😀", "\xff", "a\xe9"} {
		for _, end := range []string{".pdf", ".PDF", ".json", ".jsonl"} {
			for n := 230; n <= 255; n++ {
				stem := strings.Repeat(unit, (n-len(end))/len(unit))
				source := stem + strings.Repeat("z", n-len(end)-len(stem)) + end
				got := Sidecar(source)
				if len(got) > 255 {
					t.Fatalf("sidecar of a %d-byte name has %d bytes", n, len(got))
				}
				if utf8.ValidString(source) && !utf8.ValidString(got) {
					t.Errorf("%q was cut inside a character: %q", source, got)
				}
				if other, ok := seen[got]; ok && other != source {
					t.Errorf("%q and %q share %q", source, other, got)
				}
				seen[got] = source
				back, ok := Source(got)
				if Cut(got) == ok || ok && back != source {
					t.Errorf("Source(%q) = %q, %v; Cut = %v", got, back, ok, Cut(got))
				}
			}
		}
	}
}

// The digits are those that `printf %s NAME | sha256sum` prints.
func TestLongNameExact(t *testing.T) {
	source := strings.Repeat("x", 251) + ".pdf"
	want := strings.Repeat("x", 235) + "~c48e422a.preview.md"
	if got := Sidecar(source); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"a.pdf", "a.PDF.pdf", "a.json", "é.jsonl", "\xff.pdf", strings.Repeat("é", 126) + ".pdf"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, base string) {
		if len(base) > 255 {
			return
		}
		side := Sidecar(base)
		if side == "" {
			return
		}
		if len(side) > 255 || Of(side) == PDF || Of(side) == QA {
			t.Fatalf("Sidecar(%q) = %q", base, side)
		}
		if back, ok := Source(side); ok && back != base {
			t.Fatalf("Source(Sidecar(%q)) = %q", base, back)
		} else if !ok && !Cut(side) {
			t.Fatalf("Sidecar(%q) = %q has no source and is not cut", base, side)
		}
	})
}
