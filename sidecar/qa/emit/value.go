package emit

import (
	"qacorpus/sidecar/qa/shape"
)

func (w *writer) byte(c byte) { w.out.Bytes = append(w.out.Bytes, c) }

func (w *writer) raw(s string) { w.out.Bytes = append(w.out.Bytes, s...) }

// separate begins the nth member or element of a container.
func (w *writer) separate(n, depth int) {
	if n > 0 {
		w.byte(',')
		if w.line {
			w.byte(' ')
		}
	}
	w.newline(depth)
}

// newline goes to the next line, unless all stands on one.
func (w *writer) newline(depth int) {
	if w.line {
		return
	}
	w.byte('\n')
	const blanks = "                                "
	for n := depth * w.style.Indent; n > 0; n -= len(blanks) {
		w.raw(blanks[:min(n, len(blanks))])
	}
}

// key writes a member's key and the colon.
func (w *writer) key(m *shape.Member) {
	if m.Name != "" {
		w.text(m.Name)
	} else {
		w.str(m.Key)
	}
	w.raw(": ")
}

func (w *writer) memberValue(m *shape.Member, depth int, trim bool) {
	switch {
	case m.Made:
		w.text(m.Text)
	case trim && w.t.Kind(m.Val) == '"':
		w.trimmed(m.Val)
	default:
		w.value(m.Val, depth, m.Omit)
	}
}

// value writes a value with all that is in it; omit are keys to leave out of
// it, not of what it holds.
func (w *writer) value(n uint32, depth int, omit []uint32) {
	t := w.t
	switch t.Kind(n) {
	case '"':
		w.str(n)
	case '[':
		w.byte('[')
		i := 0
		for c, end := t.First(n), t.Next(n); c < end; c = t.Next(c) {
			w.separate(i, depth+1)
			i++
			w.value(c, depth+1, nil)
		}
		if i > 0 {
			w.newline(depth)
		}
		w.byte(']')
	case '{':
		w.object(n, depth, omit)
	default:
		w.raw(t.Raw(n))
	}
}

func (w *writer) object(n uint32, depth int, omit []uint32) {
	t := w.t
	w.byte('{')
	i := 0
next:
	for c, end := t.First(n), t.Next(n); c < end; c = t.Next(t.Next(c)) {
		for _, o := range omit {
			if o == c {
				continue next
			}
		}
		w.separate(i, depth+1)
		i++
		w.str(c)
		w.raw(": ")
		w.value(t.Next(c), depth+1, nil)
	}
	if i > 0 {
		w.newline(depth)
	}
	w.byte('}')
}
