// Package qa promises: bytes of a question-answer file in, canonical bytes and
// located problems out. It touches no disk, no clock and no log, and the same
// bytes with the same options give the same answer everywhere.
//
// # Design notes
//
// Normalise decodes the bytes (source), reads them into a flat tree with
// recovery (tree), finds the pairs (shape), checks them (this package and
// quality) and writes them (emit). Package problem names what can be wrong and
// package report shows it to people and machines.
//
// A file with an error is returned byte for byte. A file in a shape that the
// options forbid to convert is returned byte for byte and without an error.
// Normalising the output changes nothing any more.
package qa

import (
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/source"
	"qacorpus/sidecar/qa/tree"
)

// Options say how to read and write one file. The zero value is the default.
type Options struct {
	// Name is the file's name or path. Its ending decides between JSON and
	// JSON Lines, its stem is the paper_id where Shape is "paper".
	Name string
	// Convert is "all" (also when empty), "keys" or "none": which files that
	// hold pairs in another form are rewritten.
	Convert string
	// Shape is "paper" where lists are to be wrapped in an object.
	Shape string
	// Indent is the number of spaces a level, 0 means 2.
	Indent int
	// ASCII is "true" or "false" to escape beyond ASCII or not; anything else
	// follows the file's habit.
	ASCII string
	// MaxSize is the largest file that is read, in bytes; 0 means 64 MiB.
	MaxSize int64
	// Asked says that a person named the file: it counts whatever it holds.
	Asked bool
	// NamedAfterPDF says that a PDF in the corpus gives the file its name.
	NamedAfterPDF bool
	// ConflictCopy says that the file is a sync client's conflict copy.
	ConflictCopy bool
	// ErrorsOnly leaves out warnings and remarks, and the time that they take,
	// unless the file has an error and is reported anyway.
	ErrorsOnly bool
	// Loose allows the conversions that choose one of several readings.
	Loose bool
}

// Result is what Normalise found and made.
type Result struct {
	// Counts says whether the file is one of question-answer pairs at all. If
	// not, there are no problems and Output is the input.
	Counts bool
	// Shape says in a few words what the file was, "paper", "list", "alpaca".
	Shape string
	// Output is the canonical form. It is the very slice given to Normalise
	// where there is nothing to do, an error, or no permission.
	Output []byte
	// Changed says whether Output differs from the input.
	Changed bool
	// Changes says in plain words what was done; empty where Changed is false.
	Changes []string
	// Problems are sorted by their place in the file.
	Problems []problem.Problem
	// Pairs are the valid pairs of the file, in its order.
	Pairs []Pair
	// PaperID, Title and Source are the top-level members paper_id, title and
	// source, or that of the first pair for source.
	PaperID, Title, Source string

	text *source.Text
	tree *tree.Tree
}

// Pair is one valid pair, its texts decoded, without white space around
// question and answer.
type Pair struct {
	Question, Answer, Context string
	// Evidence is the text of the member evidence, if it has one.
	Evidence string
	// Row counts all rows of the file from 0, the broken ones included.
	Row int

	node                                uint32 // the object, or where there is none the question
	question, answer, context, evidence uint32
}

// Failed says whether the file has an error.
func (r *Result) Failed() bool {
	for i := range r.Problems {
		if r.Problems[i].Severity == problem.Error {
			return true
		}
	}
	return false
}

// defaultMaxSize is large enough for a quarter of a million pairs.
const defaultMaxSize = 64 << 20

func (o *Options) maxSize() int64 {
	// Offsets are 32 bits wide.
	const most = 1 << 31
	if o.MaxSize <= 0 {
		return defaultMaxSize
	}
	return min(o.MaxSize, most)
}

func (o *Options) indent() int {
	if o.Indent <= 0 {
		return 2
	}
	return min(o.Indent, 16)
}
