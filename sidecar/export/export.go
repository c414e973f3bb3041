// Package export turns the valid pairs of a corpus into training data: the same
// sources and options give the same bytes everywhere, no paper is in both
// training and evaluation data, and whatever was left out is told.
//
// # Design notes
//
// A split by share is by the hash of each paper's identity, so a paper stays
// where it is while others come and go. Papers that nearly repeat each other, or
// whose files share a pair, are one group and go together: the group's smallest
// hash decides. A newcomer can bring a smaller hash into a group, or tie two
// groups together; with the manifest of the last export at hand, what was
// evaluated on stays so.
//
// The package writes to what it is given and reads nothing.
package export

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"qacorpus/sidecar/ground/across"
	"qacorpus/sidecar/ground/similar"
)

// Pair is a valid pair of a source.
type Pair struct {
	Pointer                   string // JSON Pointer, for telling which was left out
	Question, Answer, Context string
}

// LeftOut says why a pair, or with an empty Pointer a whole source, is not in
// the export.
type LeftOut struct {
	Path    string `json:"path"`
	Pointer string `json:"pointer,omitempty"`
	Reason  string `json:"reason"`
}

// Source is a file of pairs.
type Source struct {
	Path   string // for the manifest: relative to the watched folder
	SHA256 string // of the file's bytes, in hex
	// Paper identifies the paper, in a way that outlives a new download of its
	// PDF: its paper_id, or the PDF's name. Empty stands for the file itself.
	Paper string
	// Text is the paper's text, as far as known, for finding papers that nearly
	// repeat each other: two versions of one, say.
	Text    similar.Text
	Eval    bool // marked for evaluation
	Pairs   []Pair
	LeftOut []LeftOut // what the file has besides: its invalid pairs
}

// Options say what to write. The zero value writes every pair as the notebook's
// train.jsonl has it.
type Options struct {
	Format  string // "jsonl" (or ""), "alpaca", "messages" or "sharegpt"
	Context bool   // write the pairs' contexts too
	// EvalShare above 0 puts that share of the papers into the part eval, and
	// all sources marked Eval.
	EvalShare float64
	// Marked puts the sources marked Eval, and no others, into the part eval.
	Marked bool
	// Last is the manifest of the last export, if there is one: papers stay in
	// the part they had.
	Last []byte
	// Dedupe writes a pair once that occurs several times with the same words,
	// whatever their case and white space; of the two parts, in eval.
	Dedupe bool
	// AllowLeakage writes pairs to train that are in eval as well.
	AllowLeakage bool
}

// Export is what is to be written.
type Export struct {
	Parts   []Part // train, then eval where there is a split
	LeftOut []LeftOut
	Notes   []string // plain sentences worth showing

	options Options
	sources []*source
	index   *across.Index // of all pairs, once somebody needed it
}

