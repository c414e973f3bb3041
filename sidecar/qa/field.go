package qa

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"qacorpus/sidecar/qa/emit"
	"qacorpus/sidecar/qa/shape"
	"qacorpus/sidecar/qa/tree"
)

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
		*text = (*text)[decodedLen(inner[:lo]) : len(*text)-decodedLen(inner[hi:])]
	}
	return true
}

// decodedLen is how many bytes the raw inside of a string has when its escapes
// are decoded.
func decodedLen(s string) int {
	n := 0
	for len(s) > 0 {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			return n + len(s)
		}
		r, size := tree.Unescape(s[i:])
		n += i + utf8.RuneLen(r)
		s = s[i+size:]
	}
	return n
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
