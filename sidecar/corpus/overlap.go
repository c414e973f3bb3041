package corpus

import (
	"fmt"
	"strconv"
	"strings"

	"qacorpus/sidecar/ground/across"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// maxOverlaps bounds how many other files a file is compared with aloud.
const maxOverlaps = 10

// overlaps lists what the file has in common with others. It is empty where the
// result is not the one that was put. The caller holds c.mu.
func (c *Corpus) overlaps(path string, r *qa.Result) []across.Overlap {
	if info := c.files[path]; info == nil || info.pairs != len(r.Pairs) {
		return nil
	}
	return c.across.Overlaps(path)
}

// overlapping says which other files have pairs of this one: one warning for
// each file, at the first pair that both have.
func (c *Corpus) overlapping(path string, r *qa.Result, overlaps []across.Overlap) []problem.Problem {
	var found []problem.Problem
	more := 0
	for _, o := range overlaps {
		first, _, ok := place(o.Twins[0].Pointer)
		if !ok || first >= len(r.Pairs) || c.o.SameFile != nil && c.o.SameFile(path, o.Other) {
			continue
		}
		if len(found) == maxOverlaps {
			more++
			continue
		}
		message, hint := c.overlap(o)
		found = append(found, r.At(first, "question", 0, o.Code, message, hint))
	}
	if more > 0 {
		found[len(found)-1].Message += fmt.Sprintf(" (and the same with %d more files)", more)
	}
	return found
}

// place takes apart what put made to name a pair: its index in the result, and
// where it stands, for people.
func place(s string) (index int, where string, ok bool) {
	number, where, ok := strings.Cut(s, " ")
	index, err := strconv.Atoi(number)
	return index, where, ok && err == nil
}

// overlap words one overlap.
func (c *Corpus) overlap(o across.Overlap) (message, hint string) {
	_, there, _ := place(o.Twins[0].Other)
	same := 0
	for _, t := range o.Twins {
		if t.Same {
			same++
		}
	}
	how := "also in %s"
	if same == 0 {
		how = "almost the same in %s"
	}
	what := fmt.Sprintf("%d of the %d pairs are ", len(o.Twins), o.Pairs)
	switch {
	case len(o.Twins) == 1:
		what = "this pair is "
	case len(o.Twins) == o.Pairs:
		what = fmt.Sprintf("all %d pairs are ", o.Pairs)
	}
	message = what + fmt.Sprintf(how, name.Show(c.rel(o.Other)))
	if len(o.Twins) > 1 {
		there = "this one: " + there
	}
	switch {
	case o.Code != "QA_LEAKAGE":
		return message + " (" + there + ")", "keep each pair in one file"
	case o.Eval:
		message += ", which is evaluation data"
	default:
		message += ", which is training data, and this file is evaluation data"
	}
	them := "them"
	if len(o.Twins) == 1 {
		them = "it"
	}
	hint = "leave " + them + " out of one of the two: a model is not tested by what it was trained on"
	return message + " (" + there + ")", hint
}
