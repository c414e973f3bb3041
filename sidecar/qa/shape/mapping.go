package shape

import "strings"

// mapping recognises objects whose keys carry meaning: questions with their
// answers as values, or identifiers of records.
func (d *Doc) mapping(n uint32) bool {
	return d.questionMap(n) || d.pubmed(n) || d.nestedSets(n)
}

// questionMap recognises {"What is…?": "It is…"}. A record with a title and a
// text looks the same to a program, so it is Loose, and most keys must end in
// a question mark.
func (d *Doc) questionMap(n uint32) bool {
	t := d.t
	all, asking := 0, 0
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		if t.Kind(t.Next(c)) != '"' {
			return false
		}
		all++
		if k := strings.TrimSpace(t.Text(c)); strings.HasSuffix(k, "?") || strings.HasSuffix(k, "？") || strings.HasSuffix(k, "؟") {
			asking++
		}
	}
	if all < 2 || asking*5 < all*4 {
		return false
	}
	d.Name, d.Level, d.Known = "question map", Loose, true
	d.each = func(yield func(*Row) bool) {
		m := mapper{t: t}
		for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
			r := m.reset(c)
			r.Kind, r.Level, r.Q, r.A = "question map", Loose, 0, 1
			r.Members = append(r.Members, Member{Name: "question", Val: c}, Member{Name: "answer", Val: t.Next(c)})
			if !yield(r) {
				return
			}
		}
	}
	return true
}

// pubmed recognises PubMedQA: {"123": {"QUESTION", "CONTEXTS", "LONG_ANSWER", …}}.
func (d *Doc) pubmed(n uint32) bool {
	t := d.t
	if t.Len(n) == 0 {
		return false
	}
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		v := t.Next(c)
		q, ok1 := t.Get(v, "QUESTION")
		a, ok2 := t.Get(v, "LONG_ANSWER")
		if !ok1 || !ok2 || t.Kind(q) != '"' || t.Kind(a) != '"' {
			return false
		}
	}
	d.Name, d.Level, d.Sure = "pubmedqa", Converted, true
	d.each = func(yield func(*Row) bool) {
		m := mapper{t: t}
		for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
			m.pubmedRow(c)
			if !yield(&m.row) {
				return
			}
		}
	}
	return true
}

func (m *mapper) pubmedRow(key uint32) {
	t := m.t
	obj := t.Next(key)
	r := m.reset(obj)
	q, a := m.keyOf(obj, "QUESTION"), m.keyOf(obj, "LONG_ANSWER")
	r.Kind, r.Level, r.Q, r.A = "pubmedqa", Converted, 0, 1
	r.Members = append(r.Members, Member{Name: "question", Key: q, Val: t.Next(q)}, Member{Name: "answer", Key: a, Val: t.Next(a)})
	if list := m.keyOf(obj, "CONTEXTS"); list != 0 && !m.taken("context") {
		if joined, ok := m.join(t.Next(list)); ok {
			r.C = len(r.Members)
			r.Members = append(r.Members, Member{Name: "context", Key: list, Val: t.Next(list), Made: true, Text: joined})
			m.add(Member{Name: "pmid", Val: key}, "record_")
			m.others(obj, q, a, list)
			return
		}
	}
	m.add(Member{Name: "pmid", Val: key}, "record_")
	m.others(obj, q, a)
}

// join puts the texts of a list together, if they can be told apart again.
func (m *mapper) join(list uint32) (string, bool) {
	t := m.t
	if t.Kind(list) != '[' || t.Len(list) == 0 {
		return "", false
	}
	var parts []string
	for c, end := t.First(list), t.Next(list); c < end; c = t.Next(c) {
		if t.Kind(c) != '"' || strings.Contains(t.Text(c), "\n\n") {
			return "", false
		}
		parts = append(parts, t.Text(c))
	}
	return strings.Join(parts, "\n\n"), true
}

// nestedSets recognises published sets that need choices to become pairs.
func (d *Doc) nestedSets(n uint32) bool {
	t := d.t
	say := func(message string) bool {
		d.fail("QA_SHAPE_UNSUPPORTED", n, message, unsupportedHint)
		return true
	}
	has := func(obj uint32, name string) bool { _, ok := t.Get(obj, name); return ok }
	switch {
	case has(n, "queries") && has(n, "corpus") && has(n, "relevant_docs"):
		return say("this set is for training embeddings and has no answers")
	case has(n, "intents"):
		return say("these are intents with several patterns and responses each")
	case has(n, "inputs") && has(n, "outputs"):
		return say("this is an example of LangSmith with its inputs and outputs apart")
	}
	if t.Len(n) == 0 {
		return false
	}
	first := t.Next(t.First(n))
	switch {
	case has(first, "passage") && has(first, "qa_pairs"):
		return say("this is DROP: its answers are numbers, dates or spans")
	case has(first, "qas") && has(first, "full_text"):
		return say("this is QASPER: each question has answers of several annotators and kinds")
	}
	return false
}
