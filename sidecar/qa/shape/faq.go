package shape

// faq recognises schema.org's FAQPage.
func (d *Doc) faq(n uint32) bool {
	t := d.t
	kind, ok := t.Get(n, "@type")
	if !ok || t.Kind(kind) != '"' || !t.Is(kind, "FAQPage") {
		return false
	}
	list, ok := t.Get(n, "mainEntity")
	if !ok || t.Kind(list) != '[' {
		d.fail("QA_SHAPE_UNSUPPORTED", n, "this FAQPage has no list of questions in mainEntity", pairsHint)
		return true
	}
	m := mapper{t: t}
	d.Name, d.Level, d.Sure = "faqpage", Converted, true
	d.paper(n, list, "qa_pairs", m.keyOf(n, "@type"))
	d.each = func(yield func(*Row) bool) {
		m := mapper{t: t}
		for c, end := t.First(list), t.Next(list); c < end; c = t.Next(c) {
			m.question(c)
			if !yield(&m.row) {
				return
			}
		}
	}
	return true
}

// question reads schema.org's Question with its acceptedAnswer. What else the
// answer holds stays under that key.
func (m *mapper) question(n uint32) {
	t := m.t
	r := m.reset(n)
	r.Kind, r.Level = "faqpage", Converted
	name, ok1 := t.Get(n, "name")
	accepted, ok2 := t.Get(n, "acceptedAnswer")
	if !ok1 || !ok2 || t.Kind(accepted) != '{' {
		r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", n, "this question has no name or no single acceptedAnswer", "give it both")
		return
	}
	text, ok := t.Get(accepted, "text")
	if !ok {
		r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", accepted, "this acceptedAnswer has no text", "give it one")
		return
	}
	r.Q, r.A = 0, 1
	r.Members = append(r.Members, Member{Name: "question", Val: name}, Member{Name: "answer", Val: text})
	gone := []uint32{m.keyOf(accepted, "text")}
	if kind := m.keyOf(accepted, "@type"); kind != 0 && m.says(kind, "Answer") {
		gone = append(gone, kind)
	}
	rest := t.Len(accepted) - len(gone)
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		switch v := t.Next(c); {
		case t.Is(c, "@type") && m.says(c, "Question") || v == name:
		case v == accepted && rest == 0:
		case v == accepted:
			m.add(Member{Key: c, Val: v, Omit: gone}, "")
		default:
			m.add(Member{Key: c, Val: v}, "schema_")
		}
	}
}

// says that the value of a key is that text.
func (m *mapper) says(key uint32, text string) bool {
	v := m.t.Next(key)
	return m.t.Kind(v) == '"' && m.t.Is(v, text)
}
