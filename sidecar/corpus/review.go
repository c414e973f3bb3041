package corpus

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/sidecar/ground"
	"qacorpus/sidecar/ground/pairing"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// Findings is what a review found out besides problems.
type Findings struct {
	PDF string // path of the paper that the file belongs to; "" for none
	// Pages is how many pages the paper has, 0 where its text is not at hand.
	Pages int
	// Supported has for each pair of the result the page, from 1, that supports
	// its answer best; 0 where none does. Nil where the text is not at hand.
	Supported []int
	// Uncovered lists the pages that have enough text to ask about and that no
	// answer rests on, in this file or any other of the paper reviewed before.
	Uncovered []int
}

const (
	// maxUngrounded bounds the warnings about one file's claims.
	maxUngrounded = 100
	// From minWrong pairs on, a file of which more than wrongShare claims what
	// the paper does not say is taken to belong to another paper, and that is
	// the one thing said.
	minWrong   = 5
	wrongShare = 0.7
)

// Review adds to the problems of a QA file those that need its paper or other
// files, keeping their order. The result must be the one that was last put for
// path. The error is set only where ctx ended; r is then unchanged.
func (c *Corpus) Review(ctx context.Context, path string, r *qa.Result) (Findings, error) {
	if !r.Counts {
		return Findings{}, nil
	}
	c.mu.Lock()
	m := c.pairs.Match(path)
	found := c.overlapping(path, r)
	c.mu.Unlock()
	f := Findings{PDF: m.PDF}
	if m.PDF == "" && c.o.Texts != nil && !name.ConflictCopy(filepath.Base(path)) {
		found = append(found, c.noPDF(m))
	}
	v := review{r: r, paper: keptPaper{}, shown: name.Show(c.rel(m.PDF)), by: m.By}
	if m.PDF != "" {
		var err error
		if v.paper, err = c.papers.get(ctx, m.PDF); err != nil && ctx.Err() != nil {
			return Findings{}, ctx.Err()
		}
	}
	found = append(found, v.grounding()...)
	if p := v.paper.paper; p != nil && p.Usable() {
		f.Pages, f.Supported = v.paper.pages, v.supported
		f.Uncovered = c.cover(path, m.PDF, v)
	}
	if len(found) > 0 {
		r.Problems = append(r.Problems, found...)
		slices.SortStableFunc(r.Problems, func(a, b problem.Problem) int { return a.Offset - b.Offset })
	}
	return f, nil
}

// noPDF says that the file belongs to no paper, or that several fit.
func (c *Corpus) noPDF(m pairing.Match) problem.Problem {
	if len(m.Candidates) == 0 {
		return problem.New("QA_NO_PDF", "no PDF belongs to this file, so its answers were not checked against a paper",
			`name it after its PDF (X.json for X.pdf), or write the PDF's name into its "source"`)
	}
	var names []string
	for _, p := range m.Candidates[:min(3, len(m.Candidates))] {
		names = append(names, name.Show(c.rel(p)))
	}
	if more := len(m.Candidates) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return problem.New("QA_NO_PDF", fmt.Sprintf("%d PDFs fit this file equally well: %s", len(m.Candidates), strings.Join(names, ", ")),
		"put it beside the one that is meant, or name it after that one")
}

// review looks at the pairs of one file with its paper.
type review struct {
	r         *qa.Result
	paper     keptPaper
	shown     string // the paper's name, for messages
	by        string // how the paper was found
	supported []int
}

// grounding looks every pair up in the paper or, where there is none to look
// into, in the pair's own context, and notes the supporting pages.
func (v *review) grounding() []problem.Problem {
	paper := v.paper.paper
	usable := paper != nil && paper.Usable()
	var found []problem.Problem
	wrong, all := 0, 0
	for i := range v.r.Pairs {
		pair := v.pair(i)
		var findings []ground.Finding
		if usable {
			findings = paper.Check(pair)
			v.supported = append(v.supported, paper.Support(pair).Page)
		} else {
			findings = ground.CheckAgainstEvidence(pair)
		}
		if len(findings) > 0 {
			wrong++
		}
		for _, f := range findings {
			if all++; all <= maxUngrounded {
				found = append(found, v.r.At(i, f.Pointer, f.Start, f.Code, f.Message, f.Hint))
			}
		}
	}
	switch n := len(v.r.Pairs); {
	case usable && n >= minWrong && float64(wrong) > wrongShare*float64(n):
		v.supported = make([]int, n)
		return []problem.Problem{v.wrongPaper(wrong)}
	case all > maxUngrounded:
		found[len(found)-1].Message += fmt.Sprintf(" (and %d more of this kind, not listed)", all-maxUngrounded)
	}
	return found
}

// pair is the nth pair with the names of its fields in place of pointers. The
// input of an instruction is material to work on and no quotation.
func (v *review) pair(n int) ground.Pair {
	p := &v.r.Pairs[n]
	pair := ground.Pair{
		Question: ground.Passage{Pointer: "question", Text: p.Question},
		Answer:   ground.Passage{Pointer: "answer", Text: p.Answer},
	}
	if p.Context != "" && !strings.Contains(v.r.Shape, "alpaca") {
		pair.Evidence = append(pair.Evidence, ground.Passage{Pointer: "context", Text: p.Context})
	}
	if p.Evidence != "" {
		pair.Evidence = append(pair.Evidence, ground.Passage{Pointer: "evidence", Text: p.Evidence})
	}
	return pair
}

// wrongPaper says that hardly anything of the file is in the paper.
func (v *review) wrongPaper(wrong int) problem.Problem {
	why := map[string]string{
		"name":   "the file is named after it",
		"source": "the file gives it as its source",
		"title":  "the titles are alike",
	}[v.by]
	return problem.New("QA_UNGROUNDED",
		fmt.Sprintf("%d of the %d pairs claim what %s does not say; is it the right paper?", wrong, len(v.r.Pairs), v.shown),
		"it was chosen because "+why)
}
