package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"qacorpus/sidecar/ground/similar"
)

// text gives what a part holds.
func text(t *testing.T, x *Export, part string) string {
	t.Helper()
	var b bytes.Buffer
	if err := x.Write(part, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func build(t *testing.T, o Options, s ...Source) *Export {
	t.Helper()
	x, err := Build(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestFormats(t *testing.T) {
	s := Source{Path: "a.json", Pairs: []Pair{{"/0", "\u00a0Why \"α\"?\n", "\x1cBecause \U0001d6fc < 1/2 & \\x\x7f.\u2028", " see\tabove "}, {"/1", "Q", "A", ""}}}
	const q, a = `Why \"\u03b1\"?`, `Because \ud835\udefc < 1/2 & \\x\u007f.`
	for _, tt := range []struct {
		o    Options
		want string
	}{
		{Options{}, `{"question": "` + q + `", "answer": "` + a + `"}`},
		{Options{Context: true}, `{"question": "` + q + `", "answer": "` + a + `", "context": "see\tabove"}`},
		{Options{Format: "alpaca"}, `{"instruction": "` + q + `", "input": "", "output": "` + a + `"}`},
		{Options{Format: "alpaca", Context: true}, `{"instruction": "` + q + `", "input": "see\tabove", "output": "` + a + `"}`},
		{Options{Format: "messages"}, `{"messages": [{"role": "user", "content": "` + q + `"}, {"role": "assistant", "content": "` + a + `"}]}`},
		{Options{Format: "messages", Context: true}, `{"messages": [{"role": "user", "content": "see\tabove\n\n` + q + `"}, {"role": "assistant", "content": "` + a + `"}]}`},
		{Options{Format: "sharegpt"}, `{"conversations": [{"from": "human", "value": "` + q + `"}, {"from": "gpt", "value": "` + a + `"}]}`},
	} {
		lines := strings.SplitAfter(text(t, build(t, tt.o, s), "train"), "\n")
		if len(lines) != 3 || lines[0] != tt.want+"\n" {
			t.Errorf("%+v: got  %s want %s", tt.o, lines[0], tt.want)
		}
		for _, l := range lines[:2] {
			if !json.Valid([]byte(l)) {
				t.Errorf("%+v: %s is not JSON", tt.o, l)
			}
		}
	}
}

func TestStrip(t *testing.T) {
	for in, want := range map[string]string{
		" a ": "a", "\x1c\x1d\x1e\x1fa\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000": "a",
		"\ufeffa\u200b": "\ufeffa\u200b", "\u180ea": "\u180ea", " \n ": "", "a b": "a b", "\x00a": "\x00a",
	} {
		if got := strip(in); got != want {
			t.Errorf("strip(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLeftOut(t *testing.T) {
	x := build(t, Options{Dedupe: true},
		Source{Path: "a", Pairs: []Pair{{"/0", "Q?", "A", ""}, {"/1", " ", "A", ""}, {"/2", "Q", "\u3000", ""}, {"/3", "Q\xff", "A", ""}, {"/4", "q? ", " a", ""}},
			LeftOut: []LeftOut{{"a", "/5", "the answer is missing"}}},
		Source{Path: "b\xff", Pairs: []Pair{{"/0", "Q?", "A", "more"}}},
		Source{Path: "c", LeftOut: []LeftOut{{"c", "", "the file has a syntax error"}}},
	)
	want := []LeftOut{
		{"a", "/5", "the answer is missing"}, {"a", "/1", "the question is empty"}, {"a", "/2", "the answer is empty"}, {"a", "/3", "the text is not UTF-8"},
		{"c", "", "the file has a syntax error"}, {"a", "/4", "the same pair is in a at /0"}, {"b\xff", "/0", "the same pair is in a at /0"},
	}
	if fmt.Sprint(x.LeftOut) != fmt.Sprint(want) {
		t.Errorf("left out %q\nwant %q", x.LeftOut, want)
	}
	if got := text(t, x, "train"); got != "{\"question\": \"Q?\", \"answer\": \"A\"}\n" {
		t.Errorf("written %q", got)
	}
	if x.Parts[0].Lines != 1 || x.Parts[0].Bytes != int64(len(text(t, x, "train"))) {
		t.Errorf("counted %+v", x.Parts)
	}
	withContext := build(t, Options{Dedupe: true, Context: true}, Source{Path: "a", Pairs: []Pair{{"/0", "Q", "A", "one"}, {"/1", "Q", "A", "two"}}})
	if withContext.Parts[0].Lines != 2 {
		t.Error("pairs with different contexts are taken for the same")
	}
}

func TestWrongOptions(t *testing.T) {
	for _, o := range []Options{{Format: "csv"}, {EvalShare: 1}, {EvalShare: -0.1}, {EvalShare: 0.1, Marked: true}, {EvalShare: 0.1, Last: []byte("{")}, {Last: []byte(`{"generator": "x"}`)}} {
		if _, err := Build(nil, o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// library makes n sources of distinct papers.
func library(n int) []Source {
	r := rand.New(rand.NewPCG(1, 1))
	words := func(n int) string {
		var s []string
		for range n {
			s = append(s, fmt.Sprint("w", r.IntN(5000)))
		}
		return strings.Join(s, " ")
	}
	var out []Source
	for i := range n {
		s := Source{Path: fmt.Sprintf("%03d.json", i), Paper: fmt.Sprintf("paper %d", i), Text: similar.Of(words(600))}
		for j := range 5 {
			s.Pairs = append(s.Pairs, Pair{Pointer: fmt.Sprint("/", j), Question: words(10), Answer: words(30)})
		}
		out = append(out, s)
	}
	return out
}

func parts(x *Export) map[string]string {
	m := map[string]string{}
	for _, s := range x.sources {
		m[s.Path] = s.part
	}
	return m
}

// TestSplitIsStable lets the corpus grow and shuffles it: nothing moves, and
// the share is about what was asked for.
func TestSplitIsStable(t *testing.T) {
	all := library(400)
	o := Options{EvalShare: 0.1}
	full := parts(build(t, o, all...))
	evals := 0
	for _, p := range full {
		if p == eval {
			evals++
		}
	}
	if evals < 24 || evals > 58 {
		t.Errorf("%d of 400 papers are in eval", evals)
	}
	r := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{1, 20, 150, 399} {
		some := append([]Source(nil), all...)
		r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		for path, part := range parts(build(t, o, some[:n]...)) {
			if part != full[path] {
				t.Errorf("of %d papers %s is in %s, of all in %s", n, path, part, full[path])
			}
		}
	}
	for path, part := range parts(build(t, Options{EvalShare: 0.3}, all...)) {
		if full[path] == eval && part != eval {
			t.Errorf("%s is in eval for a tenth but not for three", path)
		}
	}
}

// TestSplitHash pins where papers go: another hash would move everybody's.
func TestSplitHash(t *testing.T) {
	for paper, want := range map[string]string{"": "0.069574", "AdaLoRA": "0.458328", "2106.09685": "0.347443"} {
		if got := fmt.Sprintf("%.6f", fraction(paper)); got != want {
			t.Errorf("fraction(%q) = %s, want %s", paper, got, want)
		}
	}
}

func TestGroupsStayTogether(t *testing.T) {
	base := library(60)
	var all []Source
	for i, s := range base {
		all = append(all, s)
		version := s // the same paper under another name, with a few other words
		version.Path, version.Paper = "v2/"+s.Path, fmt.Sprint("version ", i)
		version.Pairs = []Pair{{"/0", fmt.Sprintf("what is new in %d", i), fmt.Sprintf("thing number %d is new", i), ""}}
		all = append(all, version)
		sharing := Source{Path: "s/" + s.Path, Paper: fmt.Sprint("sharing ", i), Pairs: s.Pairs[:1]}
		all = append(all, sharing)
	}
	all = append(all, Source{Path: "x/again.json", Paper: "paper 7", Pairs: []Pair{{"/0", "one more", "about paper seven", ""}}})
	got := parts(build(t, Options{EvalShare: 0.25}, all...))
	evals := 0
	for i, s := range base {
		if got["v2/"+s.Path] != got[s.Path] || got["s/"+s.Path] != got[s.Path] {
			t.Errorf("paper %d is in %s, its version in %s, the file that shares a pair in %s", i, got[s.Path], got["v2/"+s.Path], got["s/"+s.Path])
		}
		if got[s.Path] == eval {
			evals++
		}
	}
	if evals == 0 || evals == len(base) {
		t.Errorf("%d of %d groups are in eval: the test tests nothing", evals, len(base))
	}
	if got["x/again.json"] != got["007.json"] {
		t.Error("two files of one paper are in two parts")
	}
}

func TestLastManifestKeepsParts(t *testing.T) {
	all := library(80)
	first := build(t, Options{EvalShare: 0.2}, all...)
	last, err := first.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	// every paper gets a newcomer that shares a pair, and with it a new hash
	grown := append([]Source(nil), all...)
	for i, s := range all {
		grown = append(grown, Source{Path: "n/" + s.Path, Paper: fmt.Sprint("newcomer ", i), Pairs: s.Pairs[:1]})
	}
	moved := func(o Options) (n int) {
		got := parts(build(t, o, grown...))
		for path, part := range parts(first) {
			if got[path] != part {
				n++
			}
		}
		return n
	}
	if n := moved(Options{EvalShare: 0.2}); n == 0 {
		t.Error("no newcomer moves its group: the test tests nothing")
	}
	if n := moved(Options{EvalShare: 0.2, Last: last}); n != 0 {
		t.Errorf("%d papers moved in spite of the last manifest", n)
	}
}

func TestMarksAndLeakage(t *testing.T) {
	pair := Pair{"/0", "How does LoRI reduce the number of trainable parameters?", "It freezes the matrices A and sparsifies the matrices B by masks.", ""}
	other := Pair{"/1", "What is merged?", "Adapters of several tasks.", ""}
	a := Source{Path: "train.json", Paper: "p", Pairs: []Pair{pair, other}}
	b := Source{Path: "eval.json", Paper: "q", Eval: true, Pairs: []Pair{pair}}
	_, err := Build([]Source{a, b}, Options{Marked: true})
	var leak *LeakageError
	if !errors.As(err, &leak) || len(leak.Pairs) != 1 || leak.Pairs[0].Path != "train.json" || leak.Pairs[0].Pointer != "/0" {
		t.Fatalf("Build = %v, want a leakage of /0", err)
	}
	if !strings.Contains(err.Error(), "eval.json") {
		t.Errorf("the error %q does not say where the like is", err)
	}
	if x := build(t, Options{Marked: true, AllowLeakage: true}, a, b); x.Parts[0].Lines != 2 || x.Parts[1].Lines != 1 {
		t.Errorf("allowed: %+v", x.Parts)
	}
	if x := build(t, Options{Marked: true, Dedupe: true}, a, b); x.Parts[0].Lines != 1 || x.Parts[1].Lines != 1 {
		t.Errorf("deduped: %+v", x.Parts)
	}
	if x := build(t, Options{}, a, b); len(x.Parts) != 1 || x.Parts[0].Lines != 3 {
		t.Errorf("without a split: %+v", x.Parts)
	}
	// a share keeps marks, and puts what shares a pair with them to them
	if got := parts(build(t, Options{EvalShare: 0.001}, a, b)); got["eval.json"] != eval || got["train.json"] != eval {
		t.Errorf("share: %v", got)
	}
	b.Paper, b.Pairs = "p", []Pair{{"/0", "Who?", "The authors.", ""}}
	if x := build(t, Options{Marked: true}, a, b); len(x.Notes) != 1 || !strings.Contains(x.Notes[0], "1 papers") {
		t.Errorf("notes %q", x.Notes)
	}
	if x := build(t, Options{Marked: true}, a); len(x.Notes) != 1 || x.Parts[1].Lines != 0 {
		t.Errorf("nothing marked: %q %+v", x.Notes, x.Parts)
	}
}

func TestManifest(t *testing.T) {
	x := build(t, Options{Marked: true, Dedupe: true},
		Source{Path: "a\xff.json", SHA256: "aa", Paper: "p<1>", Pairs: []Pair{{"/0", "Q", "A", ""}, {"/1", "Q", "A", ""}}},
		Source{Path: "eval/b.json", SHA256: "bb", Eval: true, Pairs: []Pair{{"/0", "Who?", "They.", ""}}})
	got, err := x.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "generator": "qacorpus export/1",
  "format": "jsonl",
  "context": false,
  "dedupe": true,
  "split": "marked",
  "parts": [
    {
      "name": "train",
      "lines": 1,
      "bytes": 33,
      "sha256": "42864cb42d09a7c48c547fdb1abfaddfa35d8251179b7f5453bc83ed0bf759e0"
    },
    {
      "name": "eval",
      "lines": 1,
      "bytes": 40,
      "sha256": "44d6743e0152c4e819850b5fa13d97d44e69680beb9b5028ba352f91638db863"
    }
  ],
  "sources": [
    {
      "path": "a\\xff.json",
      "sha256": "aa",
      "paper": "p<1>",
      "part": "train",
      "written": 1
    },
    {
      "path": "eval/b.json",
      "sha256": "bb",
      "paper": "eval/b.json",
      "part": "eval",
      "written": 1
    }
  ],
  "left_out": [
    {
      "path": "a\\xff.json",
      "pointer": "/1",
      "reason": "the same pair is in a\\xff.json at /0"
    }
  ],
  "notes": []
}
`
	if string(got) != want {
		t.Errorf("manifest\n%s", got)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteSaysWhy(t *testing.T) {
	x := build(t, Options{}, library(1)...)
	if err := x.Write("train", full{}); err == nil || err.Error() != "write train: no space" {
		t.Errorf("Write = %v", err)
	}
}

func BenchmarkBuild(b *testing.B) {
	all := library(1000)
	for _, o := range []Options{{}, {EvalShare: 0.1, Dedupe: true}} {
		b.Run(fmt.Sprintf("share=%g", o.EvalShare), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Build(all, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
