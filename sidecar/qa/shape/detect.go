package shape

import (
	"fmt"

	"qacorpus/sidecar/qa/tree"
)

// Detect tells the shape of a file by its top level. Rows are looked at by
// Doc.Each only.
func Detect(t *tree.Tree) *Doc {
	d := &Doc{t: t}
	roots := values(t)
	switch {
	case t.Lines && len(roots) == 1 && d.whole(roots[0]):
	case t.Lines:
		d.Lines, d.Name = true, "jsonl"
		d.rows(roots)
	case len(roots) > 1:
		d.Name, d.Level = "concatenated objects", Converted
		d.rows(roots)
		for _, n := range roots {
			if t.Kind(n) != '{' {
				d.fail("QA_TRAILING_DATA", roots[1], "a second value follows the first", "a file holds one value; remove the other, or put both in a list")
				break
			}
		}
	case len(roots) == 0:
		d.fail("QA_SHAPE_UNKNOWN", 0, "the file holds no value", "")
	case t.Kind(roots[0]) == '[':
		d.Name = "list"
		d.list(roots[0])
	case t.Kind(roots[0]) == '{':
		d.object(roots[0])
	default:
		d.fail("QA_SHAPE_UNKNOWN", roots[0], "the file holds a single value, not question-answer pairs", pairsHint)
	}
	return d
}

// whole recognises a complete document on the only line of JSON Lines.
func (d *Doc) whole(root uint32) bool {
	t := d.t
	if t.Kind(root) == '[' {
		d.Name = "list"
		d.list(root)
		return true
	}
	if _, ok := t.Get(root, "qa_pairs"); ok {
		d.object(root)
		return true
	}
	return false
}

const pairsHint = `write {"qa_pairs": [{"question": "…", "answer": "…"}]}`

// values are the roots without what was not understood, unless there is
// nothing else.
func values(t *tree.Tree) []uint32 {
	var good []uint32
	for _, n := range t.Roots {
		if t.Kind(n) != 0 {
			good = append(good, n)
		}
	}
	return good
}

func (d *Doc) fail(c code, n uint32, message, hint string) {
	d.each = nil
	d.Issue = &issue{Code: c, Node: n, Message: message, Hint: hint}
}

// rows makes each node a row.
func (d *Doc) rows(nodes []uint32) {
	d.each = func(yield func(*Row) bool) {
		m := mapper{t: d.t}
		for _, n := range nodes {
			if !yield(m.read(n)) {
				return
			}
		}
	}
}

// list makes each element of an array a row.
func (d *Doc) list(n uint32) {
	d.each = func(yield func(*Row) bool) {
		m := mapper{t: d.t}
		for c, end := d.t.First(n), d.t.Next(n); c < end; c = d.t.Next(c) {
			if !yield(m.read(c)) {
				return
			}
		}
	}
}

// object tells apart what has an object at its top.
func (d *Doc) object(n uint32) {
	t := d.t
	if v, ok := t.Get(n, "qa_pairs"); ok {
		d.Name, d.Sure = "paper", true
		if t.Kind(v) != '[' {
			d.fail("QA_TYPE", v, "qa_pairs must be a list, and is "+t.Describe(v), pairsHint)
			d.Known = true
			return
		}
		d.paper(n, v, "")
		d.list(v)
		return
	}
	for _, special := range []func(uint32) bool{d.faq, d.squad, d.columns, d.wrapper, d.single, d.mapping} {
		if special(n) {
			return
		}
	}
	d.fail("QA_SHAPE_UNKNOWN", n, "no question-answer pairs were found in this object", pairsHint)
}

// paper sets up the top level: the members of n, with the rows in place of v.
func (d *Doc) paper(n, v uint32, rename string, but ...uint32) {
	t := d.t
	d.Paper = true
	if many := t.Len(n); many > mostMembers {
		d.fail("QA_SHAPE_UNSUPPORTED", n, fmt.Sprintf("this object has %d members beside the pairs, and a paper has a few", many-1), "split what grew together")
		return
	}
	d.Top, d.Rows = nil, -1
next:
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		for _, b := range but {
			if c == b {
				continue next
			}
		}
		mem := Member{Key: c, Val: t.Next(c)}
		if mem.Val == v {
			mem.Name = rename
			d.Rows = len(d.Top)
		}
		d.Top = append(d.Top, mem)
	}
	if d.Rows < 0 {
		d.Rows = len(d.Top)
		d.Top = append(d.Top, Member{Name: "qa_pairs"})
	}
}

// wrappers are the keys under which people put a list of pairs. Under any
// other key the name may mean something, a topic for example.
func wrappers() []string {
	return []string{
		"data", "entries", "questions", "items", "results", "examples", "qas", "qa", "pairs", "records", "rows", "samples", "dataset",
		"qaPairs", "QA_pairs", "qa-pairs", "QAs", "qa_list", "faqs", "faq", "FAQ", "question_answers", "questions_answers",
		"question_answer_pairs", "questions_and_answers",
	}
}

// wrapper recognises a single list of pairs under one of the usual keys.
func (d *Doc) wrapper(n uint32) bool {
	t := d.t
	var key, found uint32
	lists, odd := 0, uint32(0)
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		v := t.Next(c)
		if t.Kind(v) != '[' || t.Len(v) == 0 || !d.likePairs(v) {
			continue
		}
		lists++
		odd = c
		for _, w := range wrappers() {
			if t.Is(c, w) {
				key, found = c, v
			}
		}
	}
	switch {
	case lists == 0:
		return false
	case lists > 1:
		d.Known = true
		d.fail("QA_SHAPE_AMBIGUOUS", n, fmt.Sprintf("%d lists of pairs lie beside each other", lists), `put all pairs into one list under "qa_pairs"`)
	case found == 0:
		d.Name, d.Known = "wrapper", true
		d.fail("QA_SHAPE_AMBIGUOUS", odd, fmt.Sprintf("the pairs lie under the key %q, which may say what they are about", t.Text(odd)),
			`rename it to "qa_pairs"; what it says can go into a member of its own`)
	default:
		d.Name, d.Level = "wrapper "+t.Text(key), Keys
		d.paper(n, found, "qa_pairs")
		d.list(found)
	}
	return true
}

// likePairs looks at the first rows of a list.
func (d *Doc) likePairs(list uint32) bool {
	m := mapper{t: d.t}
	looked, good := 0, 0
	for c, end := d.t.First(list), d.t.Next(list); c < end && looked < 20; c = d.t.Next(c) {
		looked++
		if r := m.read(c); r.Q >= 0 && r.A >= 0 || r.Issue != nil && !r.Alien {
			good++
		}
	}
	return good*2 > looked
}

// single recognises one pair, or one conversation, without a list around it.
func (d *Doc) single(n uint32) bool {
	m := mapper{t: d.t}
	r := m.read(n)
	if r.Q < 0 || r.A < 0 {
		if r.Issue == nil {
			return false
		}
		d.fail(r.Issue.Code, r.Issue.Node, r.Issue.Message, r.Issue.Hint)
		return true
	}
	d.Name, d.Level = "single pair", Loose
	d.rows([]uint32{n})
	return true
}
