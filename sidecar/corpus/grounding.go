package corpus

import (
	"fmt"
	"slices"
	"strings"

	"qacorpus/sidecar/ground"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

const (
	// maxUngrounded bounds the warnings about one file's claims.
	maxUngrounded = 100
	// From minWrong pairs on, a file of which more than wrongShare claims what
	// the paper does not say is taken to belong to another paper, and that is
	// the one thing said.
	minWrong   = 5
	wrongShare = 0.7
)

// review looks at those pairs of a file that belong to one paper.
type review struct {
	r        *qa.Result
	paper    keptPaper
	shown    string           // the paper's name, for messages
	by       string           // how the paper was found
	rows     []int            // indexes of the pairs
	supports []ground.Support // by index of a pair: what supports it
}

// grounding looks every pair up in the paper or, where there is none to look
// into, in the pair's own context, and notes the supporting places.
func (v *review) grounding() []problem.Problem {
	paper := v.paper.paper
	usable := paper != nil && paper.Usable()
	var found []problem.Problem
	wrong, all := 0, 0
	for _, i := range v.rows {
		pair := v.pair(i)
		var findings []ground.Finding
		if usable {
			findings = paper.Check(pair)
			v.supports[i] = paper.Support(pair)
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
	switch n := len(v.rows); {
	case usable && n >= minWrong && float64(wrong) > wrongShare*float64(n):
		for _, i := range v.rows {
			v.supports[i] = ground.Support{}
		}
		return []problem.Problem{v.wrongPaper(wrong)}
	case all > maxUngrounded:
		found[len(found)-1].Message += fmt.Sprintf(" (and %d more of this kind, not listed)", all-maxUngrounded)
	}
	return found
}

// pages lists the pages that the answers rest on, each once.
func (v *review) pages() []int {
	var pages []int
	for _, i := range v.rows {
		if p := v.supports[i].Page; p > 0 {
			pages = append(pages, p)
		}
	}
	slices.Sort(pages)
	return slices.Clip(slices.Compact(pages))
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
		"pair":   "the pairs give it as their source",
		"title":  "the titles are alike",
	}[v.by]
	return problem.New("QA_UNGROUNDED",
		fmt.Sprintf("%d of the %d pairs claim what %s does not say; is it the right paper?", wrong, len(v.rows), v.shown),
		"it was chosen because "+why)
}
