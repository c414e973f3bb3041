// Package emit writes question-answer pairs in the layout of Python's
// json.dump(x, f, indent=2): to the byte, so that a file that Python wrote
// comes out as it went in.
//
// # Design notes
//
// Numbers and literals are copied as written. Strings are copied as written
// too, unless they hold an escape that json.dump would have written
// otherwise, or characters that the file's habit wants escaped.
package emit

import (
	"qacorpus/sidecar/qa/shape"
	"qacorpus/sidecar/qa/tree"
)

// Style is how to write.
type Style struct {
	// Indent is the number of spaces a level.
	Indent int
	// ASCII escapes everything beyond ASCII, as json.dump does by default.
	ASCII bool
	// Sorted puts the known keys first; else members keep their order.
	Sorted bool
	// PaperID, where it is not empty, wraps a list of pairs in an object.
	PaperID string
}

// Result is what was written, and what could be seen on the way.
type Result struct {
	Bytes []byte
	// Reordered says that Sorted would have made, or made, a difference.
	Reordered bool
	// Trimmed says that white space around questions or answers was left out.
	Trimmed bool
}

type writer struct {
	t     *tree.Tree
	style Style
	out   Result
	line  bool // all on one line, as in JSON Lines
}

// Document writes the pairs of d, without a final newline.
func Document(t *tree.Tree, d *shape.Doc, style Style) Result {
	w := &writer{t: t, style: style, line: d.Lines}
	room := len(t.S) + 64
	if !w.line {
		// Each value may go to a line of its own; growing later would copy all.
		room += t.Size() * (2 + style.Indent*2)
	}
	w.out.Bytes = make([]byte, 0, room)
	switch {
	case d.Lines:
		first := true
		d.Each(func(r *shape.Row) bool {
			if !first {
				w.out.Bytes = append(w.out.Bytes, '\n')
			}
			first = false
			w.row(r, 0)
			return true
		})
	case d.Paper:
		w.paper(d)
	default:
		if style.PaperID == "" {
			w.rows(d, 0)
			break
		}
		w.byte('{')
		w.newline(1)
		w.raw(`"paper_id": `)
		w.text(style.PaperID)
		w.byte(',')
		w.newline(1)
		w.raw(`"qa_pairs": `)
		w.rows(d, 1)
		w.newline(0)
		w.byte('}')
	}
	return w.out
}

// paper writes the top-level object.
func (w *writer) paper(d *shape.Doc) {
	order := w.topOrder(d.Top)
	w.byte('{')
	for i, j := range order {
		w.separate(i, 1)
		mem := &d.Top[j]
		w.key(mem)
		if j == d.Rows {
			w.rows(d, 1)
			continue
		}
		w.memberValue(mem, 1, false)
	}
	if len(order) > 0 {
		w.newline(0)
	}
	w.byte('}')
}

// topOrder is the order in which top-level members are written.
func (w *writer) topOrder(top []shape.Member) []int {
	order := make([]int, 0, len(top))
	known := [...]string{"paper_id", "title", "qa_pairs"}
	for _, name := range known {
		for i := range top {
			if w.named(&top[i], name) {
				order = append(order, i)
			}
		}
	}
	n := len(order)
	sorted := true
	for i := range top {
		if i < n && order[i] != i {
			sorted = false
		}
		if !w.named(&top[i], known[0]) && !w.named(&top[i], known[1]) && !w.named(&top[i], known[2]) {
			order = append(order, i)
		}
	}
	if !sorted {
		w.out.Reordered = true
	}
	if !sorted && !w.style.Sorted {
		for i := range order {
			order[i] = i
		}
	}
	return order
}

func (w *writer) named(m *shape.Member, name string) bool {
	return m.Name == name || m.Name == "" && w.t.Is(m.Key, name)
}

// rows writes the list of pairs.
func (w *writer) rows(d *shape.Doc, depth int) {
	w.byte('[')
	n := 0
	d.Each(func(r *shape.Row) bool {
		w.separate(n, depth+1)
		n++
		w.row(r, depth+1)
		return true
	})
	if n > 0 {
		w.newline(depth)
	}
	w.byte(']')
}

// row writes one pair.
func (w *writer) row(r *shape.Row, depth int) {
	w.byte('{')
	n := 0
	put := func(i int) {
		w.separate(n, depth+1)
		n++
		w.key(&r.Members[i])
		w.memberValue(&r.Members[i], depth+1, i == r.Q || i == r.A)
	}
	ordered := r.Q == 0 && r.A == 1 && (r.C < 0 || r.C == 2)
	if !ordered {
		w.out.Reordered = true
	}
	if ordered || !w.style.Sorted {
		for i := range r.Members {
			put(i)
		}
	} else {
		for _, i := range [...]int{r.Q, r.A, r.C} {
			if i >= 0 {
				put(i)
			}
		}
		for i := range r.Members {
			if i != r.Q && i != r.A && i != r.C {
				put(i)
			}
		}
	}
	if n > 0 {
		w.newline(depth)
	}
	w.byte('}')
}
