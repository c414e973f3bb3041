// Package ground tells whether question-answer pairs say what their paper
// says: passages and facts that the paper does not contain, and the page that
// best supports each answer.
//
// # Design notes
//
// A warning that is wrong costs more than one that is missing: people stop
// reading warnings. So only what can be looked up is looked up (passages,
// numbers, names, quotations), each in the most lenient way that still finds
// made-up corruptions, and nothing is said where the paper's text cannot be
// relied on. What an answer means is never judged.
//
// The package is pure: it reads no files and logs nothing. A Paper is made once
// per PDF and is safe for concurrent use.
package ground

import (
	"strings"

	"qacorpus/sidecar/qa/problem"
)

// Passage is a text of a QA file, and where in the file it stands.
type Passage struct {
	Pointer string // JSON Pointer of the string, for reports
	Text    string
}

// Pair is a question, its answer, and what the file itself says supports it.
type Pair struct {
	Question, Answer Passage
	// Evidence holds the members that claim to be the paper's words: context,
	// evidence and the like, one entry for each string.
	Evidence []Passage
}

// Finding is something that a pair claims and its paper does not contain.
type Finding struct {
	Code       problem.Code
	Pointer    string // of the string in question
	Start, End int    // bytes in the string that Pointer names: what is missing
	Message    string // one plain sentence
	Hint       string
}

// Support is where a paper best supports an answer.
type Support struct {
	Page       int     // from 1; 0 where nothing supports it
	Start, End int     // bytes in that page's text
	Score      float64 // share of the answer's telling words found there, 0 to 1
}

// Check reports everything in the pair that the paper does not contain.
// It reports nothing where the paper has too little text to tell.
func (p *Paper) Check(pair Pair) []Finding {
	if !p.Usable() {
		return nil
	}
	var found []Finding
	for _, e := range pair.Evidence {
		if f, ok := p.checkPassage(e); !ok {
			found = append(found, f)
		}
	}
	return append(found, p.checkAnswer(pair, "paper")...)
}

// CheckAgainstEvidence reports numbers, names and quotations of the answer that
// the pair's own evidence lacks. It is for pairs whose paper is not at hand,
// and says nothing where the evidence is too short to hold an answer's facts
// or is cut off.
func CheckAgainstEvidence(pair Pair) []Finding {
	texts := make([]string, 0, len(pair.Evidence)+1)
	size := 0
	for _, e := range pair.Evidence {
		s := strings.TrimRight(e.Text, " \n\t")
		if strings.HasSuffix(s, "...") || strings.HasSuffix(s, "…") {
			return nil
		}
		texts = append(texts, s)
		size += len(s)
	}
	if size < minText {
		return nil
	}
	p := NewPaper(append(texts, pair.Question.Text))
	if !p.Usable() {
		return nil
	}
	return p.checkAnswer(pair, "context")
}
