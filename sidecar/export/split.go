package export

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"qacorpus/sidecar/ground/across"
)

// sameWork is the share of words in common from which two papers are taken for
// versions of one work. Of the first four pages of 21 papers, most of them about
// language models, no two had more than 0.23 in common; the same pages read by
// two extractors, columns and formulas apart, had 0.81 and more (one 0.65).
const sameWork = 0.5

// split puts each source into a part.
func (x *Export) split() error {
	last, err := lastParts(x.options.Last)
	if err != nil {
		return err
	}
	switch {
	case x.options.Marked:
		x.splitMarked()
	case x.options.EvalShare > 0:
		x.splitShare(last)
	default:
		return nil
	}
	count := map[string]int{}
	for _, s := range x.sources {
		count[s.part] += s.count()
	}
	for _, part := range []string{train, eval} {
		if count[part] == 0 {
			x.Notes = append(x.Notes, fmt.Sprintf("no pair is in %s: there are %d files in all", part, len(x.sources)))
		}
	}
	return nil
}

func (x *Export) splitMarked() {
	papers := map[string]string{}
	both := map[string]bool{}
	for _, s := range x.sources {
		if s.Eval {
			s.part = eval
		}
		if p := s.paper(); papers[p] != "" && papers[p] != s.part {
			both[p] = true
		}
		papers[s.paper()] = s.part
	}
	if len(both) > 0 {
		x.Notes = append(x.Notes, fmt.Sprintf("%d papers have files in train and in eval: questions about them are not new to the model", len(both)))
	}
}

// paper identifies the source's paper.
func (s *source) paper() string {
	if s.Paper == "" {
		return s.Path
	}
	return s.Paper
}

// splitShare groups the papers that must stay together and puts each group
// where its smallest hash says.
func (x *Export) splitShare(last map[string]string) {
	g := groups{}
	byText(x.sources, g)
	x.byPairs(g)
	smallest := map[string]float64{}
	forced := map[string]string{}
	for _, s := range x.sources {
		root := g.root(s.paper())
		if h, ok := smallest[root]; !ok || fraction(s.paper()) < h {
			smallest[root] = fraction(s.paper())
		}
		if s.Eval || last[printable(s.paper())] == eval {
			forced[root] = eval
		} else if last[printable(s.paper())] == train && forced[root] == "" {
			forced[root] = train
		}
	}
	for _, s := range x.sources {
		root := g.root(s.paper())
		if forced[root] == eval || forced[root] == "" && smallest[root] < x.options.EvalShare {
			s.part = eval
		}
	}
}

// fraction is a number from 0 to 1 that depends on the paper alone.
func fraction(paper string) float64 {
	h := sha256.Sum256([]byte("qacorpus split\x00" + paper))
	return float64(binary.BigEndian.Uint64(h[:])>>11) / (1 << 53)
}

// groups joins papers: each names another of its group, or is its root.
type groups map[string]string

func (g groups) root(p string) string {
	for {
		up, ok := g[p]
		if !ok || up == p {
			return p
		}
		if over, ok := g[up]; ok {
			g[p] = over
		}
		p = up
	}
}

func (g groups) join(p, q string) {
	// the smaller name is the root, so that the order of the sources is nothing
	if a, b := g.root(p), g.root(q); a < b {
		g[b] = a
	} else if b < a {
		g[a] = b
	}
}

// byText joins papers with nearly the same text.
func byText(sources []*source, g groups) {
	byKey := map[uint64][]*source{}
	for _, s := range sources {
		if s.Text.Score(s.Text) == 0 {
			continue // no text
		}
		sk := s.Text.Sketch()
		for _, k := range sk.Keys() {
			for _, o := range byKey[k] {
				if g.root(o.paper()) != g.root(s.paper()) && s.Text.Score(o.Text) >= sameWork {
					g.join(o.paper(), s.paper())
				}
			}
			byKey[k] = append(byKey[k], s)
		}
	}
}

// byPairs joins the papers of files that share a pair.
func (x *Export) byPairs(g groups) {
	x.index = x.indexPairs()
	for i, s := range x.sources {
		for _, o := range x.index.Overlaps(key(i)) {
			g.join(s.paper(), x.sources[place(o.Other)].paper())
		}
	}
}

// indexPairs puts every pair into an index: sources under their place in
// x.sources, pairs under theirs in the source.
func (x *Export) indexPairs() *across.Index {
	idx := across.New()
	for i, s := range x.sources {
		f := across.File{Path: key(i), Paper: s.paper(), Pairs: make([]across.Pair, len(s.pairs))}
		for j, p := range s.pairs {
			f.Pairs[j] = across.Pair{Pointer: key(j), Question: p.Question, Answer: p.Answer}
		}
		idx.Add(f)
	}
	return idx
}

// key and place write a place as a string and read it back. Names will not do:
// two sources may have the same path, from two watched folders.
func key(i int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(i))) }

func place(key string) int { return int(binary.BigEndian.Uint32([]byte(key))) }

// LeakageError says that pairs in train are also in eval.
type LeakageError struct {
	Pairs []LeftOut // those in train; Reason says where in eval their like is
}

// Error gives the number and the first of the pairs.
func (e *LeakageError) Error() string {
	p := e.Pairs[0]
	return fmt.Sprintf("%d pairs of the training data are in the evaluation data too, the first in %s at %s (%s)", len(e.Pairs), printable(p.Path), p.Pointer, p.Reason)
}

// leakage compares the two parts.
func (x *Export) leakage() error {
	if x.options.AllowLeakage || !slices.ContainsFunc(x.sources, func(s *source) bool { return s.part == eval }) {
		return nil
	}
	if x.index == nil {
		x.index = x.indexPairs()
	}
	var leaks []LeftOut
	for i, s := range x.sources {
		if s.part != train {
			continue
		}
		told := make([]bool, len(s.pairs))
		for _, o := range x.index.Overlaps(key(i)) {
			other := x.sources[place(o.Other)]
			if other.part != eval {
				continue
			}
			for _, t := range o.Twins {
				j := place(t.Pointer)
				own, twin := s.pairs[j], other.pairs[place(t.Other)]
				if !told[j] && !own.dropped && !twin.dropped {
					told[j] = true
					leaks = append(leaks, LeftOut{Path: s.Path, Pointer: own.Pointer, Reason: "like " + twin.Pointer + " of " + printable(other.Path)})
				}
			}
		}
	}
	if len(leaks) > 0 {
		return &LeakageError{leaks}
	}
	return nil
}
