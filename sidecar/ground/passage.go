package ground

import (
	"bytes"
	"fmt"

	"qacorpus/sidecar/ground/fold"
)

const (
	// minPassageWords is the length from which evidence is taken to be the
	// paper's words; shorter ones are labels such as "Table 2" or "Abstract".
	minPassageWords = 5
	// minCovered is the share of a passage that must be found in the paper, in
	// runs of at least gram bytes.
	minCovered = 0.6
	// maxChain bounds how many places with the same beginning are compared.
	maxChain = 64
)

// run is a piece of a passage that the paper contains.
type run struct {
	from, to int // bytes in the folded passage
	at       int // start in Paper.text
}

// folded is a text prepared for looking it up.
type folded struct {
	text  []byte
	words []word // page is unused
}

func foldPassage(s string) folded {
	f := folded{text: make([]byte, 0, len(s)), words: make([]word, 0, len(s)/5)}
	fold.Words(s, func(start, end int, b []byte) bool {
		f.words = append(f.words, word{start: int32(start), end: int32(end), at: int32(len(f.text))})
		f.text = append(f.text, b...)
		return true
	})
	return f
}

// runs finds the longest pieces of the passage that the paper contains, from
// left to right. They do not overlap.
func (p *Paper) runs(f folded) []run {
	var found []run
	done := 0 // bytes of the passage before here are covered
	for _, w := range f.words {
		from := int(w.at)
		if from < done || from+gram > len(f.text) {
			continue
		}
		best := run{}
		chain := 0
		for i := p.grams.head[p.grams.hash(f.text[from:])]; i != 0 && chain < maxChain; i = p.grams.next[i-1] {
			chain++
			at := int(p.words[i-1].at)
			n := common(f.text[from:], p.text[at:])
			if n < gram {
				continue
			}
			back := commonEnd(f.text[done:from], p.text[:at])
			if n+back > best.to-best.from {
				best = run{from - back, from + n, at - back}
			}
		}
		if best.to > 0 {
			found = append(found, best)
			done = best.to
		}
	}
	return found
}

// common counts the bytes that a and b begin with alike.
func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// commonEnd counts the bytes that a and b end with alike.
func commonEnd(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[len(a)-1-i] != b[len(b)-1-i] {
			return i
		}
	}
	return n
}

// contains tells whether the paper has the passage, but for small differences.
func (p *Paper) contains(f folded) (share float64, runs []run) {
	if len(f.text) == 0 {
		return 1, nil
	}
	if len(f.text) < gram {
		if bytes.Contains(p.text, f.text) {
			return 1, nil
		}
		return 0, nil
	}
	runs = p.runs(f)
	covered := 0
	for _, r := range runs {
		covered += r.to - r.from
	}
	return float64(covered) / float64(len(f.text)), runs
}

// checkPassage reports evidence that the paper does not contain.
func (p *Paper) checkPassage(e Passage) (Finding, bool) {
	f := foldPassage(e.Text)
	if len(f.words) < minPassageWords || len(f.text) < gram || isLatin(f.text) != p.latin {
		return Finding{}, true // a label, or a translation
	}
	share, runs := p.contains(f)
	if share >= minCovered {
		return p.checkPassageNumbers(e, f, runs)
	}
	if p.near(f) {
		return Finding{}, true
	}
	from, to := widestGap(f, runs)
	return Finding{
		Code: "QA_UNGROUNDED", Pointer: e.Pointer, Start: from, End: to,
		Message: fmt.Sprintf("the paper does not contain this passage (%d %% of it was found)", int(share*100)),
		Hint:    "copy the passage from the paper, or check which paper this file belongs to",
	}, false
}

// widestGap gives, in bytes of the original passage, the longest piece that no
// run covers.
func widestGap(f folded, runs []run) (start, end int) {
	from, to, last := 0, 0, 0
	widen := func(a, b int) {
		if b-a > to-from {
			from, to = a, b
		}
	}
	for _, r := range runs {
		widen(last, r.from)
		last = r.to
	}
	widen(last, len(f.text))
	start = -1
	for _, w := range f.words {
		if int(w.at) >= to {
			break
		}
		if int(w.at) >= from && start < 0 {
			start = int(w.start)
		}
		end = int(w.end)
	}
	return max(start, 0), end
}

// checkPassageNumbers looks at the numbers in those parts of a passage that
// differ from the paper: a passage that is the paper's but for a figure.
func (p *Paper) checkPassageNumbers(e Passage, f folded, runs []run) (Finding, bool) {
	i := 0
	for n := range numbersIn(e.Text) {
		for i < len(f.words)-1 && int(f.words[i+1].start) <= n.start {
			i++
		}
		at := int(f.words[i].at)
		own := appendDigits(nil, e.Text[n.start:n.end])
		for len(runs) > 1 && runs[1].from <= at {
			runs = runs[1:]
		}
		if n.marker || p.sameThere(own, at, runs) {
			continue
		}
		return Finding{
			Code: "QA_UNGROUNDED", Pointer: e.Pointer, Start: n.start, End: n.end,
			Message: fmt.Sprintf("the paper has this passage, but another number than %s", e.Text[n.start:n.end]),
			Hint:    "compare the passage with the paper",
		}, false
	}
	return Finding{}, true
}

// maxGap is how many bytes two runs may lie apart, in the passage and in the
// paper, for what is between them to be compared.
const maxGap = 24

// sameThere tells whether the digits, at the given byte of the passage, lie in
// the first run, or between the first two where the paper has the same digits
// or none. It answers yes for places that cannot be compared.
func (p *Paper) sameThere(digits []byte, from int, runs []run) bool {
	if len(runs) < 2 {
		return true
	}
	a, b := runs[0], runs[1]
	if from+len(digits) <= a.to || from < a.from {
		return true
	}
	end := a.at + a.to - a.from
	if b.from-a.to > maxGap || b.at < end || b.at-end > maxGap {
		return true
	}
	// a run may end inside a number: look at all of it
	there := p.text[max(0, end-len(digits)):min(len(p.text), b.at+len(digits))]
	return bytes.Contains(there, digits) || !bytes.ContainsAny(p.text[max(0, end-1):b.at+1], "0123456789")
}

// appendDigits adds the ASCII digits of s to dst.
func appendDigits(dst []byte, s string) []byte {
	for i := range len(s) {
		if isDigit(s[i]) {
			dst = append(dst, s[i])
		}
	}
	return dst
}
