package corpus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"qacorpus/sidecar/qa"
)

// fakeTexts are papers by path. Reads are counted.
type fakeTexts struct {
	mu    sync.Mutex // guards what follows
	pages map[string][]string
	reads map[string]int
}

func newTexts() *fakeTexts {
	return &fakeTexts{pages: map[string][]string{}, reads: map[string]int{}}
}

func (t *fakeTexts) Pages(_ context.Context, path string) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reads[path]++
	pages, ok := t.pages[path]
	if !ok {
		return nil, errors.New("no such paper")
	}
	return pages, nil
}

// lora is a paper of three pages, each of which says something of its own.
func lora() []string {
	filler := strings.Repeat("The experiments were run on a cluster and every number is the mean of several runs with other seeds. ", 8)
	return []string{
		"LoRA: Low-Rank Adaptation\nWe freeze the pretrained weights and inject trainable rank decomposition matrices into each layer. " + filler,
		"Compared to full tuning the number of trainable parameters falls by a factor of 10000 and the memory by a factor of 3. " + filler,
		"The matrix A is initialised with a Gaussian and the matrix B with zeros, so that training begins at the pretrained model. " + filler,
	}
}

func file(pairs ...string) string {
	var b strings.Builder
	b.WriteString("[\n")
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "  {\"question\": %q, \"answer\": %q}", pairs[i], pairs[i+1])
	}
	return b.String() + "\n]\n"
}

// look does what the daemon does when a QA file changed.
func look(t *testing.T, c *Corpus, path, data string) (*qa.Result, Findings, []string) {
	t.Helper()
	r := qa.Normalise([]byte(data), qa.Options{Name: path, NamedAfterPDF: c.NamedAfterPDF(path)})
	touched := c.PutQA(t.Context(), path, &r)
	f, err := c.Review(t.Context(), path, &r)
	if err != nil {
		t.Fatal(err)
	}
	return &r, f, touched
}

// pagesOf lists the pages that support the pairs.
func pagesOf(f Findings) []int {
	var pages []int
	for _, s := range f.Supports {
		pages = append(pages, s.Page)
	}
	return pages
}

func codes(r *qa.Result) string {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s:%d ", p.Code, p.Line)
	}
	return strings.TrimSpace(b.String())
}

func corpusOf(texts Texts) *Corpus {
	return New(Options{Roots: []string{"/w", "/pairs"}, Texts: texts})
}

func TestGrounding(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/LoRA.pdf"] = lora()
	c := corpusOf(texts)
	data := file(
		"What falls by a factor of 10000?", "The number of trainable parameters.",
		"How is B initialised?", "With zeros, and A with a Gaussian, 48.7 % of the time.",
	)
	r, f, _ := look(t, c, "/w/LoRA.json", data)
	if codes(r) != "QA_NO_PDF:0" || f.PDF != "" {
		t.Fatalf("without its PDF: %q, %+v", codes(r), f)
	}
	if got := c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf", ID: "1"}); !slices.Equal(got, []string{"/w/LoRA.json"}) {
		t.Fatalf("the PDF's arrival touched %q", got)
	}
	r, f, _ = look(t, c, "/w/LoRA.json", data)
	if codes(r) != "QA_UNGROUNDED:3" || r.Problems[0].Pointer != "/1/answer" || !strings.Contains(r.Problems[0].Excerpt[r.Problems[0].Caret:], "48.7") ||
		strings.Index(r.Problems[0].Excerpt, "48.7") != r.Problems[0].Caret {
		t.Fatalf("%q, %+v", codes(r), r.Problems)
	}
	if f.PDF != "/w/LoRA.pdf" || f.Pages != 3 || !slices.Equal(pagesOf(f), []int{2, 3}) || !slices.Equal(f.Uncovered, []int{1}) {
		t.Errorf("%+v", f)
	}
	if s := f.Supports[0]; !strings.Contains(lora()[s.Page-1][s.Start:s.End], "trainable parameters") {
		t.Errorf("%+v is %q", s, lora()[s.Page-1][s.Start:s.End])
	}
	want := Coverage{Pages: 3, Covered: 2, Uncovered: []int{1}}
	if got := c.Coverage("/w/LoRA.pdf"); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("coverage %+v, want %+v", got, want)
	}
	// Another file of the paper asks about the page that is left.
	_, f, _ = look(t, c, "/pairs/LoRA_more.json", file("What do we inject into each layer?", "Trainable rank decomposition matrices; the pretrained weights are frozen."))
	if len(f.Uncovered) != 0 || c.Coverage("/w/LoRA.pdf").Covered != 3 {
		t.Errorf("%+v, %+v", f, c.Coverage("/w/LoRA.pdf"))
	}
	if n := texts.reads["/w/LoRA.pdf"]; n != 1 {
		t.Errorf("the paper was read %d times", n)
	}
}

