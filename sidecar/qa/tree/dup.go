package tree

import "fmt"

// few is up to how many keys comparing each with each is cheaper than a map.
const few = 16

// duplicates reports keys that occur twice in the object that just ended.
func (p *parser) duplicates(obj uint32) {
	t := p.t
	var keys [few]uint32
	n := 0
	var d twice
	end := t.nodes[obj].next
	for k := obj + 1; k < end; k = t.nodes[t.nodes[k].next].next {
		if n == few {
			p.duplicatesMany(obj)
			return
		}
		for _, other := range keys[:n] {
			if p.same(other, k) {
				d.add(other, k)
				break
			}
		}
		keys[n] = k
		n++
	}
	p.duplicate(obj, d)
}

// same compares two keys.
func (p *parser) same(a, b uint32) bool {
	x, y := &p.t.nodes[a], &p.t.nodes[b]
	if (x.flags|y.flags)&(flagEscaped|flagBare) == 0 {
		return x.end-x.start == y.end-y.start && p.s[x.start:x.end] == p.s[y.start:y.end]
	}
	return p.t.Text(a) == p.t.Text(b)
}

func (p *parser) duplicatesMany(obj uint32) {
	t := p.t
	var d twice
	seen := make(map[string]uint32, 4*few) // key to the node that first had it
	for k := obj + 1; k < t.nodes[obj].next; k = t.nodes[t.nodes[k].next].next {
		text := t.Text(k)
		if first, ok := seen[text]; ok {
			d.add(first, k)
			continue
		}
		seen[text] = k
	}
	p.duplicate(obj, d)
}

// twice are the keys of one object that came again.
type twice struct {
	first, again uint32
	count        int
}

func (d *twice) add(first, again uint32) {
	if d.count++; d.count == 1 {
		d.first, d.again = first, again
	}
}

// duplicate reports them once for the object: several at once are one
// mistake, two objects that grew together.
func (p *parser) duplicate(obj uint32, d twice) {
	if d.count == 0 || p.t.nodes[d.again].flags&flagDamaged != 0 {
		return
	}
	message := fmt.Sprintf("the key %q occurs twice in this object", clip(p.t.Text(d.again)))
	hint := fmt.Sprintf("it stands at %s too; remove or rename one", p.where(int(p.t.nodes[d.first].start)))
	if d.count > 1 {
		message += " (and " + plural(d.count-1, "more key") + ")"
		hint = fmt.Sprintf("it stands at %s too; perhaps }, { is missing before this one", p.where(int(p.t.nodes[d.first].start)))
	}
	p.stack = append(p.stack, frame{node: obj, key: d.again})
	p.reportValue("QA_DUP_KEY", int(p.t.nodes[d.again].start), message, hint)
	p.stack = p.stack[:len(p.stack)-1]
}
