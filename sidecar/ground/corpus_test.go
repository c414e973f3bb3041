//go:build corpus

package ground

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The corpus is a folder with papers/*.pdf, qa/*/*.json and the first pages'
// text in expected/papers/*.pdf.txt. Papers are read here with pdftotext
// (poppler-utils), which sets spaces, hyphens, columns and formulas otherwise
// than the text in expected: the difference stands for a person's copying.

func corpusDir(t *testing.T) string {
	dir := os.Getenv("QACORPUS_CORPUS")
	if dir == "" {
		t.Fatal("set QACORPUS_CORPUS to the folder of the real corpus")
	}
	return dir
}

func pagesOf(t *testing.T, pdf string) []string {
	out, err := exec.Command("pdftotext", "-enc", "UTF-8", pdf, "-").Output()
	if err != nil {
		t.Fatalf("run pdftotext (package poppler-utils): %v", err)
	}
	return strings.Split(string(out), "\f")
}

// realPapers gives the usable papers by file name, and passages of each from
// the text in expected: every 60 words.
func realPapers(t *testing.T) (papers map[string]*Paper, passages map[string][]string) {
	dir := corpusDir(t)
	files, _ := filepath.Glob(filepath.Join(dir, "papers", "*.pdf"))
	papers, passages = map[string]*Paper{}, map[string][]string{}
	for _, f := range files {
		name := filepath.Base(f)
		p := NewPaper(pagesOf(t, f))
		text, err := os.ReadFile(filepath.Join(dir, "expected", "papers", name+".txt"))
		if err != nil || !p.Usable() {
			continue
		}
		papers[name] = p
		words := strings.SplitAfter(string(text), " ")
		for chunk := range slices.Chunk(words, 60) {
			passages[name] = append(passages[name], strings.Join(chunk, ""))
		}
	}
	if len(papers) < 10 {
		t.Fatalf("only %d papers are usable", len(papers))
	}
	return papers, passages
}

type realPair struct {
	Question, Answer, Context string
}

func realPairs(t *testing.T, name string) []realPair {
	data, err := os.ReadFile(filepath.Join(corpusDir(t), "qa", name))
	if err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Pairs []realPair `json:"qa_pairs"`
	}
	if json.Unmarshal(data, &whole) == nil && len(whole.Pairs) > 0 {
		return whole.Pairs
	}
	var pairs []realPair
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var p realPair
		if err := json.Unmarshal(s.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, p)
	}
	return pairs
}

func (r realPair) pair() Pair {
	return Pair{Question: Passage{"/question", r.Question}, Answer: Passage{"/answer", r.Answer}}
}

// claims counts what checkAnswer looks up.
func claims(answer string) int {
	n := len(namesIn(answer)) + len(quotesIn(answer))
	for num := range numbersIn(answer) {
		if !num.name && num.telling() {
			n++
		}
	}
	return n
}

// TestRealPairs counts false alarms on pairs that people wrote about a paper
// that is at hand, as a PDF or as the pair's context.
func TestRealPairs(t *testing.T) {
	const set = "samyakshrestha+llm-finetuning-summarizer/"
	qlora := NewPaper(pagesOf(t, filepath.Join(corpusDir(t), "papers", "paper-read-2024-Jan-Apr__QLoRA.pdf")))
	alarms, answers, looked, supported := 0, 0, 0, 0
	for _, r := range realPairs(t, set+"qa_pairs__18_2023_qlora.json") {
		answers, looked = answers+1, looked+claims(r.Answer)
		if f := qlora.Check(r.pair()); len(f) > 0 {
			alarms++
			t.Logf("%s: %s", f[0].Message, r.Answer)
		}
		if qlora.Support(r.pair()).Page > 0 {
			supported++
		}
	}
	t.Logf("QLoRA with its PDF: %d answers, %d claims, %d alarms, %d with a page", answers, looked, alarms, supported)
	for _, name := range []string{"01_2025_lori", "02_2025_elalora", "03_2025_beyond_qa_pairs"} {
		n := 0
		for _, r := range realPairs(t, set+"qa_pairs__qa_pairs_eval_with_context__"+name+".json") {
			pair := r.pair()
			pair.Evidence = []Passage{{"/context", r.Context}}
			answers, looked, n = answers+1, looked+claims(r.Answer), n+1
			if f := CheckAgainstEvidence(pair); len(f) > 0 {
				alarms++
				t.Logf("%s: %s", f[0].Message, r.Answer)
			}
		}
		t.Logf("%s with its context: %d answers", name, n)
	}
	t.Logf("together: %d answers, %d claims looked up, %d answers alarmed", answers, looked, alarms)
	if answers < 40 || looked < answers {
		t.Errorf("%d claims in %d answers are too few to tell", looked, answers)
	}
	if alarms*20 >= answers {
		t.Errorf("%d of %d answers alarmed, want under 1 in 20", alarms, answers)
	}
}

