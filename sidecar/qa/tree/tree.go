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

// The kinds of values, by the characters that they begin with, as in jsontext;
// a literal is null, true or false. A bad value was not understood and has
// been reported.
const (
	kindBad     = 0
	kindObject  = '{'
	kindArray   = '['
	kindString  = '"'
	kindNumber  = '0'
	kindLiteral = 'n'
)

// Bits of node.flags.
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

// node is one value of the text, or one key.
type node struct {
	start, end uint32 // S[start:end] is the value as written, quotes included
	next       uint32 // index of the node after this one's subtree
	kind       byte
	flags      uint8
}

// Tree is what was read. Children of an array follow it; children of an
// object are its keys, each followed by its value.
type Tree struct {
	S     string
	nodes []node
	// Roots are the top-level values: one in JSON, one a line in JSON Lines.
	Roots []uint32
	// Lines says that the text was read line by line.
	Lines bool
	// Problems are located by Offset only.
	Problems []problem.Problem
	// Comments and Commas count what was passed over without a report.
	Comments, Commas int
	// Gone says that reading stopped early: nothing can be said about the
	// values that follow, nor about the shape of the whole.
	Gone bool
}

// Damaged says whether something inside the value was reported.
func (t *Tree) Damaged(n uint32) bool { return t.nodes[n].flags&flagDamaged != 0 }

// Plain says whether the string stands for itself: no escapes, ASCII only.
func (t *Tree) Plain(n uint32) bool { return t.nodes[n].flags&(flagEscaped|flagHigh|flagBare) == 0 }

// Escaped says whether the string holds a backslash.
func (t *Tree) Escaped(n uint32) bool { return t.nodes[n].flags&(flagEscaped|flagBare) != 0 }

// Raw is the value as written.
func (t *Tree) Raw(n uint32) string { x := &t.nodes[n]; return t.S[x.start:x.end] }

// First is the first child of a container, or what follows it when it is empty.
func (t *Tree) First(n uint32) uint32 { return n + 1 }

// Next is the index after the subtree of n: the next element, or a key's value.
func (t *Tree) Next(n uint32) uint32 { return t.nodes[n].next }

// Kind is '{', '[', '"' (a key, too), '0' for a number, 'n' for null, true and
// false, and 0 for what was not understood.
func (t *Tree) Kind(n uint32) byte { return t.nodes[n].kind }

// Start is the offset in S at which the node begins.
func (t *Tree) Start(n uint32) int { return int(t.nodes[n].start) }

// Size is how many nodes there are.
func (t *Tree) Size() int { return len(t.nodes) }

// Len counts the elements of an array or the members of an object.
func (t *Tree) Len(n uint32) int {
	count := 0
	for c, end := n+1, t.nodes[n].next; c < end; c = t.nodes[c].next {
		count++
	}
	if t.nodes[n].kind == kindObject {
		count /= 2
	}
	return count
}

// Get is the value of the first member of that name, and whether there is one.
func (t *Tree) Get(obj uint32, name string) (uint32, bool) {
	if t.nodes[obj].kind != kindObject {
		return 0, false
	}
	for k, end := obj+1, t.nodes[obj].next; k < end; {
		v := t.nodes[k].next
		if t.Is(k, name) {
			return v, true
		}
		k = t.nodes[v].next
	}
	return 0, false
}

// Is says whether the string node's text is s.
func (t *Tree) Is(n uint32, s string) bool {
	x := &t.nodes[n]
	if x.flags&(flagEscaped|flagBare) == 0 {
		return int(x.end-x.start) == len(s)+2 && t.S[x.start+1:x.end-1] == s
	}
	return t.Text(n) == s
}
