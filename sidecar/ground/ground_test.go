package ground

import (
	"strings"
	"testing"
)

// samplePages are the pages of an invented paper, as MuPDF would give them:
// hyphens at line ends, ligatures, footnote marks, a running head.
func samplePages() []string {
	return []string{
		`Sparse Gated Adapters for Small Language Models
Ada Beispiel and Jan Muster
Abstract
We present Sparse Gated Adapters (SGA), a parameter-eﬃcient ﬁne-tuning
method which updates fewer than 0.3% of the weights of a pre-
trained language model. SGA reaches 87.42 F1 on SQuAD with a 1.3B model,
within 0.8 points of full ﬁne-tuning1, and needs only twelve minutes on
one A100. In contrast to LoRA [7], the gates are learned per head.
1 All runs use mixed precision.
1
`,
		`Sparse Gated Adapters
2 Method
Each adapter holds a gate vector that decides which attention heads are
changed. We train with AdamW, a learning rate of 1e−4 and a batch size of
64 for 20 epochs on 1,250,000 sentences. The gates follow a hard concrete
distribution, so that closed gates cost nothing at inference time. The “no
free gate” penalty keeps three quarters of them closed.
We remove every adapter whose gate stays closed for two epochs in a row, and
share the freed budget among the heads that are left, which keeps the number
of trained parameters constant during the whole run.
2
`,
		`Sparse Gated Adapters
3 Results
Table 1 compares our method with LoRA, BitFit and full ﬁne-tuning on the
General Language Understanding Evaluation benchmark. Our method wins on six
of the eight tasks and loses 1.2 points on CoLA. Training memory falls from
31.5 GB to 9.8 GB. The carbon footprint of all experiments was estimated
with the calculator of our cloud provider, at 14 kg of carbon dioxide.
We also looked at robustness: under noise that swaps neighbouring letters,
accuracy drops by 4.1 points with gates and by 9.7 points without gates.
3
`,
	}
}

func texts(fs []Finding, pair Pair) []string {
	var got []string
	for _, f := range fs {
		s := pair.Answer.Text
		for _, e := range pair.Evidence {
			if e.Pointer == f.Pointer {
				s = e.Text
			}
		}
		got = append(got, s[f.Start:f.End])
	}
	return got
}

func TestCheckAnswer(t *testing.T) {
	p := NewPaper(samplePages())
	for _, tt := range []struct {
		answer  string
		missing string // what is reported, joined by |
	}{
		{"SGA updates fewer than 0.3% of the weights.", ""},
		{"It reaches 87.4 F1 on SQuAD.", ""},
		{"It reaches 87 F1.", ""},
		{"It reaches 84.7 F1.", "84.7"},
		{"Memory falls to 31.4 GB.", "31.4"},
		{"It loses 1.1 points.", "1.1"},
		{"It reaches 87.43 F1.", "87.43"},
		{"About 1.25 million sentences are used.", ""},
		{"It uses 1\u202f250\u202f000 or 1.2M sentences.", ""},
		{"It uses 1250000 sentences.", ""},
		{"It uses 3.5 million sentences.", "3.5 million"},
		{"The model has 1.3 billion parameters.", ""},
		{"The model has 13B parameters.", "13B"},
		{"Over 60 sentences per batch.", ""},
		{"75% of the gates are closed, 25 percent are open.", ""},
		{"85% of the gates are closed.", "85%"},
		{"It takes 12 minutes.", ""},
		{"The 3 contributions are (1) gates, (2) budgets, and (3) 1st results.", ""},
		{"It was compared with LoRA and BitFit on GLUE.", ""},
		{"It was compared with AdaLoRA.", "AdaLoRA"},
		{"Sparse-Gated Adapters (SGAs) help LLMs.", ""},
		{"It outperforms GPT-3 and RoBERTa.", "GPT-3|RoBERTa"},
		{"It needs one A100.", ""},
		{"It needs one H100.", "H100"},
		{"The authors write “closed gates cost nothing at inference time”.", ""},
		{"The authors write “gates are always free of charge for everyone”.", "gates are always free of charge for everyone"},
		{"It’s the 'no free gate' penalty that doesn't let go.", ""},
		{"A learning rate of 1e-4 and AdamW.", ""},
		{"Sie erreicht 87,4 F1 mit 0,3 % der Gewichte, bei 1.250.000 Sätzen.", ""},
		{"Sie erreicht 84,7 F1.", "84,7"},
		{"It uses batches of 20,64.", ""},
		{"It uses an A100-SGA.", ""},
		{"", ""},
	} {
		pair := Pair{Answer: Passage{"/answer", tt.answer}}
		got := strings.Join(texts(p.Check(pair), pair), "|")
		if got != tt.missing {
			t.Errorf("Check(%q) reports %q, want %q", tt.answer, got, tt.missing)
		}
	}
}

