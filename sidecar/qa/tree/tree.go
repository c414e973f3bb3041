// Package tree reads JSON text into a flat tree that knows where in the text
// each value stands, and goes on after a mistake where it is clear what was
// meant, so that all mistakes of a file come out at once.
//
// # Design notes
//
// A node is 16 bytes in one slice: a start, an end and the index of what
// follows its subtree. Strings and numbers are not copied; they stay as they
// are written until somebody asks. This is what makes a 64 MiB file cheap to
// look at, and lets the writer copy numbers digit by digit.
//
// The scanner is its own because no decoder recovers: jsontext, the
// strictest for Go, stops at the first mistake and knows no comments. That
// both agree on what is JSON and what is not is proved by fuzzing one against
// the other.
//
// After a mistake the scanner prefers silence to guessing: what follows on
// the same line is not reported again, a mismatched bracket is reported once
// per document, and mistakes of one habit (single quotes, Python's None) are
// reported at the first place with the number of the others.
package tree

import "qacorpus/sidecar/qa/problem"

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds. Bad is a value that was not understood and has been reported.
const (
	Bad Kind = iota
	Object
	Array
	String
	Number
	Literal
)

// Bits of Node.Flags.
const (
	// flagEscaped: the string holds a backslash.
	flagEscaped = 1 << iota
	// flagHigh: the string holds a byte of 0x7f or more.
	flagHigh
	// flagDamaged: something inside was reported.
	flagDamaged
	// flagBare: a string without plain double quotes around it, reported.
	flagBare
)

// Node is one value of the text, or one key.
type Node struct {
	Start, End uint32 // S[Start:End] is the value as written, quotes included
	Next       uint32 // index of the node after this one's subtree
	Kind       Kind
	flags      uint8
}

// Tree is what was read. Children of an array follow it; children of an
// object are its keys, each followed by its value.
type Tree struct {
	S     string
	Nodes []Node
	// Roots are the top-level values: one in JSON, one a line in JSON Lines.
	Roots []uint32
	// Lines says that the text was read line by line.
	Lines bool
	// Problems are located by Offset only.
	Problems []problem.Problem
	// Comments, Commas and Fence say what was passed over without a report.
	Comments, Commas int
	Fence            bool
	// Gone says that reading stopped early: nothing can be said about the
	// values that follow, nor about the shape of the whole.
	Gone bool
}

// Damaged says whether something inside the value was reported.
func (t *Tree) Damaged(n uint32) bool { return t.Nodes[n].flags&flagDamaged != 0 }

// Plain says whether the string stands for itself: no escapes, ASCII only.
func (t *Tree) Plain(n uint32) bool { return t.Nodes[n].flags&(flagEscaped|flagHigh|flagBare) == 0 }

// Escaped says whether the string holds a backslash.
func (t *Tree) Escaped(n uint32) bool { return t.Nodes[n].flags&(flagEscaped|flagBare) != 0 }

// Raw is the value as written.
func (t *Tree) Raw(n uint32) string { x := &t.Nodes[n]; return t.S[x.Start:x.End] }

// First is the first child of a container, or what follows it when it is empty.
func (t *Tree) First(n uint32) uint32 { return n + 1 }

// Next is the index after the subtree of n: the next element, or a key's value.
func (t *Tree) Next(n uint32) uint32 { return t.Nodes[n].Next }

// Kind is the kind of the node.
func (t *Tree) Kind(n uint32) Kind { return t.Nodes[n].Kind }

// Len counts the elements of an array or the members of an object.
func (t *Tree) Len(n uint32) int {
	count := 0
	for c, end := n+1, t.Nodes[n].Next; c < end; c = t.Nodes[c].Next {
		count++
	}
	if t.Nodes[n].Kind == Object {
		count /= 2
	}
	return count
}

// Get is the value of the first member of that name, and whether there is one.
func (t *Tree) Get(obj uint32, name string) (uint32, bool) {
	if t.Nodes[obj].Kind != Object {
		return 0, false
	}
	for k, end := obj+1, t.Nodes[obj].Next; k < end; {
		v := t.Nodes[k].Next
		if t.Is(k, name) {
			return v, true
		}
		k = t.Nodes[v].Next
	}
	return 0, false
}

// Is says whether the string node's text is s.
func (t *Tree) Is(n uint32, s string) bool {
	x := &t.Nodes[n]
	if x.flags&(flagEscaped|flagBare) == 0 {
		return int(x.End-x.Start) == len(s)+2 && t.S[x.Start+1:x.End-1] == s
	}
	return t.Text(n) == s
}