// swapDigits changes every digit of one number that can be checked.
func swapDigits(r *rand.Rand, s string) (string, bool) {
	for n := range numbersIn(s) {
		if n.name || !n.telling() {
			continue
		}
		b := []byte(s)
		for i := n.start; i < n.end; i++ {
			if isDigit(b[i]) {
				b[i] = '1' + (b[i]-'0'+byte(r.IntN(8)))%9
			}
		}
		return string(b), string(b) != s
	}
	return "", false
}

// TestCorruptions checks that made-up errors are found: without it, checks that
// never say anything would pass.
func TestCorruptions(t *testing.T) {
	papers, passages := realPapers(t)
	names := make([]string, 0, len(papers))
	for n := range papers {
		names = append(names, n)
	}
	slices.Sort(names)
	r := rand.New(rand.NewPCG(1, 2))
	type count struct{ all, alarmed int }
	var ownPassage, swapped, otherPassage, ownAnswer, wrongNumber, otherAnswer count
	tell := func(c *count, fs []Finding) {
		c.all++
		if len(fs) > 0 {
			c.alarmed++
		}
	}
	evidence := func(s string) Pair { return Pair{Evidence: []Passage{{"/e", s}}} }
	answer := func(s string) Pair { return Pair{Answer: Passage{"/a", s}} }
	lori := realPairs(t, "samyakshrestha+llm-finetuning-summarizer/data__eval.jsonl")
	for _, n := range names {
		p := papers[n]
		for _, s := range passages[n] {
			tell(&ownPassage, p.Check(evidence(s)))
			for _, sentence := range strings.Split(strings.ReplaceAll(s, "\n", " "), ". ") {
				tell(&ownAnswer, p.Check(answer(sentence)))
				if bad, ok := swapDigits(r, sentence); ok {
					tell(&wrongNumber, p.Check(answer(bad)))
				}
			}
			if bad, ok := swapDigits(r, s); ok {
				tell(&swapped, p.Check(evidence(bad)))
			}
		}
		for _, m := range names {
			if m != n {
				for range 20 {
					tell(&otherPassage, p.Check(evidence(passages[m][r.IntN(len(passages[m]))])))
				}
			}
		}
		for _, q := range lori[:20] { // of LoRI and ElaLoRA, whose papers are not here
			tell(&otherAnswer, p.Check(q.pair()))
		}
	}
	for _, row := range []struct {
		what     string
		c        count
		from, to float64 // share that must be alarmed
	}{
		{"passages of the paper itself", ownPassage, 0, 0.02},
		{"sentences of the paper itself as answers", ownAnswer, 0, 0.01},
		{"passages with one number changed", swapped, 0.5, 1},
		{"passages of other papers", otherPassage, 0.99, 1},
		{"sentences with one number changed", wrongNumber, 0.5, 1},
		{"answers about other papers", otherAnswer, 0.9, 1},
	} {
		share := float64(row.c.alarmed) / float64(row.c.all)
		t.Logf("%-42s %6d looked at, %6d alarmed, %6.2f %%", row.what, row.c.all, row.c.alarmed, 100*share)
		if share < row.from || share > row.to {
			t.Errorf("%s: %.3f alarmed, want %.2f to %.2f", row.what, share, row.from, row.to)
		}
	}
}
