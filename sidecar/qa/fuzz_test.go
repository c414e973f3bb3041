package qa_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/source"
	"qacorpus/sidecar/qa/tree"
)

// FuzzNormalise holds what must be true of any bytes: an error or a file of
// others leaves them alone, the second time changes nothing, what comes out
// is JSON, and no value is missing from it.
func FuzzNormalise(f *testing.F) {
	for _, c := range rewrites() {
		f.Add([]byte(c.in), uint8(0))
		f.Add([]byte(c.in), uint8(255))
	}
	for _, c := range raisedCodes() {
		if len(c.in) < 1000 {
			f.Add([]byte(c.in), uint8(1))
			f.Add([]byte(c.near), uint8(1))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, bits uint8) {
		if len(data) > 1<<12 {
			return
		}
		holds(t, data, optionsOf(bits))
	})
}

// optionsOf spreads the bits of a number over the options.
func optionsOf(bits uint8) qa.Options {
	o := qa.Options{Name: []string{"a.json", "a.jsonl", "stdin", "b.JSON"}[bits&3]}
	o.Asked = bits&4 != 0
	o.Loose = bits&8 != 0
	o.ASCII = []string{"", "true", "false", ""}[bits>>4&3]
	o.Convert = []string{"all", "keys", "all", "none"}[bits>>6&3]
	if bits&0x15 == 0x15 {
		o.Shape = "paper"
	}
	return o
}

// holds fails the test where a promise is broken.
func holds(t testing.TB, data []byte, o qa.Options) (changed bool) {
	t.Helper()
	before := bytes.Clone(data)
	r := qa.Normalise(data, o)
	if !bytes.Equal(before, data) {
		t.Fatalf("%q: the input was written to", before)
	}
	if !r.Counts && (len(r.Problems) > 0 || r.Changed) {
		t.Fatalf("%q does not count: %+v", data, r.Problems)
	}
	if (!r.Changed || r.Failed()) && !bytes.Equal(r.Output, data) {
		t.Fatalf("%q became %q without a change, or with an error", data, r.Output)
	}
	if r.Changed == bytes.Equal(r.Output, data) || r.Changed == (len(r.Changes) == 0) {
		t.Fatalf("%q: changed %v, %q, output %q", data, r.Changed, r.Changes, r.Output)
	}
	for i := range r.Pairs {
		if p := r.Pairs[i]; strings.TrimSpace(p.Question) == "" || strings.TrimSpace(p.Answer) == "" || r.Line(i) < 1 {
			t.Fatalf("%q: pair %+v", data, p)
		}
	}
	if !r.Changed {
		return false
	}
	again := qa.Normalise(r.Output, o)
	if again.Changed || again.Failed() {
		t.Fatalf("%q\nbecame %q\nthen   %q, %q, %+v", data, r.Output, again.Output, again.Changes, again.Problems)
	}
	if a, b := texts(r), texts(again); !slices.Equal(a, b) {
		t.Fatalf("%q\nhas pairs %q\nand then %q", data, a, b)
	}
	text, _ := source.Decode(data)
	lost(t, text.S, string(r.Output))
	return true
}

// texts lists what the pairs of a result say.
func texts(r qa.Result) []string {
	var out []string
	for _, p := range r.Pairs {
		out = append(out, p.Question, p.Answer, p.Context)
	}
	return out
}

// lost fails where a text, a number or a literal of the input is nowhere in
// the output. Names of roles and types may go with the form that needs them.
func lost(t testing.TB, in, out string) {
	t.Helper()
	have := map[string]bool{}
	var all strings.Builder
	dec := json.NewDecoder(strings.NewReader(out))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the output is not JSON: %v\n%q", err, out)
		}
		s := strings.TrimSpace(fmt.Sprint(tok))
		have[s] = true
		all.WriteString(s + "\x00")
	}
	tr := tree.Parse(in)
	if strings.HasPrefix(strings.TrimSpace(in), "```") || strings.HasPrefix(strings.TrimSpace(in), "~~~") {
		return
	}
	for n := range tr.Size() {
		value := tr.Raw(uint32(n))
		switch tr.Kind(uint32(n)) {
		case '"':
			value = tr.Text(uint32(n))
		case 'n':
			value = strings.Replace(value, "null", "<nil>", 1)
		case '0':
		default:
			continue
		}
		value = strings.TrimFunc(value, func(r rune) bool { return strings.TrimSpace(string(r)) == "" || r >= 0x1c && r <= 0x1f })
		if !have[value] && !strings.Contains(all.String(), value) && !mayGo(value) {
			t.Fatalf("%q is lost\nfrom %q\nto   %q", value, in, out)
		}
	}
}

