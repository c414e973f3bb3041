package qa

import (
	"fmt"

	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/quality"
)

// maxWarnings bounds the warnings and remarks of one code in one file.
const maxWarnings = 200

// warn looks at the texts of the valid pairs.
func (r *run) warn() {
	seen := quality.NewSeen(len(r.res.Pairs), func(i int) (string, string, string) {
		p := &r.res.Pairs[i]
		return p.Question, p.Answer, p.Context
	})
	var found []quality.Finding
	w := warner{r: r}
	for i := range r.res.Pairs {
		p := &r.res.Pairs[i]
		for _, f := range [...]struct {
			name, text string
			node       uint32
		}{{"question", p.Question, p.question}, {"answer", p.Answer, p.answer}, {"context", p.Context, p.context}} {
			found = quality.Text(f.text, found[:0])
			for _, x := range found {
				if x.Code == "QA_MOJIBAKE" && r.encoding {
					continue // reported as what it is
				}
				w.add(i, f.name, f.node, x.At, x.Code, f.name+": "+x.Message, x.Hint)
			}
		}
		if message, hint, long := quality.TooLong(p.Question, p.Answer); long {
			w.add(i, "", p.node, 0, "QA_TOO_LONG", message, hint)
		}
		if quality.NotQuestion(p.Question) {
			w.add(i, "question", p.question, 0, "QA_NOT_QUESTION", "this does not read like a question", "a question mark, or a word like what or explain, helps the model to know its turn")
		}
		w.same(seen, i)
	}
	w.finish()
}

// warner collects warnings up to a number for each code.
type warner struct {
	r     *run
	count map[problem.Code]int
	last  map[problem.Code]int // index in Problems of the last one listed
}

// same compares a pair with those before it.
func (w *warner) same(seen *quality.Seen, i int) {
	p := &w.r.res.Pairs[i]
	first, c := seen.Add(i)
	if c == "" {
		return
	}
	where := fmt.Sprintf("the pair in line %d", w.r.res.Line(first))
	if n := w.r.res.Line(first); n == w.r.res.Line(i) {
		where = fmt.Sprintf("pair %d", w.r.res.Pairs[first].Row+1)
	}
	switch c {
	case "QA_DUP_QUESTION":
		w.add(i, "question", p.question, 0, c, "question and answer repeat "+where, "remove one of the two")
	case "QA_CONFLICTING_ANSWERS":
		w.add(i, "question", p.question, 0, c, "the same question has another answer in "+where, "keep the right answer, or make clear in what the questions differ")
	case "QA_NEAR_DUP":
		w.add(i, "question", p.question, 0, c, "this asks nearly the same as "+where+", and the answers are alike", "keep the better one, unless the variation is wanted")
	}
}

// add makes a problem at a place in a text of a pair.
func (w *warner) add(i int, field string, node uint32, at int, c problem.Code, message, hint string) {
	if w.count == nil {
		w.count, w.last = map[problem.Code]int{}, map[problem.Code]int{}
	}
	w.count[c]++
	if w.count[c] > maxWarnings {
		return
	}
	p := problem.New(c, message, hint)
	p.Offset = w.r.offset(i, field, node, at)
	p.Pointer = w.r.walker.Pointer(node)
	w.last[c] = len(w.r.res.Problems)
	w.r.res.Problems = append(w.r.res.Problems, p)
}

// offset is the place in the file of a byte of a decoded, trimmed text.
func (r *run) offset(i int, field string, node uint32, at int) int {
	if field == "" || r.t.Kind(node) != '"' {
		return int(r.t.Start(node))
	}
	if field != "context" {
		at += leading(r.t, node)
	}
	return r.t.OffsetIn(node, at)
}

// finish says how many were not listed.
func (w *warner) finish() {
	for c, n := range w.count {
		if n > maxWarnings {
			w.r.res.Problems[w.last[c]].Message += fmt.Sprintf(" (and %d more of this kind, not listed)", n-maxWarnings)
		}
	}
}
