package tree

import (
	"strconv"
	"strings"
)

// Pointer is the JSON Pointer of a node, found by walking down from the top.
// A key has the pointer of its value.
func (t *Tree) Pointer(n uint32) string {
	var b strings.Builder
	for _, root := range t.Roots {
		if root <= n && n < t.Nodes[root].Next {
			t.pointer(&b, root, n)
			break
		}
	}
	return b.String()
}

func (t *Tree) pointer(b *strings.Builder, from, n uint32) {
	for from != n {
		object := t.Nodes[from].Kind == Object
		i, found := 0, false
		for c, end := from+1, t.Nodes[from].Next; c < end; i++ {
			v := c
			if object {
				v = t.Nodes[c].Next
			}
			if next := t.Nodes[v].Next; n < next {
				b.WriteByte('/')
				if object {
					escapeToken(b, t.Text(c))
				} else {
					b.WriteString(strconv.Itoa(i))
				}
				if n == c {
					return
				}
				from, found = v, true
				break
			}
			c = t.Nodes[v].Next
		}
		if !found {
			return
		}
	}
}
