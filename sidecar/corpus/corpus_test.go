package corpus

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	if f.PDF != "/w/LoRA.pdf" || f.Pages != 3 || !slices.Equal(f.Supported, []int{2, 3}) || !slices.Equal(f.Uncovered, []int{1}) {
		t.Errorf("%+v", f)
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
		if codes(r) != "" || f.Pages != 0 || slices.Max(f.Supported) > 0 {
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

func TestLeakage(t *testing.T) {
	c := corpusOf(newTexts())
	for _, p := range []string{"/w/LoRA.pdf", "/w/ReFT.pdf"} {
		c.PutPDF(t.Context(), PDF{Path: p})
	}
	shared := []string{"How is B initialised?", "With zeros."}
	look(t, c, "/w/LoRA.json", file(append([]string{"What is frozen?", "The pretrained weights."}, shared...)...))
	r, _, touched := look(t, c, "/w/eval/LoRA.json", file(shared...))
	if !slices.Equal(touched, []string{"/w/LoRA.json"}) {
		t.Errorf("touched %q", touched)
	}
	if codes(r) != "QA_LEAKAGE:2" || r.Problems[0].Message != "this pair is also in LoRA.json, which is training data, and this file is evaluation data (line 3)" {
		t.Errorf("%+v", r.Problems)
	}
	if got := c.RemoveQA("/w/LoRA.json"); !slices.Equal(got, []string{"/w/eval/LoRA.json"}) {
		t.Errorf("removal touched %q", got)
	}
	if r, _, _ := look(t, c, "/w/eval/LoRA.json", file(shared...)); codes(r) != "" {
		t.Errorf("%q", codes(r))
	}
	// A conflict copy is told of as such, and not as a copy of all its pairs.
	if _, _, touched := look(t, c, "/w/eval/LoRA.sync-conflict-20260101-101010-ABCDEFG.json", file(shared...)); len(touched) != 0 {
		t.Errorf("a conflict copy touched %q", touched)
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

// All orders in which files and PDFs turn up lead to the same findings, if what
// is touched is looked at again.
func TestOrderDoesNotMatter(t *testing.T) {
	texts := newTexts()
	texts.pages["/w/LoRA.pdf"] = lora()
	texts.pages["/w/ReFT.pdf"] = []string{"nothing"}
	files := map[string]string{
		"/w/LoRA.json":            file("How is B initialised?", "With zeros.", "Which rank?", "Rank 4711."),
		"/pairs/LoRA_eval.json":   file("How is B initialised?", "With zeros."),
		"/pairs/ReFT.json":        file("What is ReFT?", "A method."),
		"/pairs/Nothing.json":     file("What else?", "Nothing."),
		"/w/sub/LoRA_test-2.json": file("How is B initialised?", "With zeros, of course."),
	}
	paths := slices.Sorted(maps.Keys(files))
	steps := append([]string{"/w/LoRA.pdf", "/w/ReFT.pdf"}, paths...)
	outcome := func(order []int) string {
		c := corpusOf(texts)
		found := map[string]string{}
		var todo []string
		for _, n := range order {
			todo = append(todo, steps[n])
		}
		for len(todo) > 0 {
			path := todo[0]
			todo = todo[1:]
			if strings.HasSuffix(path, ".pdf") {
				todo = append(todo, c.PutPDF(t.Context(), PDF{Path: path, ID: "1"})...)
				continue
			}
			r, _, touched := look(t, c, path, files[path])
			before, known := found[path]
			found[path] = fmt.Sprintf("%+v", r.Problems)
			if !known || before != found[path] {
				todo = append(todo, touched...)
			}
		}
		var b strings.Builder
		for _, path := range paths {
			fmt.Fprintln(&b, path, found[path])
		}
		return b.String()
	}
	order := []int{0, 1, 2, 3, 4, 5, 6}
	want := outcome(order)
	for _, code := range []string{"QA_LEAKAGE", "QA_UNGROUNDED", "QA_NO_PDF"} {
		if !strings.Contains(want, code) {
			t.Errorf("no %s in %s", code, want)
		}
	}
	for i := range 60 {
		a, b := i%len(order), (i*5+3)%len(order)
		order[a], order[b] = order[b], order[a]
		if got := outcome(order); got != want {
			t.Fatalf("order %v gives\n%s\nwant\n%s", order, got, want)
		}
	}
}

// TestTogether has all methods called at once, for the race detector.
func TestTogether(t *testing.T) {
	texts := newTexts()
	c := New(Options{Roots: []string{"/w"}, Texts: texts, Head: func(context.Context, string) (string, string) { return "A title of its own", "" }})
	for i := range 8 {
		texts.pages[fmt.Sprintf("/w/p%d.pdf", i)] = lora()
	}
	data := `{"title": "No such title", "qa_pairs": [{"question": "How is B initialised?", "answer": "With zeros."}]}`
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			pdf, path := fmt.Sprintf("/w/p%d.pdf", i), fmt.Sprintf("/w/p%d.json", (i+1)%8)
			for n := range 20 {
				c.PutPDF(t.Context(), PDF{Path: pdf, ID: fmt.Sprint(n % 3)})
				c.NamedAfterPDF(path)
				r := qa.Normalise([]byte(data), qa.Options{})
				c.PutQA(t.Context(), path, &r)
				if _, err := c.Review(t.Context(), path, &r); err != nil {
					t.Error(err)
				}
				c.Coverage(pdf)
				if n%7 == 0 {
					c.RemoveQA(path)
					c.RemovePDF(pdf)
				}
			}
		})
	}
	work.Wait()
}

// Two files that overlap are each looked at again when the other is new, and
// not once more because of that.
func TestOverlapsComeToRest(t *testing.T) {
	c := corpusOf(newTexts())
	data := file("How is B initialised?", "With zeros.")
	look(t, c, "/w/a.json", data)
	if _, _, touched := look(t, c, "/w/b.json", data); !slices.Equal(touched, []string{"/w/a.json"}) {
		t.Errorf("a new file touched %q", touched)
	}
	if r, _, touched := look(t, c, "/w/a.json", data); len(touched) != 0 || codes(r) != "QA_NO_PDF:0 QA_DUP_QUESTION:2" {
		t.Errorf("looking again touched %q, %q", touched, codes(r))
	}
	// Its paper's arrival makes it new to the other.
	c.PutPDF(t.Context(), PDF{Path: "/w/a.pdf"})
	if _, _, touched := look(t, c, "/w/a.json", data); !slices.Equal(touched, []string{"/w/b.json"}) {
		t.Errorf("after its paper came: %q", touched)
	}
	// So does another line.
	if _, _, touched := look(t, c, "/w/a.json", "\n"+data); !slices.Equal(touched, []string{"/w/b.json"}) {
		t.Errorf("on another line: %q", touched)
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
		if !slices.Equal(f.Supported[:2], []int{2, 1}) || c.Coverage("/w/ReFT.pdf").Covered != 1 || c.Coverage("/w/LoRA.pdf").Covered != 1 {
			t.Errorf("%s: supported by %v, %+v, %+v", path, f.Supported, c.Coverage("/w/ReFT.pdf"), c.Coverage("/w/LoRA.pdf"))
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

func TestLinksAreNoCopies(t *testing.T) {
	c := New(Options{Roots: []string{"/w"}, SameFile: func(a, b string) bool { return strings.Contains(a, "link") || strings.Contains(b, "link") }})
	data := file("How is B initialised?", "With zeros.")
	look(t, c, "/w/a.json", data)
	if r, _, _ := look(t, c, "/w/link.json", data); codes(r) != "" {
		t.Errorf("a link: %q", codes(r))
	}
	if r, _, _ := look(t, c, "/w/b.json", data); codes(r) != "QA_DUP_QUESTION:2" {
		t.Errorf("a copy: %q", codes(r))
	}
	// Many copies are not told of one by one.
	for i := range 2 * maxOverlaps {
		look(t, c, fmt.Sprintf("/w/c%d.json", i), data)
	}
	r, _, _ := look(t, c, "/w/a.json", data)
	if n := len(r.Problems); n != maxOverlaps || !strings.HasSuffix(r.Problems[n-1].Message, "(and the same with 11 more files)") {
		t.Errorf("%d warnings, the last %q", n, r.Problems[n-1].Message)
	}
}
