//go:build corpus

package extract_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qacorpus/extract"
)

// corpus is the folder with the real papers.
func corpus(t testing.TB) string {
	dir := os.Getenv("QACORPUS_CORPUS")
	if dir == "" {
		t.Fatal("set QACORPUS_CORPUS to the folder that holds papers, odd, hostile and expected")
	}
	return dir
}

// TestParity compares the first four pages of every paper with the reference.
func TestParity(t *testing.T) {
	dir := corpus(t)
	p := pool(t, extract.Options{Workers: 1})
	same, blank, total := 0, 0, 0
	papers, _ := filepath.Glob(filepath.Join(dir, "papers", "*"))
	for _, name := range papers {
		want, err := os.ReadFile(filepath.Join(dir, "expected", "papers", filepath.Base(name)+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Extract(context.Background(), reopen(t, name), extract.Request{})
		if err != nil {
			t.Fatal(err)
		}
		got := allowed(strings.Join(d.Texts, ""))
		ref := allowed(string(want))
		if ref == "" && got == "" {
			t.Logf("%-12s %3d pages  %s", d.Status, d.Pages, filepath.Base(name))
			continue
		}
		total++
		verdict := "differs"
		switch {
		case got == ref:
			same++
			blank++
			verdict = "identical"
		case strings.Join(strings.Fields(got), "") == strings.Join(strings.Fields(ref), ""):
			blank++
			verdict = "white space"
		}
		t.Logf("%-12s %-11s %6d bytes  %s", d.Status, verdict, len(got), filepath.Base(name))
		if got != ref {
			t.Log(firstDifference(got, ref))
		}
	}
	t.Logf("identical %d of %d, equal without white space %d", same, total, blank)
	if same*100 < total*95 || blank != total {
		t.Error("below the bar: 95 % identical, all equal without white space")
	}
}

// allowed takes away what the reference tool does differently: it cuts
// characters beyond U+FFFF to 16 bits.
func allowed(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			r &= 0xffff
		}
		if r == 0 {
			return -1
		}
		return r
	}, s)
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	show := func(s string) string { return s[max(0, i-40):min(len(s), i+60)] }
	return strings.ToValidUTF8("  ours      "+strings.ReplaceAll(show(a), "\n", "⏎")+"\n  reference "+strings.ReplaceAll(show(b), "\n", "⏎"), "?")
}
