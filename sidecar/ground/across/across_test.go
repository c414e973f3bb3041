package across

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestIsEval(t *testing.T) {
	for path, want := range map[string]bool{
		"eval.jsonl": true, "data/eval_with_context.jsonl": true, "qa_pairs_eval/01_lori.json": true, "test_alpaca.json": true, "test2.json": true,
		"dev/a.json": true, "a-valid.json": true, "myEval.json": true, "Evaluation set/a.json": true, "testset/x.json": true, "qaeval.json": true,
		"testing/x.json": true, "heldout.json": true,
		"train.jsonl": false, "retrieval.json": false, "latest.json": false, "contest.json": false, "medieval_art.json": false, "testimony.json": false,
		"developer.json": false, "value.json": false, "a.json": false, "": false, "eval/train.json": false, "train/eval.json": true, "protest/a.json": false,
		"LoRA_train_eval.json": true,
	} {
		if got := IsEval(path); got != want {
			t.Errorf("IsEval(%q) = %v", path, got)
		}
	}
}

// show writes overlaps so that a table can hold them.
func show(os []Overlap) string {
	var s []string
	for _, o := range os {
		line := fmt.Sprintf("%s %s", o.Code, o.Other)
		for _, t := range o.Twins {
			line += fmt.Sprintf(" %s=%s", t.Pointer, t.Other)
			if t.Same {
				line += "!"
			}
		}
		s = append(s, line)
	}
	return strings.Join(s, "; ")
}

func pairs(s ...string) []Pair {
	var ps []Pair
	for i := 0; i+1 < len(s); i += 2 {
		ps = append(ps, Pair{Pointer: fmt.Sprintf("/%d", i/2), Question: s[i], Answer: s[i+1]})
	}
	return ps
}

const (
	generic = "What is the main contribution of this paper?"
	sparse  = "LoRI freezes the projection matrices A as random projections and sparsifies the matrices B using task-specific masks."
	sparser = "LoRI freezes the projection matrix A as a random projection and sparsifies the matrices B by using task-specific masks."
	elastic = "ElaLoRA prunes and expands ranks dynamically during training, by gradient-derived importance scores."
	asks    = "How does LoRI reduce the number of trainable parameters compared to traditional LoRA?"
)

func TestOverlaps(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b File
		want string // overlaps of a
	}{
		{"nothing", File{Pairs: pairs(asks, sparse)}, File{Pairs: pairs("Why?", elastic)}, ""},
		{"the same pair", File{Pairs: pairs("x y z", "w", asks, sparse)}, File{Pairs: pairs(asks, sparse)}, "QA_DUP_QUESTION b /1=/0!"},
		{"but for spaces and case", File{Pairs: pairs(asks, sparse)}, File{Pairs: pairs(strings.ToUpper(asks), " "+sparse+"\n")}, "QA_DUP_QUESTION b /0=/0!"},
		{"nearly", File{Pairs: pairs(asks, sparse)}, File{Pairs: pairs("How does LoRI reduce the number of parameters compared to traditional LoRA?", sparser)}, "QA_NEAR_DUP b /0=/0"},
		{"a asks asked of every paper", File{Pairs: pairs(generic, sparse)}, File{Pairs: pairs(generic, elastic)}, ""},
		{"asked twice of one paper", File{Paper: "p", Pairs: pairs(generic, sparse)}, File{Paper: "p", Pairs: pairs(generic, elastic)}, "QA_NEAR_DUP b /0=/0"},
		{"another name", File{Pairs: pairs("What is the rank in LoRA?", "The rank in LoRA is 8.")}, File{Pairs: pairs("What is the rank in QLoRA?", "The rank in QLoRA is 8.")}, ""},
		{"training and evaluation", File{Pairs: pairs(asks, sparse)}, File{Eval: true, Pairs: pairs(asks, sparser)}, "QA_LEAKAGE b /0=/0"},
		{"evaluation and training", File{Eval: true, Pairs: pairs(asks, sparse)}, File{Pairs: pairs(asks, sparse)}, "QA_LEAKAGE b /0=/0!"},
		{"two for evaluation", File{Eval: true, Pairs: pairs(asks, sparse)}, File{Eval: true, Pairs: pairs(asks, sparse)}, "QA_DUP_QUESTION b /0=/0!"},
		{"the same before the similar", File{Pairs: pairs(asks, sparse)}, File{Pairs: pairs(asks, sparser, asks, sparse)}, "QA_DUP_QUESTION b /0=/1!"},
		{"nothing but signs", File{Pairs: pairs("∀?", "→")}, File{Pairs: pairs("∃?", "↔")}, ""},
		{"empty", File{Pairs: pairs("", "")}, File{Pairs: pairs("Why?", "")}, ""},
	} {
		x := New()
		tt.a.Path, tt.b.Path = "a", "b"
		x.Put(tt.a)
		touched := x.Put(tt.b)
		if got := show(x.Overlaps("a")); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := strings.Join(touched, " "); got != strings.TrimSuffix("a", map[bool]string{true: "a"}[tt.want == ""]) {
			t.Errorf("%s: Put touched %q", tt.name, got)
		}
		if len(x.Overlaps("b")) != len(x.Overlaps("a")) {
			t.Errorf("%s: b does not overlap a", tt.name)
		}
	}
}

