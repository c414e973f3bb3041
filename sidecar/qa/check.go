package qa

import (
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/shape"
)

// rowCounts are what the rows of a file were.
type rowCounts struct {
	all   int
	good  int // a question and an answer, right or wrong
	kinds map[string]int
	other int // rows whose keys are renamed
}

// group is a problem that several rows share.
type group struct {
	code          problem.Code
	message, hint string
	node          uint32 // where it was first seen
	count         int
	shape         bool // about the shape: one mistake, however many rows show it
	nodes         []uint32
}

// check looks at every row, once.
func (r *run) check() {
	d, t := r.d, r.t
	r.level = d.Level
	r.rows.kinds = map[string]int{}
	if d.Issue != nil {
		return
	}
	r.res.Pairs = make([]Pair, 0, t.Size()/6+1)
	d.Each(func(row *shape.Row) bool {
		i := r.rows.all
		r.rows.all++
		if t.Damaged(row.Node) {
			if row.Q >= 0 || row.Issue != nil && !row.Alien {
				r.rows.good++
			}
			return true
		}
		if row.Kind != "" {
			r.rows.kinds[row.Kind]++
		}
		r.row(row, i)
		return true
	})
	r.top()
	r.name()
	r.permission()
}

// row checks one row and keeps it, if it is a pair.
func (r *run) row(row *shape.Row, i int) {
	t := r.t
	if row.Issue != nil {
		if !row.Alien {
			r.rows.good++
		}
		x := row.Issue
		r.group(group{code: x.Code, message: x.Message, hint: x.Hint, node: x.Node, shape: true})
		return
	}
	if row.Alien {
		r.alien(row)
		return
	}
	if r.likely(row) {
		r.rows.good++
	}
	if row.Level > r.level {
		r.level = row.Level
	}
	if row.Level == shape.Keys {
		r.rows.other++
	}
	p := Pair{Row: i, node: row.Node}
	okQ := r.field(row, row.Q, "question", "answer", &p.Question, &p.question)
	okA := r.field(row, row.A, "answer", "question", &p.Answer, &p.answer)
	okC := row.C < 0 || r.context(row, &p)
	if !okQ || !okA || !okC {
		return
	}
	for j := range row.Members {
		m := &row.Members[j]
		if m.Made || t.Kind(m.Val) != '"' {
			continue
		}
		if m.Name == "" && t.Is(m.Key, "evidence") {
			p.Evidence, p.evidence = t.Text(m.Val), m.Val
		}
		if r.res.Source == "" && len(r.res.Pairs) == 0 && m.Name == "" && (t.Is(m.Key, "source") || t.Is(m.Key, "source_file")) {
			r.res.Source = t.Text(m.Val)
		}
	}
	r.res.Pairs = append(r.res.Pairs, p)
}

// group adds a problem to those like it. Mistakes of the shape show in every
// row and are listed once; others are listed each, up to a limit.
func (r *run) group(g group) {
	const most = 1000
	for i := range r.groups {
		have := &r.groups[i]
		if have.code == g.code && have.message == g.message {
			have.count++
			if !g.shape && len(have.nodes) < most {
				have.nodes = append(have.nodes, g.node)
			}
			return
		}
	}
	if len(r.groups) >= most {
		return
	}
	g.count = 1
	g.nodes = []uint32{g.node}
	r.groups = append(r.groups, g)
}

// top reads the members of the top level that name the paper.
func (r *run) top() {
	for i := range r.d.Top {
		m := &r.d.Top[i]
		if i == r.d.Rows || m.Name != "" || m.Made || r.t.Kind(m.Val) != '"' {
			continue
		}
		switch text := r.t.Text(m.Val); r.t.Text(m.Key) {
		case "paper_id":
			r.res.PaperID = text
		case "title":
			r.res.Title = text
		case "source":
			r.res.Source = text
		}
	}
}
