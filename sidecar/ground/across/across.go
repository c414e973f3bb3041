// Package across finds pairs that occur in more than one file of a corpus, and
// above all those that are in training and in evaluation data.
//
// # Design notes
//
// "What is the main contribution of this paper?" is asked of every paper, so
// across files only question and answer together make a pair the same, or the
// question alone where both files belong to one paper. A file that is a copy or
// a collection of others repeats hundreds of pairs; that is one thing to know,
// not hundreds, so there is one Overlap per pair of files.
//
// Candidates come from hash tables (the paper and the question's words, and
// MinHash keys of question and answer together), and are then compared in full. A changed file
// costs its own pairs and their matches only. An Index is not safe for
// concurrent use.
package across

import (
	"slices"
	"strings"

	"qacorpus/sidecar/ground/similar"
	"qacorpus/sidecar/qa/problem"
)

// Pair is one pair of a file.
type Pair struct {
	Pointer          string // JSON Pointer of the pair
	Question, Answer string
}

// File is a file of pairs. Path identifies it.
type File struct {
	Path  string
	Paper string // what it belongs to: the PDF's path or any identifier; may be empty
	Eval  bool   // meant for evaluation; see IsEval. All else is taken to be trained on.
	Pairs []Pair
}

// Overlap says that pairs of a file are in another file as well.
type Overlap struct {
	// Code is QA_LEAKAGE where one of the files is for evaluation and the other
	// not, else QA_DUP_QUESTION or, where no pair is the same word by word,
	// QA_NEAR_DUP.
	Code  problem.Code
	Other string // path of the other file
	Eval  bool   // the other file is the one for evaluation
	Twins []Twin // in the order of the file's pairs, at most one for each
	Pairs int    // how many pairs the file has
}

// Twin is a pair of the file and its like in the other.
type Twin struct {
	Pointer, Other string // JSON Pointers
	Same           bool   // the same words in question and answer
}

// Index knows the pairs of all files.
type Index struct {
	files     map[string]*file
	questions map[question][]place // by paper and the question's words
	keys      map[uint64][]place   // by the keys of the sketch of question and answer
}

type file struct {
	path, paper string
	eval        bool
	pairs       []pair
}

type pair struct {
	pointer          string
	question, answer similar.Text
	keys             [8]uint64
}

// place is a pair of a file.
type place struct {
	file *file
	pair int32
}

// New makes an empty index.
func New() *Index {
	return &Index{files: map[string]*file{}, questions: map[question][]place{}, keys: map[uint64][]place{}}
}

// Put adds a file, or replaces what was known of it. It returns the paths of
// the other files whose overlaps may have changed by that, sorted.
func (x *Index) Put(f File) []string {
	touched := x.neighbours(x.files[f.Path])
	x.Add(f)
	touched = append(touched, x.neighbours(x.files[f.Path])...)
	slices.Sort(touched)
	return slices.Compact(touched)
}

// Add is Put for when it does not matter whose overlaps change, as when all
// files are put in at the start. It takes a third of the time.
func (x *Index) Add(f File) {
	x.drop(f.Path)
	n := &file{path: f.Path, paper: f.Paper, eval: f.Eval, pairs: make([]pair, len(f.Pairs))}
	for i, p := range f.Pairs {
		q, a := similar.Of(p.Question), similar.Of(p.Answer)
		s := q.Sketch(a)
		n.pairs[i] = pair{p.Pointer, q, a, s.Keys()}
		at := place{n, int32(i)}
		asked := n.asked(&n.pairs[i])
		x.questions[asked] = append(x.questions[asked], at)
		for _, k := range n.pairs[i].keys {
			x.keys[k] = append(x.keys[k], at)
		}
	}
	x.files[f.Path] = n
}

// Remove forgets a file and returns the paths of the files whose overlaps
// changed by that, sorted.
func (x *Index) Remove(path string) []string {
	touched := x.neighbours(x.files[path])
	x.drop(path)
	return touched
}

func (x *Index) drop(path string) {
	f := x.files[path]
	if f == nil {
		return
	}
	delete(x.files, path)
	for i := range f.pairs {
		p := &f.pairs[i]
		cut(x.questions, f.asked(p), f)
		for _, k := range p.keys {
			cut(x.keys, k, f)
		}
	}
}

