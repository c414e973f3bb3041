package shape

import "fmt"

// columns recognises one list of questions beside one of answers.
func (d *Doc) columns(n uint32) bool {
	t := d.t
	var keyNodes []uint32
	q, a := -1, -1
	loose := false
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		if t.Kind(t.Next(c)) != '[' {
			continue
		}
		switch name := t.Text(c); name {
		case "question", "Question", "questions", "Questions":
			q = len(keyNodes)
			loose = loose || name == "questions" || name == "Questions"
		case "answer", "Answer", "answers", "Answers":
			a = len(keyNodes)
			loose = loose || name == "answers" || name == "Answers"
		case "ground_truth", "ground_truths", "response", "reference":
			if a < 0 {
				a = len(keyNodes)
				if name == "ground_truths" {
					// Beside such a name the plural of questions is a column.
					defer func() {
						if d.Level == Loose && a >= 0 && t.Is(keyNodes[a], "ground_truths") {
							d.Level = Converted
						}
					}()
				}
			}
		}
		keyNodes = append(keyNodes, c)
	}
	if q < 0 || a < 0 || !d.texts(t.Next(keyNodes[q])) || !d.texts(t.Next(keyNodes[a])) {
		return false
	}
	d.Name, d.Level, d.Known = "columns", Converted, true
	if loose {
		d.Level = Loose
	}
	length := t.Len(t.Next(keyNodes[q]))
	for _, k := range keyNodes {
		if l := t.Len(t.Next(k)); l != length {
			d.fail("QA_COLUMNS_LENGTH", k, fmt.Sprintf("the column %q has %d entries, %q has %d", t.Text(keyNodes[q]), length, t.Text(k), l),
				"every question needs its answer at the same place")
			return true
		}
	}
	d.paper(n, 0, "", keyNodes...)
	d.Top[d.Rows].Name = "qa_pairs"
	d.each = func(yield func(*Row) bool) { d.transpose(n, keyNodes, q, a, yield) }
	return true
}

// texts says that the first element is a string: a column of texts.
func (d *Doc) texts(list uint32) bool {
	return d.t.Len(list) > 0 && d.t.Kind(d.t.First(list)) == '"'
}

// transpose yields a row for each place of the columns.
func (d *Doc) transpose(n uint32, columns []uint32, q, a int, yield func(*Row) bool) {
	t := d.t
	m := mapper{t: t}
	at := make([]uint32, len(columns))
	for i, k := range columns {
		at[i] = t.First(t.Next(k))
	}
	for end := t.Next(t.Next(columns[q])); at[q] < end; {
		r := m.reset(at[q])
		r.Kind, r.Level, r.Q, r.A = "columns", Converted, q, a
		for i, k := range columns {
			mem := Member{Key: k, Val: at[i]}
			switch {
			case i == q:
				mem.Name = "question"
			case i == a:
				mem.Name = "answer"
			case t.Is(k, "context") && t.Kind(at[i]) == '"':
				r.C = i
			}
			r.Members = append(r.Members, mem)
			at[i] = t.Next(at[i])
		}
		if !yield(r) {
			return
		}
	}
}
