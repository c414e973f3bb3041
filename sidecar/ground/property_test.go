package ground

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// disturb changes a text as printing, extracting and copying do, without
// changing what it says.
func disturb(r *rand.Rand, s string) string {
	var b strings.Builder
	for i, w := range strings.Fields(s) {
		switch r.IntN(8) {
		case 0:
			w = strings.ToUpper(w)
		case 1:
			w = strings.NewReplacer("ﬁ", "fi", "ﬃ", "ffi", "fi", "ﬁ", "“", `"`, "”", `"`, "−", "-").Replace(w)
		case 2:
			if n := len(w) / 2; n > 2 && utf8.ValidString(w[:n]) && !strings.ContainsAny(w, "0123456789") {
				w = w[:n] + "-\n" + w[n:]
			}
		}
		if i > 0 {
			b.WriteString([]string{" ", "\n", "\u00a0", "  "}[r.IntN(4)])
		}
		b.WriteString(w)
		if r.IntN(20) == 0 {
			b.WriteString([]string{" [12]", "*", "\u00ad"}[r.IntN(3)])
		}
	}
	return b.String()
}

// TestOwnWordsAreGrounded takes passages and quotations from the paper,
// disturbs them, and expects no word against them.
func TestOwnWordsAreGrounded(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	pages := samplePages()
	p := NewPaper(pages)
	all := strings.Fields(strings.Join(pages, " "))
	for range 2000 {
		from := r.IntN(len(all) - 12)
		n := 12 + r.IntN(min(60, len(all)-from-11))
		s := strings.Join(all[from:min(len(all), from+n)], " ")
		pair := Pair{Evidence: []Passage{{"/e", disturb(r, s)}}, Answer: Passage{"/a", "As the paper says: “" + strings.NewReplacer("“", "", "”", "").Replace(s) + "”"}}
		if f := p.Check(pair); len(f) > 0 {
			t.Fatalf("%v\nof %q\nas %q", f, s, pair.Evidence[0].Text)
		}
	}
}

// TestForeignWordsAreNot shuffles the paper's own words: the same words, but
// not the paper's passage.
func TestForeignWordsAreNot(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	p := NewPaper(samplePages())
	all := strings.Fields(strings.Join(samplePages(), " "))
	missed := 0
	const rounds = 300
	for range rounds {
		words := make([]string, 40)
		for i := range words {
			words[i] = all[r.IntN(len(all))]
		}
		if len(p.Check(Pair{Evidence: []Passage{{"/e", strings.Join(words, " ")}}})) == 0 {
			missed++
		}
	}
	if missed*20 > rounds {
		t.Errorf("%d of %d shuffled passages pass for the paper's", missed, rounds)
	}
}

// FuzzCheck checks that whatever the texts hold, what is told of them lies
// within them.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "87.4 % of 1,000 (GPT-3) “no free gate and no more”", "4E-04 ½ １２ \xff\xfe", "'", "\"", "1.2.3.4", "9999999999999999999999 million", "[1, 2", "it's '' “”", "A.B.C. ~5 ≈7 10k 2x"} {
		f.Add(s, strings.Join(samplePages(), ""))
		f.Add(s, s+strings.Repeat(" "+s, 80))
	}
	f.Fuzz(func(t *testing.T, s, paper string) {
		pages := strings.SplitAfter(paper, "\n")
		p := NewPaper(pages)
		pair := Pair{Question: Passage{"/q", s}, Answer: Passage{"/a", s}, Evidence: []Passage{{"/e", s}}}
		for _, x := range append(p.Check(pair), CheckAgainstEvidence(pair)...) {
			if x.Start < 0 || x.End < x.Start || x.End > len(s) || x.Message == "" || x.Hint == "" || x.Code != "QA_UNGROUNDED" {
				t.Fatalf("%+v of %q", x, s)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[x.Start:x.End]) {
				t.Fatalf("%+v cuts %q within a character", x, s)
			}
		}
		u := p.Support(pair)
		if u.Page == 0 {
			return
		}
		if u.Page < 0 || u.Page > len(pages) || u.Start < 0 || u.End <= u.Start || u.End > len(pages[u.Page-1]) || u.Score <= 0 || u.Score > 1.0001 {
			t.Fatalf("%+v in %d pages", u, len(pages))
		}
		for _, n := range p.Uncovered([]Support{u}) {
			if n == u.Page {
				t.Fatalf("page %d supports and is uncovered", n)
			}
		}
	})
}
