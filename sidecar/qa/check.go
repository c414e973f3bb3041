package qa

import (
	"fmt"
	"strings"

	"qacorpus/sidecar/qa/emit"
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

// likely says that the row was meant for a pair, right or wrong. Keys that
// are used for much else must hold texts to be taken for it.
func (r *run) likely(row *shape.Row) bool {
	if row.Q < 0 || row.A < 0 {
		return false
	}
	q, a := r.t.Kind(row.Members[row.Q].Val), r.t.Kind(row.Members[row.A].Val)
	if row.Kind == "" {
		return q == '"' || a == '"' || q == 'n' || a == 'n'
	}
	return q == '"' && a == '"'
}

// alien reports a row that is no pair at all.
func (r *run) alien(row *shape.Row) {
	if r.t.Kind(row.Node) != '{' {
		if r.t.Kind(row.Node) != 0 {
			r.group(group{code: "QA_TYPE", node: row.Node, message: "a pair must be an object, and this is " + r.t.Describe(row.Node), hint: `write {"question": "…", "answer": "…"}`})
		}
		return
	}
	r.group(group{code: "QA_MISSING", node: row.Node, message: "this object has neither question nor answer", hint: r.keysHint(row.Node)})
}

// keysHint names the keys that an object does have.
func (r *run) keysHint(obj uint32) string {
	t := r.t
	var names []string
	for c, end := t.First(obj), t.Next(obj); c < end && len(names) < 6; c = t.Next(t.Next(c)) {
		names = append(names, `"`+clip(t.Text(c))+`"`)
	}
	if len(names) == 0 {
		return `write "question" and "answer" into it, or remove it`
	}
	return `its keys are ` + strings.Join(names, ", ")
}

// field checks a question or an answer: there, a text, not empty.
func (r *run) field(row *shape.Row, i int, name, other string, text *string, node *uint32) bool {
	t := r.t
	if i < 0 {
		r.group(group{code: "QA_MISSING", node: row.Node, message: fmt.Sprintf("the pair has no %q", name), hint: fmt.Sprintf("add %q; ", name) + r.keysHint(row.Node)})
		return false
	}
	v := row.Members[i].Val
	*node = v
	switch t.Kind(v) {
	case 0:
		return false
	case '"':
	default:
		hint := "put it in quotation marks"
		if k := t.Kind(v); k == '{' || k == '[' {
			hint = "write one text"
		} else if t.Raw(v) == "null" {
			hint = "write the text, or remove the pair"
		}
		r.group(group{code: "QA_TYPE", node: v, message: fmt.Sprintf("the %s must be a text, and is %s", name, t.Describe(v)), hint: hint})
		return false
	}
	inner, _ := t.Inner(v)
	lo, hi := emit.Trim(inner)
	if blank(inner[lo:hi]) {
		message := "the " + name + " is empty"
		if lo != hi {
			message = "the " + name + " holds only invisible characters"
		} else if inner != "" {
			message = "the " + name + " holds only white space"
		}
		r.group(group{code: "QA_EMPTY_TEXT", node: v, message: message, hint: "write it, or remove the pair"})
		return false
	}
	*text = t.Text(v)
	if lo != 0 || hi != len(inner) {
		*text = strings.TrimFunc(*text, isSpace)
	}
	return true
}

// context checks a context: a text, empty or not.
func (r *run) context(row *shape.Row, p *Pair) bool {
	m := &row.Members[row.C]
	if m.Made {
		p.Context, p.context = m.Text, m.Val
		return true
	}
	if k := r.t.Kind(m.Val); k != '"' {
		if k != 0 {
			r.group(group{code: "QA_TYPE", node: m.Val, message: "the context must be a text, and is " + r.t.Describe(m.Val), hint: `write one text, or rename the key, to "contexts" for example`})
		}
		return false
	}
	p.Context, p.context = r.t.Text(m.Val), m.Val
	return true
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

// name says in a few words what the file is.
func (r *run) name() {
	best, n := "", 0
	for kind, count := range r.rows.kinds {
		if count > n || count == n && kind < best {
			best, n = kind, count
		}
	}
	r.res.Shape = r.d.Name
	if best == "" || best == r.d.Name {
		return
	}
	switch r.d.Name {
	case "list":
		r.res.Shape = best
	default:
		r.res.Shape = best + " in " + r.d.Name
	}
}

// permission decides whether the file may be converted, and reports a form
// that only the person can settle.
func (r *run) permission() {
	if r.syntax || r.rows.good == 0 {
		return
	}
	allowed := shape.Converted
	switch {
	case r.o.Loose:
		allowed = shape.Loose
	case r.o.Convert == "keys":
		allowed = shape.Keys
	case r.o.Convert == "none":
		allowed = shape.Exact
	}
	if r.level <= allowed {
		return
	}
	r.kept = true
	if r.level == shape.Loose && allowed == shape.Converted {
		r.group(group{code: "QA_SHAPE_AMBIGUOUS", node: r.looseNode(), message: "the file looks like " + r.res.Shape + ", which can be read in more than one way",
			hint: looseHint(r.res.Shape), shape: true})
	}
}

// looseNode is the first row that can be read in more than one way.
func (r *run) looseNode() uint32 {
	node := r.t.Roots[0]
	if r.d.Level == shape.Loose {
		return node
	}
	r.d.Each(func(row *shape.Row) bool {
		node = row.Node
		return row.Level != shape.Loose
	})
	return node
}

func looseHint(shapeName string) string {
	const how = "`qacorpus fmt --convert -w` does it"
	if strings.HasPrefix(shapeName, "alpaca") {
		return "its input can be a context or a part of the question; to make it the context, " + how
	}
	return "if these are questions with their answers, " + how
}
