package shape

// squad recognises SQuAD: articles with paragraphs with questions.
func (d *Doc) squad(n uint32) bool {
	t := d.t
	data, ok := t.Get(n, "data")
	if !ok || t.Kind(data) != '[' || t.Len(data) == 0 {
		return false
	}
	if paragraphs, ok := t.Get(t.First(data), "paragraphs"); !ok || t.Kind(paragraphs) != '[' {
		return false
	}
	d.Name, d.Level, d.Sure = "squad", Converted, true
	d.paper(n, data, "qa_pairs")
	if bad, message := d.squadHoles(data); message != "" {
		d.Known = true
		d.fail("QA_SHAPE_UNSUPPORTED", bad, message, "without a question its text would be lost; remove it or convert by hand")
		return true
	}
	d.each = func(yield func(*Row) bool) { d.squadRows(data, yield) }
	return true
}

// squadHoles finds an article or a paragraph without questions: in a list of
// pairs it would have no place.
func (d *Doc) squadHoles(data uint32) (uint32, string) {
	t := d.t
	for a, end := t.First(data), t.Next(data); a < end; a = t.Next(a) {
		paragraphs, ok := t.Get(a, "paragraphs")
		if !ok || t.Kind(paragraphs) != '[' || t.Len(paragraphs) == 0 {
			return a, "this article has no paragraphs"
		}
		for p, end := t.First(paragraphs), t.Next(paragraphs); p < end; p = t.Next(p) {
			qas, ok := t.Get(p, "qas")
			if !ok || t.Kind(qas) != '[' || t.Len(qas) == 0 {
				return p, "this paragraph has no questions"
			}
		}
	}
	return 0, ""
}

func (d *Doc) squadRows(data uint32, yield func(*Row) bool) {
	t := d.t
	m := mapper{t: t}
	for a, end := t.First(data), t.Next(data); a < end; a = t.Next(a) {
		paragraphs, _ := t.Get(a, "paragraphs")
		for p, end := t.First(paragraphs), t.Next(paragraphs); p < end; p = t.Next(p) {
			qas, _ := t.Get(p, "qas")
			for q, end := t.First(qas), t.Next(qas); q < end; q = t.Next(q) {
				m.squadRow(a, p, q)
				if !yield(&m.row) {
					return
				}
			}
		}
	}
}

// squadRow reads one question; what article and paragraph say goes on every
// pair of theirs.
func (m *mapper) squadRow(article, paragraph, qas uint32) {
	t := m.t
	r := m.read(qas)
	if r.Kind == "" || r.Kind == "answer lists" {
		r.Kind = "squad"
	}
	r.Level = max(r.Level, Converted)
	if no, ok := t.Get(qas, "is_impossible"); ok && t.Raw(no) == "true" {
		r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", no, "the question is marked as impossible to answer", "leave it out, or write the answer that is to be learnt")
		return
	}
	if f, ok := t.Get(qas, "followup"); ok {
		r.Issue = m.issue("QA_SHAPE_UNSUPPORTED", f, "the question is a part of a dialogue", "it cannot be understood alone; leave it out or rewrite it")
		return
	}
	if r.Issue != nil || r.Q < 0 || r.A < 0 {
		return
	}
	m.othersNamed(paragraph, "paragraph_", m.keyOf(paragraph, "qas"))
	m.othersNamed(article, "article_", m.keyOf(article, "paragraphs"))
}
