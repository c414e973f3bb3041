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
	// Papers has for each pair of the result the path of its own paper, "" for
	// none that is known. It is nil where all belong to PDF.
	Papers []string
	// Pages is how many pages PDF has, 0 where its text is not at hand.
	Pages int
	// Supports has for each pair of the result the place in its paper that
	// supports its answer best; its page is 0 where none does, or none is at hand.
	Supports []ground.Support
	// Uncovered lists the pages of PDF that have enough text to ask about and
	// that no answer rests on, in this file or any other reviewed before.
	Uncovered []int
}

// Review adds to the problems of a QA file those that need its paper or other
// files, keeping their order. The result must be the one that was last put for
// path. The error is set only where ctx ended; r is then unchanged.
func (c *Corpus) Review(ctx context.Context, path string, r *qa.Result) (Findings, error) {
	if !r.Counts {
		return Findings{}, nil
	}
	c.mu.Lock()
	m := c.pairs.Match(path)
	overlaps := c.overlaps(path, r)
	c.mu.Unlock()
	found := c.overlapping(path, r, overlaps)
	f := Findings{PDF: m.PDF, Papers: c.papersOf(path, m, r), Supports: make([]ground.Support, len(r.Pairs))}
	if m.PDF == "" && f.Papers == nil && c.o.Texts != nil && !name.ConflictCopy(filepath.Base(path)) {
		found = append(found, c.noPDF(m))
	}
	by := m.By
	if f.Papers != nil {
		by = "pair"
	}
	covers := map[string][]int{}
	for _, g := range groups(f, len(r.Pairs)) {
		var paper keptPaper
		if g.pdf != "" {
			c.use(g.pdf)
			var err error
			if paper, err = c.papers.get(ctx, g.pdf); err != nil && ctx.Err() != nil {
				return Findings{}, ctx.Err()
			}
		}
		v := review{r: r, paper: paper, shown: name.Show(c.rel(g.pdf)), by: by, rows: g.rows, supports: f.Supports}
		found = append(found, v.grounding()...)
		if paper.paper != nil && paper.paper.Usable() {
			covers[g.pdf] = v.pages()
			c.learn(g.pdf, paper)
			if g.pdf == m.PDF {
				f.Pages = paper.pages
			}
		}
	}
	f.Uncovered = c.cover(path, m.PDF, covers)
	if len(found) > 0 {
		r.Problems = append(r.Problems, found...)
		slices.SortStableFunc(r.Problems, func(a, b problem.Problem) int { return a.Offset - b.Offset })
	}
	return f, nil
}

// group is the pairs of a file that belong to one paper.
type group struct {
	pdf  string
	rows []int // indexes of pairs
}

// groups sorts n pairs by their papers, in the order of the first of each.
func groups(f Findings, n int) []group {
	var all []group
	at := map[string]int{}
	for i := range n {
		pdf := f.PDF
		if f.Papers != nil {
			pdf = f.Papers[i]
		}
		g, ok := at[pdf]
		if !ok {
			g = len(all)
			at[pdf] = g
			all = append(all, group{pdf: pdf})
		}
		all[g].rows = append(all[g].rows, i)
	}
	return all
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