func TestOrderOfOverlaps(t *testing.T) {
	x := New()
	all := pairs(asks, sparse, "Who wrote it?", "Juzheng Zhang and others wrote it.")
	x.Put(File{Path: "a", Pairs: all})
	x.Put(File{Path: "c", Pairs: all[:1]})
	x.Put(File{Path: "b", Pairs: all[:1]})
	x.Put(File{Path: "d", Pairs: all})
	x.Put(File{Path: "e", Eval: true, Pairs: all[:1]})
	var got []string
	for _, o := range x.Overlaps("a") {
		got = append(got, o.Other)
		if o.Pairs != 2 {
			t.Errorf("%s: Pairs = %d", o.Other, o.Pairs)
		}
	}
	if strings.Join(got, "") != "edbc" {
		t.Errorf("order %q, want leakage, then the largest, then by name", got)
	}
	if touched := x.Remove("a"); strings.Join(touched, "") != "bcde" {
		t.Errorf("Remove touched %q", touched)
	}
	if touched := x.Remove("a"); touched != nil {
		t.Errorf("a second Remove touched %q", touched)
	}
	if x.Overlaps("a") != nil {
		t.Error("a removed file overlaps")
	}
}

// TestIncrementalEqualsFresh changes files at random, and checks that what is
// told of them is what an index made anew tells, and that whoever's overlaps
// changed was named.
func TestIncrementalEqualsFresh(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	pool := make([]Pair, 40)
	for i := range pool {
		pool[i] = Pair{Pointer: fmt.Sprint("/", i), Question: fmt.Sprintf("why is item %d so %d", i, i*i), Answer: fmt.Sprintf("because of %d and of words like these", i)}
	}
	x := New()
	files := map[string]File{}
	before := map[string]string{}
	seen := 0
	for range 400 {
		f := File{Path: string(rune('a' + r.IntN(8))), Eval: r.IntN(3) == 0}
		for range r.IntN(6) {
			f.Pairs = append(f.Pairs, pool[r.IntN(len(pool))])
		}
		var touched []string
		if r.IntN(4) == 0 {
			touched = x.Remove(f.Path)
			delete(files, f.Path)
		} else {
			touched = x.Put(f)
			files[f.Path] = f
		}
		fresh := New()
		for _, g := range files {
			fresh.Put(g)
		}
		for path := range files {
			got, want := x.Overlaps(path), fresh.Overlaps(path)
			seen += len(got)
			if show(got) != show(want) || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %s, anew %s", path, show(got), show(want))
			}
			if now := show(got); now != before[path] && path != f.Path && !slices.Contains(touched, path) {
				t.Fatalf("%s changed from %q to %q and was not named by the change of %s", path, before[path], now, f.Path)
			}
			before[path] = show(got)
		}
	}
	if seen == 0 {
		t.Fatal("no overlap ever: the test tests nothing")
	}
	for path := range files {
		x.Remove(path)
	}
	if len(x.questions)+len(x.keys) != 0 {
		t.Errorf("%d questions and %d keys are left after all files went", len(x.questions), len(x.keys))
	}
}

func corpus(files, each int) []File {
	r := rand.New(rand.NewPCG(2, 2))
	words := func(n int) string {
		var s []string
		for range n {
			s = append(s, fmt.Sprintf("w%d", int(r.ExpFloat64()*400)))
		}
		return strings.Join(s, " ")
	}
	fs := make([]File, files)
	for i := range fs {
		fs[i] = File{Path: fmt.Sprint(i)}
		for j := range each {
			fs[i].Pairs = append(fs[i].Pairs, Pair{fmt.Sprint("/", j), words(14), words(40)})
		}
	}
	return fs
}

func BenchmarkPutAmong100000Pairs(b *testing.B) {
	fs := corpus(10000, 10)
	x := New()
	for _, f := range fs {
		x.Put(f)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		x.Put(fs[i%len(fs)])
		i++
	}
}

func BenchmarkOverlaps(b *testing.B) {
	fs := corpus(10000, 10)
	x := New()
	for _, f := range fs {
		x.Put(f)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		x.Overlaps(fs[i%len(fs)].Path)
		i++
	}
}
