package corpus

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
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
	w.found[path] = fmt.Sprintf("%s %+v %v", f.PDF, r.Problems, f.Supported)
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