// cut takes the places of f away from a key.
func cut[K comparable](m map[K][]place, key K, f *file) {
	rest := slices.DeleteFunc(m[key], func(p place) bool { return p.file == f })
	if len(rest) == 0 {
		delete(m, key)
	} else {
		m[key] = rest
	}
}

func (x *Index) neighbours(f *file) []string {
	var paths []string
	for _, o := range x.overlaps(f) {
		paths = append(paths, o.Other)
	}
	return paths
}

// Overlaps lists what the file has in common with others: leakage first, then
// the largest, then by path.
func (x *Index) Overlaps(path string) []Overlap {
	found := x.overlaps(x.files[path])
	slices.SortFunc(found, func(a, b Overlap) int {
		if la, lb := a.Code == "QA_LEAKAGE", b.Code == "QA_LEAKAGE"; la != lb {
			if la {
				return -1
			}
			return 1
		}
		if d := len(b.Twins) - len(a.Twins); d != 0 {
			return d
		}
		return strings.Compare(a.Other, b.Other)
	})
	return found
}

// overlaps are sorted by path.
func (x *Index) overlaps(f *file) []Overlap {
	if f == nil {
		return nil
	}
	twins := map[*file]map[int32]Twin{}
	for i := range f.pairs {
		x.twins(f, int32(i), twins)
	}
	found := make([]Overlap, 0, len(twins))
	for other, t := range twins {
		o := Overlap{Code: "QA_NEAR_DUP", Other: other.path, Eval: other.eval, Pairs: len(f.pairs)}
		for i := range f.pairs {
			if twin, ok := t[int32(i)]; ok {
				o.Twins = append(o.Twins, twin)
				if twin.Same {
					o.Code = "QA_DUP_QUESTION"
				}
			}
		}
		if f.eval != other.eval {
			o.Code = "QA_LEAKAGE"
		}
		found = append(found, o)
	}
	slices.SortFunc(found, func(a, b Overlap) int { return strings.Compare(a.Other, b.Other) })
	return found
}

// twins adds the twins of pair i of f in other files.
func (x *Index) twins(f *file, i int32, twins map[*file]map[int32]Twin) {
	p := &f.pairs[i]
	look := func(at place) {
		if at.file == f {
			return
		}
		old, known := twins[at.file][i]
		if known && old.Same {
			return
		}
		o := &at.file.pairs[at.pair]
		same, near := compare(f, at.file, p, o)
		if !near || known && !same {
			return
		}
		if twins[at.file] == nil {
			twins[at.file] = map[int32]Twin{}
		}
		twins[at.file][i] = Twin{Pointer: p.pointer, Other: o.pointer, Same: same}
	}
	all := func(places []place) {
		if len(places) > crowd {
			return
		}
		for _, at := range places {
			look(at)
		}
	}
	all(x.questions[f.asked(p)])
	for _, k := range p.keys {
		all(x.keys[k])
	}
}

// crowd is how many pairs with one key are looked at. More come from boiler-
// plate that every file has, which is nobody's news, and would cost the square
// of their number.
const crowd = 1000

// asked is the key under which a question is found again in the files of the
// same paper.
func (f *file) asked(p *pair) question {
	if f.paper == "" {
		return question{f.path, p.question.Hash()} // nobody else's
	}
	return question{f.paper, p.question.Hash()}
}

// question is a question asked of a paper.
type question struct {
	paper string
	hash  uint64
}

// alike is the share of words that two answers to the same question of
// different papers must have in common to be one answer.
const alike = 0.6

func compare(f, g *file, p, o *pair) (same, near bool) {
	if p.question.Score(o.question) == 0 { // nothing but signs
		return false, false
	}
	if p.question.Hash() == o.question.Hash() {
		if p.answer.Hash() == o.answer.Hash() {
			return true, true
		}
		onePaper := f.paper != "" && f.paper == g.paper
		return false, onePaper || p.answer.Score(o.answer) >= alike
	}
	return false, p.question.Near(o.question) && p.answer.Near(o.answer)
}
