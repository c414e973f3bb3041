package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLeakage(t *testing.T) {
	c := corpusOf(newTexts())
	for _, p := range []string{"/w/LoRA.pdf", "/w/ReFT.pdf"} {
		c.PutPDF(t.Context(), PDF{Path: p})
	}
	shared := []string{"How is B initialised?", "With zeros."}
	look(t, c, "/w/LoRA.json", file(append([]string{"What is frozen?", "The pretrained weights."}, shared...)...))
	r, _, touched := look(t, c, "/w/eval/LoRA.json", file(shared...))
	if !slices.Equal(touched, []string{"/w/LoRA.json"}) {
		t.Errorf("touched %q", touched)
	}
	if codes(r) != "QA_LEAKAGE:2" || r.Problems[0].Message != "this pair is also in LoRA.json, which is training data, and this file is evaluation data (line 3)" {
		t.Errorf("%+v", r.Problems)
	}
	if got := c.RemoveQA("/w/LoRA.json"); !slices.Equal(got, []string{"/w/eval/LoRA.json"}) {
		t.Errorf("removal touched %q", got)
	}
	if r, _, _ := look(t, c, "/w/eval/LoRA.json", file(shared...)); codes(r) != "" {
		t.Errorf("%q", codes(r))
	}
	// A conflict copy is told of as such, and not as a copy of all its pairs.
	if _, _, touched := look(t, c, "/w/eval/LoRA.sync-conflict-20260101-101010-ABCDEFG.json", file(shared...)); len(touched) != 0 {
		t.Errorf("a conflict copy touched %q", touched)
	}
}

// Two files that overlap are each looked at again when the other is new, and
// not once more because of that.
func TestOverlapsComeToRest(t *testing.T) {
	c := corpusOf(newTexts())
	data := file("How is B initialised?", "With zeros.")
	look(t, c, "/w/a.json", data)
	if _, _, touched := look(t, c, "/w/b.json", data); !slices.Equal(touched, []string{"/w/a.json"}) {
		t.Errorf("a new file touched %q", touched)
	}
	if r, _, touched := look(t, c, "/w/a.json", data); len(touched) != 0 || codes(r) != "QA_NO_PDF:0 QA_DUP_QUESTION:2" {
		t.Errorf("looking again touched %q, %q", touched, codes(r))
	}
	// Its paper's arrival makes it new to the other.
	c.PutPDF(t.Context(), PDF{Path: "/w/a.pdf"})
	if _, _, touched := look(t, c, "/w/a.json", data); !slices.Equal(touched, []string{"/w/b.json"}) {
		t.Errorf("after its paper came: %q", touched)
	}
	// So does another line.
	if _, _, touched := look(t, c, "/w/a.json", "\n"+data); !slices.Equal(touched, []string{"/w/b.json"}) {
		t.Errorf("on another line: %q", touched)
	}
}

func TestLinksAreNoCopies(t *testing.T) {
	c := New(Options{Roots: []string{"/w"}, SameFile: func(a, b string) bool { return strings.Contains(a, "link") || strings.Contains(b, "link") }})
	data := file("How is B initialised?", "With zeros.")
	look(t, c, "/w/a.json", data)
	if r, _, _ := look(t, c, "/w/link.json", data); codes(r) != "" {
		t.Errorf("a link: %q", codes(r))
	}
	if r, _, _ := look(t, c, "/w/b.json", data); codes(r) != "QA_DUP_QUESTION:2" {
		t.Errorf("a copy: %q", codes(r))
	}
	// Many copies are not told of one by one.
	for i := range 2 * maxOverlaps {
		look(t, c, fmt.Sprintf("/w/c%d.json", i), data)
	}
	r, _, _ := look(t, c, "/w/a.json", data)
	if n := len(r.Problems); n != maxOverlaps || !strings.HasSuffix(r.Problems[n-1].Message, "(and the same with 11 more files)") {
		t.Errorf("%d warnings, the last %q", n, r.Problems[n-1].Message)
	}
}