func TestPDFChangesAndGoes(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/LoRA.pdf"] = lora()
	c := corpusOf(texts)
	c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf", ID: "1"})
	data := file("By which factor does the number of parameters fall?", "By a factor of 10000.")
	if r, _, _ := look(t, c, "/w/LoRA.json", data); codes(r) != "" {
		t.Fatalf("%q", codes(r))
	}
	if got := c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf", ID: "1"}); len(got) != 0 {
		t.Errorf("the same PDF again touched %q", got)
	}
	for i, page := range texts.pages["/w/LoRA.pdf"] {
		texts.pages["/w/LoRA.pdf"][i] = strings.ReplaceAll(page, "10000", "250")
	}
	if got := c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf", ID: "2"}); !slices.Equal(got, []string{"/w/LoRA.json"}) {
		t.Errorf("a changed PDF touched %q", got)
	}
	if r, _, _ := look(t, c, "/w/LoRA.json", data); codes(r) != "QA_UNGROUNDED:2" {
		t.Errorf("after the change: %q", codes(r))
	}
	if got := c.RemovePDF("/w/LoRA.pdf"); !slices.Equal(got, []string{"/w/LoRA.json"}) {
		t.Errorf("its removal touched %q", got)
	}
	if r, _, _ := look(t, c, "/w/LoRA.json", data); codes(r) != "QA_NO_PDF:0" {
		t.Errorf("after its removal: %q", codes(r))
	}
}

// A paper that cannot be read, or a scan, leads to no warnings about its text.
func TestNoText(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/Scan.pdf"] = []string{"", ""}
	c := corpusOf(texts)
	for _, name := range []string{"Scan", "Gone"} {
		c.PutPDF(t.Context(), PDF{Path: "/w/" + name + ".pdf"})
		r, f, _ := look(t, c, "/w/"+name+".json", file("What does QWERTY score on "+name+"?", name+" scores 99.9."))
		if codes(r) != "" || f.Pages != 0 || slices.Max(pagesOf(f)) > 0 {
			t.Errorf("%s: %q, %+v", name, codes(r), f)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r := qa.Normalise([]byte(file("Why?", "So.")), qa.Options{Asked: true})
	c.PutQA(ctx, "/w/Gone.json", &r)
	if _, err := c.Review(ctx, "/w/Gone.json", &r); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of ctx: %v", err)
	}
}

func TestWrongPaperIsOneWarning(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/LoRA.pdf"] = lora()
	c := corpusOf(texts)
	c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf"})
	var pairs []string
	for i := range 8 {
		pairs = append(pairs, fmt.Sprintf("What does CNNDM%d give?", i), fmt.Sprintf("BLOOMZ%d gives %d.%d on XSUM.", i, 41+i, i+1))
	}
	r, f, _ := look(t, c, "/w/LoRA.json", file(pairs...))
	if codes(r) != "QA_UNGROUNDED:0" || !strings.Contains(r.Problems[0].Message, "8 of the 8 pairs") || !strings.Contains(r.Problems[0].Message, "LoRA.pdf") {
		t.Errorf("%+v", r.Problems)
	}
	if c.Coverage("/w/LoRA.pdf").Covered != 0 || len(f.Uncovered) != 3 {
		t.Errorf("a file of another paper covers pages: %+v", f)
	}
}

// A file that only its title can pair makes the Corpus ask for the PDFs' heads.
func TestHeads(t *testing.T) {
	var asked atomic.Int32
	c := New(Options{Roots: []string{"/w"}, Texts: newTexts(), Head: func(_ context.Context, path string) (string, string) {
		asked.Add(1)
		return map[string]string{"/w/2106.09685.pdf": "LoRA: Low-Rank Adaptation of Large Language Models"}[path], ""
	}})
	for i := range 5 {
		c.PutPDF(t.Context(), PDF{Path: fmt.Sprintf("/w/x%d.pdf", i)})
	}
	c.PutPDF(t.Context(), PDF{Path: "/w/2106.09685.pdf"})
	if look(t, c, "/w/x1.json", file("What is new?", "Nothing is.")); asked.Load() != 0 {
		t.Fatalf("asked for %d heads, and none was needed", asked.Load())
	}
	data := `{"title": "LoRA: low-rank adaptation of large language models", "qa_pairs": [{"question": "Why?", "answer": "So."}]}`
	r := qa.Normalise([]byte(data), qa.Options{})
	touched := c.PutQA(t.Context(), "/w/pairs.json", &r)
	if len(touched) != 0 || asked.Load() != 6 {
		t.Errorf("touched %q, asked for %d heads", touched, asked.Load())
	}
	if f, err := c.Review(t.Context(), "/w/pairs.json", &r); err != nil || f.PDF != "/w/2106.09685.pdf" {
		t.Errorf("%+v, %v", f, err)
	}
	if c.PutPDF(t.Context(), PDF{Path: "/w/new.pdf"}); asked.Load() != 7 {
		t.Errorf("a PDF that came later was not asked for its head")
	}
}

func TestNamedAfterPDF(t *testing.T) {
	c := corpusOf(nil)
	if c.NamedAfterPDF("/pairs/LoRA.qa.json") {
		t.Error("named after a PDF, and there is none")
	}
	if got := c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf"}); !slices.Equal(got, []string{"/pairs/LoRA.qa.json"}) {
		t.Errorf("its arrival touched %q", got)
	}
	if !c.NamedAfterPDF("/pairs/LoRA.qa.json") || c.NamedAfterPDF("/pairs/package.json") {
		t.Error("wrong")
	}
	if got := c.RemovePDF("/w/LoRA.pdf"); !slices.Equal(got, []string{"/pairs/LoRA.qa.json"}) {
		t.Errorf("its removal touched %q", got)
	}
}

