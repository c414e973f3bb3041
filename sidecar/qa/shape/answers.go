package shape

import "fmt"

// unlist takes the only element of a list of answers for the answer. Where
// there are several to choose from, that is an issue.
func (m *mapper) unlist() {
	t, r := m.t, &m.row
	if r.A < 0 {
		return
	}
	a := &r.Members[r.A]
	v := a.Val
	switch t.Kind(v) {
	case '[':
		m.unlistArray(a, v)
	case '{':
		// The columns of Hugging Face's SQuAD: {"text": [...], "answer_start": [...]}.
		text, ok := t.Get(v, "text")
		if !ok || t.Kind(text) != '[' {
			return
		}
		m.unlistArray(a, text)
		if r.Issue == nil && a.Val != v {
			m.columnsOfOne(v)
		}
	}
}

func (m *mapper) unlistArray(a *Member, list uint32) {
	t, r := m.t, &m.row
	n, first := t.Len(list), t.First(list)
	switch {
	case n == 0:
		r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", list, "the question has no answer: the list is empty",
			"leave unanswerable questions out, or write the answer that is to be learnt")
	case n > 1 && (t.Kind(first) == '"' || t.Kind(first) == '{'):
		r.Issue = m.issue("QA_SHAPE_AMBIGUOUS", list, fmt.Sprintf("there are %d answers to choose from", n),
			`keep the right one as "answer": "…" and the others under another key`)
	case t.Kind(first) == '"':
		a.Val = first
		m.listed()
	case t.Kind(first) == '{':
		text, ok := t.Get(first, "text")
		if !ok || t.Kind(text) != '"' {
			return
		}
		a.Val = text
		m.listed()
		m.othersNamed(first, "answer_", m.keyOf(first, "text"))
	}
}

func (m *mapper) listed() {
	m.row.Level = max(m.row.Level, Converted)
	if m.row.Kind == "" {
		m.row.Kind = "answer lists"
	}
}

// columnsOfOne adds what stands beside the text of a single answer.
func (m *mapper) columnsOfOne(obj uint32) {
	t := m.t
	for c, end := t.First(obj), t.Next(obj); c < end; c = t.Next(t.Next(c)) {
		if t.Is(c, "text") {
			continue
		}
		v := t.Next(c)
		if t.Kind(v) == '[' && t.Len(v) == 1 {
			v = t.First(v)
		}
		m.add(Member{Key: c, Val: v}, "answer_")
	}
}

// keyOf is the key node of that name in obj.
func (m *mapper) keyOf(obj uint32, name string) uint32 {
	t := m.t
	for c, end := t.First(obj), t.Next(obj); c < end; c = t.Next(t.Next(c)) {
		if t.Is(c, name) {
			return c
		}
	}
	return 0
}
