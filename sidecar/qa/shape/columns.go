package shape

import "fmt"

// columnSet are the lists beside each other in one object.
type columnSet struct {
	keys  []uint32 // their key nodes
	q, a  int      // indices in keys of questions and answers, or -1
	loose bool     // only the plural says that these are columns
}

// readColumns collects the lists of an object. In the singular, question and
// answer name a column; questions and answers may as well be two lists that
// happen to be equally long.
func (d *Doc) readColumns(n uint32) columnSet {
	t := d.t
	set := columnSet{q: -1, a: -1}
	plural, truths := false, false
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		if t.Kind(t.Next(c)) != '[' {
			continue
		}
		i, _ := identify(t, c)
		switch {
		case i == idQuestion || i == idQuestions:
			set.q = len(set.keys)
			plural = plural || i == idQuestions
		case i == idAnswer || i == idAnswers:
			set.a = len(set.keys)
			plural = plural || i == idAnswers
		case set.a < 0 && (i == idGroundTruth || i == idResponse || i == idReference):
			set.a = len(set.keys)
			truths = i == idGroundTruth
		}
		set.keys = append(set.keys, c)
	}
	set.loose = plural && !truths
	return set
}

// columns recognises one list of questions beside one of answers.
func (d *Doc) columns(n uint32) bool {
	t := d.t
	set := d.readColumns(n)
	if set.q < 0 || set.a < 0 || !d.texts(t.Next(set.keys[set.q])) || !d.texts(t.Next(set.keys[set.a])) {
		return false
	}
	d.Name, d.Level, d.Known = "columns", Converted, true
	if set.loose {
		d.Level = Loose
	}
	length := t.Len(t.Next(set.keys[set.q]))
	for _, k := range set.keys {
		if l := t.Len(t.Next(k)); l != length {
			d.fail("QA_COLUMNS_LENGTH", k, fmt.Sprintf("the column %q has %d entries, %q has %d", t.Text(set.keys[set.q]), length, t.Text(k), l),
				"every question needs its answer at the same place")
			return true
		}
	}
	d.paper(n, 0, "", set.keys...)
	d.each = func(yield func(*Row) bool) { d.transpose(set, yield) }
	return true
}

// texts says that the first element is a string: a column of texts.
func (d *Doc) texts(list uint32) bool {
	return d.t.Len(list) > 0 && d.t.Kind(d.t.First(list)) == '"'
}

// transpose yields a row for each place of the columns.
func (d *Doc) transpose(set columnSet, yield func(*Row) bool) {
	t := d.t
	m := mapper{t: t}
	q, a := set.q, set.a
	at := make([]uint32, len(set.keys))
	for i, k := range set.keys {
		at[i] = t.First(t.Next(k))
	}
	for end := t.Next(t.Next(set.keys[q])); at[q] < end; {
		r := m.reset(at[q])
		r.Kind, r.Level, r.Q, r.A = "columns", Converted, q, a
		for i, k := range set.keys {
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