func TestCheckEvidence(t *testing.T) {
	p := NewPaper(samplePages())
	for _, tt := range []struct{ name, text, missing string }{
		{"across a line end, with ligatures", "a parameter-efficient fine-tuning method which updates fewer than 0.3% of the weights of a pretrained language model", ""},
		{"without the footnote's mark", "within 0.8 points of full fine-tuning, and needs only twelve minutes on one A100", ""},
		{"without the citation", "In contrast to LoRA, the gates are learned per head.", ""},
		{"across a page's end", "with a learning rate of 1e-4 and a batch size of 64 for 20 epochs. Each adapter holds a gate vector that decides", ""},
		{"a label", "Table 1", ""},
		{"another paper's", "The Transformer follows this overall architecture using stacked self-attention for the encoder and decoder.", "The Transformer follows this overall architecture using stacked self-attention for the encoder and decoder"},
		{"a changed number", "accuracy drops by 4.1 points with gates and by 7.9 points without gates", "7.9"},
	} {
		pair := Pair{Evidence: []Passage{{"/evidence", tt.text}}}
		if got := strings.Join(texts(p.Check(pair), pair), "|"); got != tt.missing {
			t.Errorf("%s: reports %q, want %q", tt.name, got, tt.missing)
		}
	}
}

func TestSupport(t *testing.T) {
	p := NewPaper(samplePages())
	for _, tt := range []struct {
		question, answer string
		page             int
		holds            string
	}{
		{"What is trained?", "Adapters with a gate vector that decides which attention heads are changed.", 2, "gate vector that decides which attention heads"},
		{"How robust is it?", "Swapping neighbouring letters lowers accuracy by 4.1 points.", 3, "swaps neighbouring letters"},
		{"How good is it on SQuAD?", "It reaches 87.42 F1.", 1, "F1 on SQuAD"},
		{"Who won the election?", "The party of national unity.", 0, ""},
	} {
		s := p.Support(Pair{Question: Passage{"/q", tt.question}, Answer: Passage{"/a", tt.answer}})
		if s.Page != tt.page {
			t.Errorf("%s: page %d (score %.2f), want %d", tt.question, s.Page, s.Score, tt.page)
			continue
		}
		if s.Page > 0 && !strings.Contains(samplePages()[s.Page-1][s.Start:s.End], tt.holds) {
			t.Errorf("%s: passage %q lacks %q", tt.question, samplePages()[s.Page-1][s.Start:s.End], tt.holds)
		}
	}
}

func TestTooLittleText(t *testing.T) {
	for name, pages := range map[string][]string{
		"scan":    {"1", "", "2"},
		"garbled": {strings.Repeat("\ufffd\ue001a ", 2000)},
		"none":    nil,
	} {
		p := NewPaper(pages)
		pair := Pair{Answer: Passage{"/a", "It reaches 99.9 on FOOBAR."}}
		if got := p.Check(pair); got != nil {
			t.Errorf("%s: reports %v", name, got)
		}
		p.Support(pair)
	}
}