// A collection names for each pair the paper that it was made from.
func TestCollection(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/LoRA.pdf"] = lora()
	texts.pages["/w/ReFT.pdf"] = []string{"Representation finetuning edits hidden states at 17 places of the model. " + lora()[0]}
	for _, data := range []string{
		`[
{"question": "Which factor?", "answer": "Of 10000.", "source": "LoRA.pdf"},
{"question": "How many places?", "answer": "At 17 places of the hidden states.", "source": "papers/ReFT.pdf"},
{"question": "How many layers?", "answer": "In 4711 layers.", "source": "papers/ReFT.pdf"},
{"question": "How many?", "answer": "In 4711 of them.", "source": "nowhere.pdf"},
{"question": "How many in all?", "answer": "In 4711 of all."}
]`,
		`{"question": "Which factor?", "answer": "Of 10000.", "source_file": "LoRA.pdf"}
{"question": "How many places?", "answer": "At 17 places of the hidden states.", "source_file": "ReFT.pdf"}

{"question": "How many layers?", "answer": "In 4711 layers.", "source_file": "ReFT.pdf"}
{"question": "How many?", "answer": "In 4711 of them.", "source_file": "nowhere.pdf"}
{"question": "How many in all?", "answer": "In 4711 of all."}
`,
	} {
		c := corpusOf(texts)
		c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf"})
		c.PutPDF(t.Context(), PDF{Path: "/w/ReFT.pdf"})
		path := "/w/all.json"
		if data[0] == '{' {
			path += "l"
		}
		r, f, _ := look(t, c, path, data)
		if codes(r) != "QA_UNGROUNDED:4" {
			t.Errorf("%s: %q", path, codes(r))
		}
		if want := []string{"/w/LoRA.pdf", "/w/ReFT.pdf", "/w/ReFT.pdf", "", ""}; !slices.Equal(f.Papers, want) {
			t.Errorf("%s: papers %q", path, f.Papers)
		}
		if !slices.Equal(pagesOf(f)[:2], []int{2, 1}) || c.Coverage("/w/ReFT.pdf").Covered != 1 || c.Coverage("/w/LoRA.pdf").Covered != 1 {
			t.Errorf("%s: supported by %v, %+v, %+v", path, pagesOf(f), c.Coverage("/w/ReFT.pdf"), c.Coverage("/w/LoRA.pdf"))
		}
		if c.RemoveQA(path); c.Coverage("/w/ReFT.pdf").Covered != 0 {
			t.Errorf("%s: it covers pages after it went", path)
		}
	}
}

// A PDF that is known by name at first, and then by its bytes, sends nobody back
// who has not yet used its text.
func TestNameThenID(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/LoRA.pdf"] = lora()
	c := corpusOf(texts)
	data := file("By which factor does the number of parameters fall?", "By a factor of 10000.")
	c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf"})
	r := qa.Normalise([]byte(data), qa.Options{})
	c.PutQA(t.Context(), "/w/LoRA.json", &r)
	if got := c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf", ID: "1"}); len(got) != 0 {
		t.Errorf("its bytes' turning up touched %q", got)
	}
	look(t, c, "/w/LoRA.json", data)
	if got := c.PutPDF(t.Context(), PDF{Path: "/w/LoRA.pdf", ID: "2"}); !slices.Equal(got, []string{"/w/LoRA.json"}) {
		t.Errorf("a change after that touched %q", got)
	}
}
