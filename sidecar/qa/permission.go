package qa

import (
	"fmt"
	"strings"

	"qacorpus/sidecar/qa/shape"
)

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
		r.group(group{code: "QA_SHAPE_AMBIGUOUS", node: r.looseNode(), message: fmt.Sprintf("the form of this file (%s) can be read in more than one way", r.res.Shape),
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
