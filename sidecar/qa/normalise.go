package qa

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/shape"
	"qacorpus/sidecar/qa/source"
	"qacorpus/sidecar/qa/tree"
)

// Normalise reads one file and says what is in it, what is wrong with it and
// what its canonical form is. It never fails: what cannot be read is a
// problem of the file.
func Normalise(data []byte, o Options) Result {
	r := &run{o: o, data: data}
	r.res.Output = data
	r.read()
	r.finish()
	return r.res
}

// run is one call of Normalise.
type run struct {
	o    Options
	data []byte
	res  Result

	text *source.Text
	t    *tree.Tree
	d    *shape.Doc
	// walker finds pointers.
	walker tree.Walker

	fenced bool
	fatal  bool // nothing was parsed
	syntax bool // the text itself is not sound
	// encoding says that the bytes were not what they should be.
	encoding bool
	rows     rowCounts
	groups   []group
	level    int  // of the file: the highest of its rows and its top
	kept     bool // in another form, on purpose
}

// read goes through the stages as far as the file allows.
func (r *run) read() {
	if int64(len(r.data)) > r.o.maxSize() {
		r.tooBig()
		return
	}
	var probs []problem.Problem
	r.text, probs = source.Decode(r.data)
	r.res.text = r.text
	r.res.Problems = append(r.res.Problems, probs...)
	r.encoding = len(probs) > 0
	r.syntax = r.encoding
	if r.text.S == "" && r.syntax || r.text.Binary || r.whole() {
		r.fatal = true
		return
	}
	r.parse()
	if r.t.Gone {
		return
	}
	if len(r.t.Roots) == 0 && !r.syntax {
		p := problem.New("QA_EMPTY", "the file holds nothing but comments", `write [] or {"qa_pairs": []}, or delete the file`)
		r.res.Problems = append(r.res.Problems, p)
		r.fatal = true
		return
	}
	r.d = shape.Detect(r.t)
	r.lines()
	r.check()
	if r.counts() && !r.hasErrors() {
		r.write()
	}
}

// tooBig refuses a file by its size alone; whether it counts is judged by its
// beginning.
func (r *run) tooBig() {
	r.fatal = true
	r.text, _ = source.Decode(bytes.ToValidUTF8(r.data[:min(len(r.data), 64<<10)], nil))
	r.res.text = r.text
	p := problem.New("QA_TOO_BIG",
		fmt.Sprintf("the file has %s; the limit is %s", size(int64(len(r.data))), size(r.o.maxSize())),
		"split it, or raise qa.max_size")
	r.res.Problems = append(r.res.Problems, p)
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d bytes", n)
}

// parse reads the text as JSON or JSON Lines, whatever the name and the text
// say it is.
func (r *run) parse() {
	s := r.text.S
	if inner, ok := unfence(s); ok {
		s, r.fenced = inner, true
	}
	if r.linesByName() {
		r.t = tree.ParseLines(s)
	} else {
		r.t = tree.Parse(s)
		if !strings.EqualFold(path.Ext(r.o.Name), ".json") && r.onePerLine() {
			r.t = tree.ParseLines(s)
		}
	}
	r.res.tree = r.t
	r.walker.T = r.t
	r.res.Problems = append(r.res.Problems, r.t.Problems...)
	r.syntax = r.syntax || len(r.t.Problems) > 0
}

// onePerLine says that the text is several objects, each on a line: JSON
// Lines, where no name tells.
func (r *run) onePerLine() bool {
	if len(r.t.Roots) < 2 {
		return false
	}
	for _, n := range r.t.Roots {
		if r.t.Kind(n) != '{' || strings.Contains(r.t.Raw(n), "\n") {
			return false
		}
	}
	return true
}

// linesByName says that the file's name promises JSON Lines.
func (r *run) linesByName() bool {
	ext := strings.ToLower(path.Ext(r.o.Name))
	return ext == ".jsonl" || ext == ".ndjson"
}

// lines settles what a name that ends in .jsonl means for the layout: JSON
// Lines stays JSON Lines, and what is not becomes it where that is possible.
func (r *run) lines() {
	if !r.linesByName() {
		return
	}
	d := r.d
	switch {
	case !d.Paper && !d.Lines && len(r.t.Roots) == 1 && r.t.Len(r.t.Roots[0]) == 0:
		// An empty list stays: an empty file would say that something is missing.
	case !d.Paper && !d.Lines:
		d.Lines = true
		d.Level = max(d.Level, shape.Converted)
	case d.Paper && d.Issue == nil:
		d.Refuse("QA_SHAPE_UNSUPPORTED", r.t.Roots[0], "the file holds one object with all pairs, and its name promises JSON Lines", "rename it to end in .json")
	}
}