// mayGo lists the keys that are renamed, roles, and marks of wrappers.
func mayGo(s string) bool {
	switch strings.ToLower(s) {
	case "question", "answer", "context", "q", "a", "query", "prompt", "instruction", "input", "output", "response", "reference", "solution", "expected_answer",
		"completion", "ground_truth", "ground_truths", "reference_answer", "expected_output", "gold_answer", "correct_answer", "model_answer", "user_input",
		"messages", "conversations", "role", "content", "from", "value", "user", "human", "assistant", "gpt", "model", "bot", "system",
		"data", "entries", "questions", "answers", "items", "results", "examples", "qas", "qa", "pairs", "paragraphs", "text", "long_answer", "contexts",
		"@type", "faqpage", "mainentity", "acceptedanswer", "name":
		return true
	}
	return false
}

// TestRandomFiles puts files of pairs together at random, with what people
// and programs do to them, and holds the same promises.
func TestRandomFiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	text := func() string {
		var b strings.Builder
		for range rng.IntN(4) {
			b.WriteString(pick(" ", "Why", "é", `\u00e9`, `\n`, `\\`, `\"`, `\/`, "😀", `\ud83d\ude00`, "?", `\t`, "\u00a0", `\u007f`, "x", "“”"))
		}
		return `"` + pick("", "", " ", `\n`) + pick("w", "ü") + b.String() + pick("", "", " ", `\u2003`) + `"`
	}
	value := func() string {
		return pick(text(), "1", "-2.50e+3", "null", "true", "[]", "{}", "[1, [2]]", `{"z": {"y": "`+pick("a", "b")+`"}}`)
	}
	pair := func() string {
		members := []string{
			pick(`"question"`, `"question"`, `"Question"`, `"q"`, `"prompt"`, `"instruction"`, `"\u0071uestion"`) + ": " + text(),
			pick(`"answer"`, `"answer"`, `"Answer"`, `"a"`, `"response"`, `"output"`, `"answers"`) + ":" + pick(text(), text(), "["+text()+"]"),
		}
		if rng.IntN(3) == 0 {
			members = append(members, `"context": `+text())
		}
		for i := range rng.IntN(3) {
			members = append(members, fmt.Sprintf(`"%s%d" :%s`, pick("x", "é", "id"), i, value()))
		}
		rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		return "{" + strings.Join(members, pick(", ", ",", ",\n\t", " , /* c */")) + pick("}", "}", ",}", "\r\n}")
	}
	const files = 6_000
	changed := 0
	for range files {
		var pairs []string
		for range 1 + rng.IntN(3) {
			pairs = append(pairs, pair())
		}
		list := "[" + strings.Join(pairs, pick(",", ",\n  ", ",\r\n")) + pick("]", ",]", "\n]\n")
		s := list
		switch rng.IntN(6) {
		case 0:
			s = strings.Join(pairs, "\n")
		case 1:
			s = `{"title": ` + text() + `, "` + pick("qa_pairs", "data", "items") + `": ` + list + `, "paper_id": ` + text() + `}`
		case 2:
			s = "\ufeff" + s
		}
		if holds(t, []byte(s), optionsOf(uint8(rng.IntN(256)))) {
			changed++
		}
	}
	if changed < files/4 {
		t.Errorf("only %d of %d files were rewritten: the test has lost its point", changed, files)
	}
}
