package ground

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// withReferences is the sample paper, with a list of references that begins on
// its last page, and an appendix.
func withReferences() []string {
	pages := samplePages()
	var entries []string
	for i := range 40 {
		entries = append(entries, fmt.Sprintf("A. Author%d and B. Writer%d. Sparse gates for adapters in small language models, part %d. In Proceedings of the Conference, 20%02d.", i, i, i, i%25))
	}
	pages[2] += "R EFERENCES\n" + strings.Join(entries[:8], "\n") + "\n"
	pages = append(pages, strings.Join(entries[8:], "\n"))
	return append(pages, "A Appendix\n"+strings.Repeat("We list the seeds of all runs and the prompts of the zero-shot baseline here. ", 12))
}

func TestReferencesSupportNothing(t *testing.T) {
	p := NewPaper(withReferences())
	pair := Pair{Question: Passage{"/q", "Which conference proceedings?"}, Answer: Passage{"/a", "Writer12 in the Proceedings of the Conference."}}
	if s := p.Support(pair); s.Page != 0 {
		t.Errorf("supported by page %d, a list of references", s.Page)
	}
	seeds := Pair{Answer: Passage{"/a", "The seeds of all runs and the prompts of the zero-shot baseline."}}
	if s := p.Support(seeds); s.Page != 5 {
		t.Errorf("the appendix is not found: page %d", s.Page)
	}
	if got := p.Uncovered(nil); !slices.Equal(got, []int{1, 2, 3, 5}) {
		t.Errorf("uncovered pages %v, want all but the references", got)
	}
	if got := p.Uncovered([]Support{{Page: 2}, {Page: 0}, {Page: 5}, {Page: 9}}); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("uncovered pages %v", got)
	}
}

func TestSlidesHaveNoReferences(t *testing.T) {
	p := NewPaper([]string{"Outline\nIntroduction\nMethod\nReferences\n", strings.Repeat("Diffusion adds noise step by step until nothing is left of the picture. ", 20)})
	for i, l := range p.listed {
		if l.end > l.start {
			t.Errorf("page %d has a list of references: %v", i+1, l)
		}
	}
}

func TestSupportByEvidence(t *testing.T) {
	pages := samplePages()
	p := NewPaper(pages)
	for _, tt := range []struct {
		evidence string
		page     int
		holds    string
	}{
		{"The gates follow a hard concrete distribution, so that closed gates cost nothing", 2, "The gates follow a hard concrete\ndistribution, so that closed gates cost nothing"},
		{"updates fewer than 0.3% of the weights of a pretrained language model", 1, "fewer than 0.3% of the weights"},
		{"Table 1", 3, "noise that swaps"}, // a label: the answer decides
		{"This is what another paper says of something else altogether.", 3, "noise that swaps"},
	} {
		pair := Pair{Answer: Passage{"/a", "Under noise that swaps neighbouring letters accuracy drops."}, Evidence: []Passage{{"/e", tt.evidence}}}
		s := p.Support(pair)
		if s.Page != tt.page || !strings.Contains(pages[s.Page-1][s.Start:s.End], tt.holds) {
			t.Errorf("%q: page %d, want %d with %q", tt.evidence, s.Page, tt.page, tt.holds)
		}
	}
	across := "the freed budget among the heads that are left, which keeps the number of trained parameters constant during the whole run. 2 Sparse Gated"
	if s := p.Support(Pair{Evidence: []Passage{{"/e", across}}}); s.Page != 2 || s.End > len(pages[1]) {
		t.Errorf("across two pages: %+v", s)
	}
}
