package main

// A paper is a small text made of a list of words, and its PDF: one font that every reader has, and contents that are not
// compressed, so that it is made in a few microseconds.

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

var (
	subjects = strings.Fields("adapters ranks budgets layers gradients prompts tokens weights updates scores matrices schedules seeds losses models tasks")
	verbs    = strings.Fields("reduce improve replace predict share forget keep measure merge quantise prune explain freeze compare")
	manners  = strings.Fields("quickly rarely together later twice silently evenly often by-layer without-loss in-practice at-once")
)

// paper is the text of one file: lines of at most 80 characters for each page.
type paper struct {
	title string
	pages [][]string
	first [3]string // subject, verb and object of the first sentence
}

// newPaper makes the text of a number; its last line holds the number, so no two papers are equal.
func newPaper(seed, number uint64, pages int) paper {
	r := rand.New(rand.NewPCG(seed, number))
	pick := func(words []string) string { return words[r.IntN(len(words))] }
	p := paper{title: fmt.Sprintf("On %s that %s %s", pick(subjects), pick(verbs), pick(subjects))}
	for page := range pages {
		var lines []string
		for line := range 12 {
			s, v, o := pick(subjects), pick(verbs), pick(subjects)
			if page == 0 && line == 0 {
				p.first = [3]string{s, v, o}
			}
			lines = append(lines, fmt.Sprintf("The %s %s the %s %s, by %d.%d points.", s, v, o, pick(manners), r.IntN(30), r.IntN(10)))
		}
		p.pages = append(p.pages, append(lines, fmt.Sprintf("Report %d-%d, page %d.", seed, number, page+1)))
	}
	return p
}

// qa is a QA file about the paper, in the canonical form.
func (p paper) qa() []byte {
	type pair struct {
		Question string `json:"question"`
		Answer   string `json:"answer"`
	}
	data, err := json.MarshalIndent(struct {
		Title string `json:"title"`
		Pairs []pair `json:"qa_pairs"`
	}{p.title, []pair{{
		fmt.Sprintf("What do the %s %s?", p.first[0], p.first[1]),
		fmt.Sprintf("The %s %s the %s.", p.first[0], p.first[1], p.first[2]),
	}}}, "", "  ")
	if err != nil {
		panic(err) // strings can always be written
	}
	return data
}

// pdf writes the paper with exact offsets, so that nothing has to be repaired.
func (p paper) pdf() []byte {
	out := []byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, len(out))
		out = fmt.Appendf(out, "%d 0 obj\n", len(offsets))
		out = fmt.Appendf(out, format, args...)
		out = append(out, "\nendobj\n"...)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids []byte
	for i := range p.pages {
		kids = fmt.Appendf(kids, "%d 0 R ", 5+2*i)
	}
	object("<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> >>", len(p.pages), kids)
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	object("<< /Title (%s) >>", p.title)
	for i, lines := range p.pages {
		object("<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>", 6+2*i)
		text := []byte("BT /F 16 Tf 72 760 Td")
		if i == 0 {
			text = fmt.Appendf(text, " (%s) Tj", p.title)
		}
		text = append(text, " /F 11 Tf 15 TL 0 -20 Td\n"...)
		for _, line := range lines {
			text = fmt.Appendf(text, "(%s) '\n", line)
		}
		text = append(text, "ET"...)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(text), text)
	}
	start := len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		out = fmt.Appendf(out, "%010d 00000 n \n", at)
	}
	return fmt.Appendf(out, "trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
}