// Part is one file of the export.
type Part struct {
	Name   string `json:"name"` // "train" or "eval"
	Lines  int    `json:"lines"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const (
	train = "train"
	eval  = "eval"
)

type source struct {
	Source
	part  string
	pairs []pair // the valid ones, stripped
}

type pair struct {
	Pair
	dropped bool // because it repeats another
}

// count gives the number of pairs that are written.
func (s *source) count() int {
	n := 0
	for _, p := range s.pairs {
		if !p.dropped {
			n++
		}
	}
	return n
}

// Build decides what goes where. Its error is a *LeakageError where training
// data would repeat evaluation data, else about wrong options.
func Build(sources []Source, o Options) (*Export, error) {
	if _, ok := formats(o.Format); !ok {
		return nil, fmt.Errorf("unknown format %q: use jsonl, alpaca, messages or sharegpt", o.Format)
	}
	if !(o.EvalShare >= 0 && o.EvalShare < 1) {
		return nil, fmt.Errorf("share for evaluation is %g: use a part of 1, such as 0.1", o.EvalShare)
	}
	if o.EvalShare > 0 && o.Marked {
		return nil, errors.New("split by share and by marks at once: use one of them")
	}
	x := &Export{options: o}
	for _, s := range sources {
		x.sources = append(x.sources, &source{Source: s, part: train})
	}
	x.clean()
	if err := x.split(); err != nil {
		return nil, err
	}
	if o.Dedupe {
		x.dedupe()
	}
	if err := x.leakage(); err != nil {
		return nil, err
	}
	names := []string{train}
	if o.EvalShare > 0 || o.Marked {
		names = append(names, eval)
	}
	for _, name := range names {
		p, err := x.measure(name)
		if err != nil {
			return nil, err
		}
		x.Parts = append(x.Parts, p)
	}
	return x, nil
}

// clean strips the pairs as the notebook does and leaves out what is empty then.
func (x *Export) clean() {
	for _, s := range x.sources {
		x.LeftOut = append(x.LeftOut, s.LeftOut...)
		s.pairs = make([]pair, 0, len(s.Pairs))
		for _, p := range s.Pairs {
			p.Question, p.Answer, p.Context = strip(p.Question), strip(p.Answer), strip(p.Context)
			switch {
			case p.Question == "":
				x.leave(s, p, "the question is empty")
			case p.Answer == "":
				x.leave(s, p, "the answer is empty")
			case !utf8.ValidString(p.Question) || !utf8.ValidString(p.Answer) || !utf8.ValidString(p.Context):
				x.leave(s, p, "the text is not UTF-8")
			default:
				s.pairs = append(s.pairs, pair{Pair: p})
			}
		}
	}
}

func (x *Export) leave(s *source, p Pair, reason string) {
	x.LeftOut = append(x.LeftOut, LeftOut{Path: s.Path, Pointer: p.Pointer, Reason: reason})
}

// dedupe keeps the first of pairs with the same words, those of eval before
// those of train.
func (x *Export) dedupe() {
	type words struct{ question, answer, context string }
	type first struct{ path, pointer string }
	seen := map[words]first{}
	for _, part := range []string{eval, train} {
		for _, s := range x.sources {
			if s.part != part {
				continue
			}
			for i := range s.pairs {
				p := &s.pairs[i]
				w := words{question: plain(p.Question), answer: plain(p.Answer)}
				if x.options.Context {
					w.context = plain(p.Context)
				}
				if f, ok := seen[w]; ok {
					p.dropped = true
					x.leave(s, p.Pair, "the same pair is in "+printable(f.path)+" at "+f.pointer)
				} else {
					seen[w] = first{s.Path, p.Pointer}
				}
			}
		}
	}
}

// measure counts and hashes what Write will write.
func (x *Export) measure(name string) (Part, error) {
	h := sha256.New()
	n := &counter{w: h}
	err := x.Write(name, n)
	p := Part{Name: name, Bytes: n.bytes, SHA256: hex.EncodeToString(h.Sum(nil))}
	for _, s := range x.sources {
		if s.part == name {
			p.Lines += s.count()
		}
	}
	return p, err
}

type counter struct {
	w     io.Writer
	bytes int64
}

func (c *counter) Write(b []byte) (int, error) {
	c.bytes += int64(len(b))
	return c.w.Write(b)
}

// Write writes the part, one pair a line, the sources in the order in which
// they were given.
func (x *Export) Write(part string, w io.Writer) error {
	line, _ := formats(x.options.Format)
	buf := make([]byte, 0, 64<<10)
	for _, s := range x.sources {
		if s.part != part {
			continue
		}
		for _, p := range s.pairs {
			if p.dropped {
				continue
			}
			buf = append(line(buf, p.Pair, x.options.Context), '\n')
			if len(buf) < 48<<10 {
				continue
			}
			if _, err := w.Write(buf); err != nil {
				return fmt.Errorf("write %s: %w", part, err)
			}
			buf = buf[:0]
		}
	}
	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("write %s: %w", part, err)
	}
	return nil
}
