// Package shape finds question-answer pairs in JSON of many shapes, and says
// for each pair which members the canonical form gives it, so that nothing of
// the file is lost on the way.
//
// # Design notes
//
// Nothing is copied: a Row lists the members of one pair as references into
// the tree, with new names where keys are renamed. Reading a file is one pass
// over its rows, writing it is a second pass over the same rows.
//
// A shape is taken for pairs only where one reading is possible. What could
// be something else (Alpaca's input, lists that happen to be equally long) is
// Loose and left to the person, who can ask for it.
package shape

import (
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/tree"
)

// How far a row or a file is from the canonical form: Exact needs no change
// of keys; Keys renames keys only; Converted changes the structure without
// loss; Loose chooses one of several readings.
const (
	Exact = iota
	Keys
	Converted
	Loose
)

// Member is one member of an object as it is to be written.
type Member struct {
	// Name is the new key; empty where the key stays as the node Key has it.
	Name string
	Key  uint32
	// Val is the value's node. Where Made is set, the value is Text instead.
	Val  uint32
	Made bool
	Text string
	// Omit lists key nodes that are left out of the value, an object.
	Omit []uint32
}

type code = problem.Code

// issue is something wrong with the shape, at a node of the tree.
type issue struct {
	Code          problem.Code
	Node          uint32
	Pointer       string
	Message, Hint string
}

// Row is one pair. It is valid until the next one is asked for.
type Row struct {
	Node    uint32 // the object it was read from
	Pointer string // of that object; computed only for issues and by Doc.Pointer
	Members []Member
	// Q, A and C are the indices in Members of question, answer and context,
	// or -1.
	Q, A, C int
	Level   int
	Kind    string // what the row was, for the file's shape
	Issue   *issue // why it is no pair, where shape is the reason
	// Alien says that the row has neither question nor answer.
	Alien bool
}

// Doc is a file whose shape was recognised, or was not: then Issue says so.
type Doc struct {
	// Lines says that each pair is written on a line; Paper, that the pairs
	// are a member of an object. Else they are a list.
	Lines, Paper bool
	// Name is the shape in a word, as list shows it.
	Name string
	// Level is that of the top level alone; rows have their own.
	Level int
	// Top are the top-level members of a Paper; Rows is the index of the one
	// that holds the pairs.
	Top  []Member
	Rows int
	// Sure says that the top level alone shows that these are pairs.
	Sure bool
	// Issue is why nothing can be read at all.
	Issue *issue
	// Known says that Issue is about a shape that holds pairs.
	Known bool

	t    *tree.Tree
	each func(yield func(*Row) bool)
}

// Each calls yield for every row until it returns false.
func (d *Doc) Each(yield func(*Row) bool) {
	if d.each != nil {
		d.each(yield)
	}
}

// Refuse makes the whole file one of a shape that cannot be read.
func (d *Doc) Refuse(c problem.Code, n uint32, message, hint string) {
	d.fail(c, n, message, hint)
	d.Known = true
}
