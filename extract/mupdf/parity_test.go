//go:build corpus && cgo && !nocgo

package mupdf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestParity compares the first four pages of every paper with the reference.
func TestParity(t *testing.T) {
	dir := os.Getenv("QACORPUS_CORPUS")
	if dir == "" {
		t.Fatal("set QACORPUS_CORPUS to the folder that holds papers, odd, hostile and expected")
	}
	e := engine(t)
	counts := map[string]int{}
	papers, _ := filepath.Glob(filepath.Join(dir, "papers", "*"))
	for _, name := range papers {
		want, err := os.ReadFile(filepath.Join(dir, "expected", "papers", filepath.Base(name)+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		ref := allowed(string(want))
		got := allowed(firstPages(t, e, name))
		if ref == "" && got == "" {
			counts["without text"]++
			continue
		}
		verdict := "identical"
		if got != ref {
			verdict = "white space"
			t.Log(firstDifference(got, ref))
			if strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(ref), "") {
				t.Errorf("%s: differs in more than white space", filepath.Base(name))
			}
		}
		counts[verdict]++
		t.Logf("%-41s %6d bytes  %s", verdict, len(got), filepath.Base(name))
	}
	t.Logf("%d papers: %v", len(papers), counts)
	if same, all := counts["identical"], len(papers)-counts["without text"]; 20*same < 19*all {
		t.Errorf("%d of %d papers with text are identical to the reference, less than 95 %%", same, all)
	}
}

func firstPages(t *testing.T, e *Engine, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	_, err = e.Read(Request{Data: data, First: 1, Last: 4}, func(_ int, p Page) error {
		b.WriteString(p.Text)
		return p.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
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
