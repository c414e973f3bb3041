package ground

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"qacorpus/sidecar/ground/fold"
)

const (
	// maxFindings is how many findings an answer gets: more say no more.
	maxFindings = 10
	// maxNames is how many names of an answer are looked up. Answers have a few;
	// what has more is a table or a listing, and would take long.
	maxNames = 200
)

// checkAnswer reports numbers, names and quotations of the answer that p lacks;
// what says what p is: "paper" or "context".
func (p *Paper) checkAnswer(pair Pair, what string) []Finding {
	a := pair.Answer
	var found []Finding
	said := map[string]bool{}
	report := func(start, end int, kind, hint string) {
		text := a.Text[start:end]
		if said[text] || len(found) == maxFindings {
			return
		}
		said[text] = true
		found = append(found, Finding{
			Code: "QA_UNGROUNDED", Pointer: a.Pointer, Start: start, End: end,
			Message: fmt.Sprintf("the %s nowhere has the %s %s", what, kind, shorten(text)),
			Hint:    hint,
		})
	}
	for n := range numbersIn(a.Text) {
		if n.name || !n.telling() || p.hasNumber(a.Text, n) || p.hasDigits(a.Text[n.start:n.end]) {
			continue
		}
		report(n.start, n.end, "number", "check the number against the "+what)
	}
	if isLatin(foldPassage(a.Text).text) != p.latin {
		return found // a translation: names and quotations are not the paper's
	}
	if !mostlyUpper(a.Text) {
		for _, w := range namesIn(a.Text) {
			if !p.hasName(w.text) {
				report(w.start, w.end, "name", "check the name against the "+what+", or which paper this file belongs to")
			}
		}
	}
	for _, q := range quotesIn(a.Text) {
		if !p.hasQuote(a.Text[q.start:q.end]) {
			report(q.start, q.end, "quoted words", "quote the "+what+" word by word, or leave out the quotation marks")
		}
	}
	return found
}

// shorten cuts a long quotation for a message.
func shorten(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// hasDigits looks for a long number digit by digit, for texts whose layout
// breaks numbers apart.
func (p *Paper) hasDigits(s string) bool {
	f := foldPassage(s)
	digits := 0
	for digits < len(f.text) && isDigit(f.text[digits]) {
		digits++
	}
	return digits >= 5 && p.hasText(f.text[:digits])
}

// name is a word whose case shows that it is a name or an acronym.
type name struct {
	start, end int
	text       string
}

// namesIn finds acronyms and names with capitals inside (PEFT, LoRA, RoBERTa),
// with a number that belongs to them (GPT-3).
func namesIn(s string) []name {
	var found []name
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) {
			i += size
			continue
		}
		j := nameEnd(s, i)
		if len(found) == maxNames {
			break
		}
		if w := strings.TrimSuffix(s[i:j], "s"); isName(w) && !linkOrCode(s, i, j) && !torn(s, i, j) {
			found = append(found, name{i, i + len(w), w})
		}
		i = j
	}
	return found
}

// nameEnd gives the end of the word at i: letters and digits, and a hyphen or
// a point before digits (GPT-3.5).
func nameEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			i += size
		case (r == '-' || r == '.' || r == '‑') && i+size < len(s) && isDigit(s[i+size]):
			i += size + 1
		default:
			return i
		}
	}
	return i
}

// isName tells whether the word has two capitals, or a capital and a number
// (A100, Llama-2), but is no numeral, no symbol of a formula (W0), and no word
// that writers use whatever the paper says.
func isName(w string) bool {
	upper, digit, letter := 0, 0, 0
	for _, r := range w {
		switch {
		case unicode.IsUpper(r):
			upper++
			letter++
		case unicode.IsDigit(r):
			digit++
		case unicode.IsLetter(r):
			letter++
		}
	}
	switch {
	case upper == 0 || letter+digit > 24:
		return false
	case upper >= 2:
		return strings.Trim(w, "IVXLC") != "" && !everyday(w)
	case letter >= 3:
		return digit > 0 && !counted(w)
	}
	return digit >= 2
}

// counted tells whether the word is one that is numbered, as in Table-2.
func counted(w string) bool {
	switch strings.TrimRight(w, "0123456789-.‑") {
	case "Top", "Table", "Figure", "Fig", "Section", "Sec", "Step", "Phase", "Stage", "Type", "Level", "Layer", "Rank", "Chapter", "Appendix", "Equation",
		"Group", "Task", "Part", "Class", "Day", "Week", "Month", "Year", "Page", "Line", "Version", "Algorithm", "Option", "Rule", "Tier", "Round", "Pre", "Mid", "Post":
		return true
	}
	return false
}

