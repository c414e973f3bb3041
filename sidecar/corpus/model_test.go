package corpus

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"qacorpus/sidecar/qa"
)

// world is a disk with PDFs and QA files, and what a daemon knows of it.
type world struct {
	t     *testing.T
	c     *Corpus
	texts *fakeTexts
	pdfs  map[string]string // by path: the bytes
	files map[string]string
	found map[string]string // by path of a QA file: its problems when last looked at
	looks int
}

func (w *world) look(path string) []string {
	w.looks++
	if strings.HasSuffix(path, ".pdf") {
		id, ok := w.pdfs[path]
		if !ok {
			return w.c.RemovePDF(path)
		}
		w.texts.mu.Lock()
		w.texts.pages[path] = lora()
		w.texts.pages[path][1] = strings.ReplaceAll(w.texts.pages[path][1], "10000", id)
		w.texts.mu.Unlock()
		return w.c.PutPDF(w.t.Context(), PDF{Path: path, ID: id})
	}
	data, ok := w.files[path]
	if !ok {
		delete(w.found, path)
		return w.c.RemoveQA(path)
	}
	r, f, touched := look(w.t, w.c, path, data)
	w.found[path] = fmt.Sprintf("%s %+v %v", f.PDF, r.Problems, f.Supports)
	return touched
}

// settle looks at paths, and at all that is touched by that, until nothing is.
func (w *world) settle(paths ...string) {
	waiting := paths
	for n := 0; len(waiting) > 0; n++ {
		if n > 2000 {
			w.t.Fatalf("files send each other back for ever: %q", waiting)
		}
		path := waiting[0]
		waiting = slices.DeleteFunc(waiting[1:], func(p string) bool { return p == path })
		waiting = append(waiting, w.look(path)...)
	}
}

func newWorld(t *testing.T) *world {
	texts := newTexts()
	return &world{t: t, c: corpusOf(texts), texts: texts, pdfs: map[string]string{}, files: map[string]string{}, found: map[string]string{}}
}

// TestAnyHistoryLeadsToTheSame makes random changes, each followed by the looks
// that it asks for, and compares what is known in the end with what one who
// meets the same disk for the first time finds.
func TestAnyHistoryLeadsToTheSame(t *testing.T) {
	pdfs := []string{"/w/LoRA.pdf", "/w/sub/LoRA.pdf", "/w/ReFT.pdf", "/w/QLoRA.pdf"}
	paths := []string{"/w/LoRA.json", "/pairs/LoRA.json", "/pairs/LoRA_eval.json", "/w/sub/LoRA_train.json", "/w/ReFT.json", "/w/test/ReFT.json", "/w/other.json", "/w/all.jsonl"}
	contents := []string{
		file("How is B initialised?", "With zeros."),
		file("How is B initialised?", "With zeros.", "By which factor do parameters fall?", "By a factor of 10000."),
		"\n" + file("By which factor do parameters fall?", "By a factor of 250."),
		`{"paper_id": "ReFT", "qa_pairs": [{"question": "How is B initialised?", "answer": "With many zeros."}]}`,
		`{"name": "a package", "version": "1.0"}`,
		`[{"question": "How is A set?", "answer": "By a Gaussian.", "source": "LoRA.pdf"}, {"question": "How is B set?", "answer": "With 4711 zeros.", "source": "QLoRA.pdf"}]`,
		`[{"question": "How is B`,
	}
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(t)
		for range 40 {
			if r.IntN(3) == 0 {
				path := pdfs[r.IntN(len(pdfs))]
				if r.IntN(3) == 0 {
					delete(w.pdfs, path)
				} else {
					w.pdfs[path] = []string{"10000", "250"}[r.IntN(2)]
				}
				w.settle(path)
				continue
			}
			path := paths[r.IntN(len(paths))]
			if r.IntN(4) == 0 {
				delete(w.files, path)
			} else {
				w.files[path] = contents[r.IntN(len(contents))]
				if strings.HasSuffix(path, "l") {
					w.files[path] = strings.TrimSpace(w.files[path]) + "\n"
				}
			}
			w.settle(path)
		}
		fresh := newWorld(t)
		fresh.pdfs, fresh.files = w.pdfs, w.files
		fresh.settle(append(slices.Sorted(maps.Keys(w.pdfs)), slices.Sorted(maps.Keys(w.files))...)...)
		for _, path := range paths {
			if w.found[path] != fresh.found[path] {
				t.Errorf("seed %d: of %s is known\n%s\nand found anew\n%s", seed, path, w.found[path], fresh.found[path])
			}
		}
		for path := range w.pdfs {
			if got, want := fmt.Sprint(w.c.Coverage(path)), fmt.Sprint(fresh.c.Coverage(path)); got != want {
				t.Errorf("seed %d: coverage of %s is %s, anew %s", seed, path, got, want)
			}
		}
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
