package tree

import "fmt"

// few is up to how many keys comparing each with each is cheaper than a map.
const few = 16

// duplicates reports keys that occur twice in the object that just ended.
func (p *parser) duplicates(obj uint32) {
	t := p.t
	var keys [few]uint32
	n := 0
	end := t.Nodes[obj].Next
	for k := obj + 1; k < end; k = t.Nodes[t.Nodes[k].Next].Next {
		if n == few {
			p.duplicatesMany(obj)
			return
		}
		for _, other := range keys[:n] {
			if p.same(other, k) {
				p.duplicate(obj, other, k)
				break
			}
		}
		keys[n] = k
		n++
	}
}

// same compares two keys.
func (p *parser) same(a, b uint32) bool {
	x, y := &p.t.Nodes[a], &p.t.Nodes[b]
	if (x.flags|y.flags)&(flagEscaped|flagBare) == 0 {
		return x.End-x.Start == y.End-y.Start && p.s[x.Start:x.End] == p.s[y.Start:y.End]
	}
	return p.t.Text(a) == p.t.Text(b)
}

func (p *parser) duplicatesMany(obj uint32) {
	t := p.t
	seen := make(map[string]uint32, 4*few) // key to the node that first had it
	for k := obj + 1; k < t.Nodes[obj].Next; k = t.Nodes[t.Nodes[k].Next].Next {
		text := t.Text(k)
		if first, ok := seen[text]; ok {
			p.duplicate(obj, first, k)
			continue
		}
		seen[text] = k
	}
}

func (p *parser) duplicate(obj, first, k uint32) {
	name := p.t.Text(k)
	if p.t.Nodes[k].flags&flagDamaged != 0 {
		return
	}
	p.stack = append(p.stack, frame{node: obj, key: k})
	p.reportValue("QA_DUP_KEY", int(p.t.Nodes[k].Start),
		fmt.Sprintf("the key %q occurs twice in this object", clip(name)),
		fmt.Sprintf("it stands at %s too; remove or rename one", p.where(int(p.t.Nodes[first].Start))))
	p.stack = p.stack[:len(p.stack)-1]
}
