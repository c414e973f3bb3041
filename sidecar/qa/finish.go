package qa

import (
	"fmt"
	"sort"
	"strings"

	"qacorpus/sidecar/qa/problem"
)

// hasErrors says whether something found so far is an error.
func (r *run) hasErrors() bool {
	if r.res.Failed() || r.d.Issue != nil {
		return true
	}
	for i := range r.groups {
		if r.groups[i].code.Severity() == problem.Error {
			return true
		}
	}
	return false
}

// counts says whether the file is one of question-answer pairs.
func (r *run) counts() bool {
	switch {
	case r.o.Asked || r.o.NamedAfterPDF:
		return true
	case r.d == nil || r.syntax:
		if r.d != nil && r.d.Issue == nil && r.rows.good > 0 && r.rows.good*2 >= r.rows.all {
			return true
		}
		return showsKey(r.text.S)
	case r.d.Issue != nil:
		return r.d.Known
	case r.d.Name == "single pair":
		return false
	case r.d.Sure:
		return true
	}
	return r.rows.good > 0 && r.rows.good*2 >= r.rows.all
}

// finish turns what was found into the result.
func (r *run) finish() {
	r.res.Counts = r.counts()
	if !r.res.Counts {
		r.res = Result{Output: r.data}
		return
	}
	r.shapeProblems()
	if !r.o.ErrorsOnly || r.res.Failed() {
		r.warn()
	}
	if r.o.ConflictCopy {
		r.res.Problems = append(r.res.Problems, problem.New("QA_CONFLICT_COPY",
			"a sync client made this copy because two machines changed the file at once",
			"carry over what the other file lacks, then delete this one"))
	}
	if r.text == nil || r.text.S == "" && r.encoding {
		return // no place can be shown
	}
	sort.SliceStable(r.res.Problems, func(i, j int) bool { return r.res.Problems[i].Offset < r.res.Problems[j].Offset })
	for i := range r.res.Problems {
		if c := r.res.Problems[i].Code; c == "QA_CONFLICT_COPY" || c == "QA_TOO_BIG" && r.fatal {
			continue
		}
		r.text.Locate(&r.res.Problems[i])
	}
}

// shapeProblems makes problems of what the rows had in common.
func (r *run) shapeProblems() {
	if r.d == nil {
		return
	}
	if x := r.d.Issue; x != nil {
		if !r.syntax {
			r.located(x.Code, x.Node, x.Message, x.Hint)
			r.res.Shape = r.d.Name
		}
		return
	}
	if r.t == nil || r.t.Gone || r.unknown() {
		return
	}
	for i := range r.groups {
		g := &r.groups[i]
		every := g.count == r.rows.all && g.count > 2
		if g.shape || every {
			message := g.message
			switch {
			case every:
				message += fmt.Sprintf(" (so are all %d rows)", g.count)
			case g.count > 1:
				message += fmt.Sprintf(" (and so are %d more)", g.count-1)
			}
			r.located(g.code, g.nodes[0], message, g.hint)
			continue
		}
		for _, n := range g.nodes {
			r.located(g.code, n, g.message, g.hint)
		}
		if more := g.count - len(g.nodes); more > 0 {
			r.res.Problems[len(r.res.Problems)-1].Message += fmt.Sprintf(" (and %d more like this, not listed)", more)
		}
	}
}

// unknown reports a file without a single pair as one problem, and says
// whether it did.
func (r *run) unknown() bool {
	if r.rows.good > 0 || r.rows.all == 0 || r.syntax || r.d.Sure {
		return false
	}
	for i := range r.groups {
		if g := &r.groups[i]; g.shape {
			message := g.message
			if g.count > 1 {
				message += fmt.Sprintf(" (and so are %d more)", g.count-1)
			}
			r.located(g.code, g.nodes[0], message, g.hint)
			return true
		}
	}
	first := r.groups[0]
	if first.code == "QA_MISSING" && !strings.Contains(first.message, "neither") {
		return false
	}
	r.located("QA_SHAPE_UNKNOWN", first.nodes[0], "no question-answer pairs were found", first.hint)
	return true
}

// located adds a problem at a node.
func (r *run) located(c problem.Code, n uint32, message, hint string) {
	p := problem.New(c, message, hint)
	if int(n) < r.t.Size() {
		p.Offset = int(r.t.Start(n))
		p.Pointer = r.walker.Pointer(n)
	}
	r.res.Problems = append(r.res.Problems, p)
}