// everyday lists acronyms that answers use for what papers spell out.
func everyday(w string) bool {
	switch w {
	case "AI", "ML", "NLP", "LLM", "LM", "PLM", "GPU", "CPU", "TPU", "RAM", "VRAM", "QA", "API", "URL", "SOTA", "OOD", "FFN", "MLP", "NN", "RNN", "CNN",
		"US", "USA", "UK", "EU", "UN", "PDF", "ID", "IT", "TV", "PC", "OK", "FAQ", "PhD", "MSc", "BSc", "DOI", "HTML", "JSON", "GB", "MB", "TB", "KB", "Hz", "MHz", "GHz":
		return true
	}
	return false
}

// linkOrCode tells whether the word is part of an address, a path or code.
func linkOrCode(s string, i, j int) bool {
	return i > 0 && strings.IndexByte("_/\\@.$<`{}=", s[i-1]) >= 0 || j < len(s) && strings.IndexByte("_\\@(`{}=>", s[j]) >= 0
}

// torn tells whether s[i:j] is only a piece of a word: E-04 of 4E-04, or HAIN
// of C HAIN and QL of QL O RA, as small capitals are often copied.
func torn(s string, i, j int) bool {
	if i > 0 && isDigit(s[i-1]) {
		return true
	}
	before, after := lastWord(strings.TrimSuffix(s[:i], " ")), strings.TrimPrefix(s[j:], " ")
	after = after[:wordEnd(after)]
	return i > 1 && s[i-1] == ' ' && single(before) || j+1 < len(s) && s[j] == ' ' && single(after)
}

// single tells whether the word is one capital, but not the article.
func single(w string) bool { return len(w) == 1 && w[0] > 'A' && w[0] <= 'Z' }

func mostlyUpper(s string) bool {
	upper, lower := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		}
	}
	return upper > lower
}

// longName is the length in folded bytes from which a name is looked for inside
// words as well, and across line ends: shorter ones occur everywhere by chance.
const longName = 5

// hasName looks for the name in any form: as a word, plural or with a footnote's
// digit behind it, hyphenated, in parts, or spelt out.
func (p *Paper) hasName(w string) bool {
	f := foldPassage(w)
	s := string(f.text)
	if p.has(s) || p.has(s+"s") || len(s) >= longName && p.hasText(f.text) {
		return true
	}
	for d := byte('0'); d <= '9'; d++ {
		if p.has(s + string(d)) {
			return true
		}
	}
	if p.inParts(f) || p.hasPieces(w) {
		return true
	}
	return strings.ToUpper(w) == w && p.spells(s)
}

// inParts looks for GPT-3 where the paper has GPT 3, or QALoRA as QA-LoRA: the
// folded name as several whole words in a row.
func (p *Paper) inParts(f folded) bool {
	for i := 1; i < len(f.text); i++ {
		first, ok := p.terms[string(f.text[:i])]
		if !ok || isDigit(f.text[0]) {
			continue
		}
		rest := f.text[i:]
		for _, at := range p.occurrences(first) {
			to := int(p.words[at].at) + i
			if to+len(rest) <= len(p.text) && string(p.text[to:to+len(rest)]) == string(rest) && p.endsWord(at, to+len(rest)) {
				return true
			}
		}
	}
	return false
}

// hasPieces looks for Mistral-7B where the paper has a 7B Mistral: each piece by
// itself. A bare number is in every paper, so GPT-3 does not count as GPT and 3.
func (p *Paper) hasPieces(w string) bool {
	pieces := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '‑' })
	if len(pieces) < 2 {
		return false
	}
	for _, s := range pieces {
		f := fold.String(s)
		if strings.Trim(f, "0123456789") == "" || !p.has(f) {
			return false
		}
	}
	return true
}

// occurrences lists the words that have the term.
func (p *Paper) occurrences(term int32) []int32 {
	s := p.stem[term]
	all := p.places.list[p.places.from[s]:p.places.from[s+1]]
	var only []int32
	for _, i := range all {
		if p.words[i].term == term {
			only = append(only, i)
		}
	}
	return only
}

// endsWord tells whether some word after word i begins at the given byte of
// the text, or the text ends there.
func (p *Paper) endsWord(i int32, at int) bool {
	for j := int(i) + 1; j < len(p.words); j++ {
		if int(p.words[j].at) >= at {
			return int(p.words[j].at) == at
		}
	}
	return at == len(p.text)
}

// spells tells whether words in a row begin with the letters of the acronym.
// Three letters do so by chance, so the same words must come twice.
func (p *Paper) spells(acronym string) bool {
	if len(acronym) < 3 {
		return false
	}
	seen := map[string]bool{}
	for i := 0; i+len(acronym) <= len(p.words); i++ {
		if p.text[p.words[i].at] != acronym[0] || !p.initials(i, acronym) {
			continue
		}
		if len(acronym) > 3 {
			return true
		}
		from, to := p.words[i].at, p.words[i+len(acronym)-1]
		key := string(p.text[from : int(to.at)+1])
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}

func (p *Paper) initials(i int, acronym string) bool {
	for k := range len(acronym) {
		if p.text[p.words[i+k].at] != acronym[k] {
			return false
		}
	}
	return true
}
