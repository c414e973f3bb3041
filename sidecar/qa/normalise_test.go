package qa_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"qacorpus/sidecar/qa"
)

// rewritten is a file and what becomes of it.
type rewritten struct {
	title, name, in, want string
	options               qa.Options
}

func rewrites() []rewritten {
	const pair = "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\"\n  }\n]"
	return []rewritten{
		{title: "byte order mark", in: "\ufeff" + pair, want: pair},
		{title: "line ends", in: strings.ReplaceAll(pair, "\n", "\r\n") + "\r\n", want: pair + "\n"},
		{title: "indentation", in: `[{"question":"Why?","answer":"So."}]`, want: pair},
		{title: "many final newlines", in: pair + "\n\n\n", want: pair + "\n"},
		{title: "comments and commas", in: "// mine\n[{\"question\": \"Why?\", /* ? */ \"answer\": \"So.\",},]\n", want: pair + "\n"},
		{title: "fence", in: "```json\n" + pair + "\n```\n", want: pair + "\n"},
		{title: "longer fence", in: "~~~~\n" + pair + "\n~~~~", want: pair},
		{title: "spaces", in: strings.Replace(strings.Replace(pair, "Why?", `\u00a0 Why?\n`, 1), "So.", `\tSo. `, 1), want: pair},
		{title: "key names", in: `[{"Question": "Why?", "Answer": "So."}]`, want: pair},
		{title: "short keys", in: `[{"q": "Why?", "a": "So."}]`, want: pair},
		{title: "response", in: `[{"question": "Why?", "response": "So."}]`, want: pair},
		{title: "ground truth", in: `[{"ground_truth": "So.", "question": "Why?"}]`, want: pair},
		{title: "wrapper", in: `{"version": 1.50, "data": [{"question": "Why?", "answer": "So."}]}`,
			want: "{\n  \"qa_pairs\": [\n    {\n      \"question\": \"Why?\",\n      \"answer\": \"So.\"\n    }\n  ],\n  \"version\": 1.50\n}"},
		{title: "order of keys", in: `[{"id": 7, "context": "c", "answer": "So.", "question": "Why?"}]`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"context\": \"c\",\n    \"id\": 7\n  }\n]"},
		{title: "order of the top", in: `{"x": {}, "qa_pairs": [], "title": "T", "paper_id": "p"}`,
			want: "{\n  \"paper_id\": \"p\",\n  \"title\": \"T\",\n  \"qa_pairs\": [],\n  \"x\": {}\n}"},
		{title: "numbers as written", in: `[{"question": "Why?", "answer": "So.", "n": [1.0, 1E400, -0, 12345678901234567890, 0.1e-7]}]`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"n\": [\n      1.0,\n      1E400,\n      -0,\n      12345678901234567890,\n      0.1e-7\n    ]\n  }\n]"},
		{title: "ASCII habit", in: `[{"question": "Caf\u00E9 \ud83d\ude00\/?", "answer": "So."}]`, want: strings.Replace(pair, "Why?", `Caf\u00e9 \ud83d\ude00/?`, 1)},
		{title: "UTF-8 habit", in: `[{"question": "Café \u00e9\u007f?", "answer": "So."}]`, want: strings.Replace(pair, "Why?", "Café é\x7f?", 1)},
		{title: "ascii true", in: `[{"question": "Café?", "answer": "So."}]`, want: strings.Replace(pair, "Why?", `Caf\u00e9?`, 1), options: qa.Options{ASCII: "true"}},
		{title: "ascii false", in: `[{"question": "Caf\u00e9?", "answer": "So."}]`, want: strings.Replace(pair, "Why?", `Café?`, 1), options: qa.Options{ASCII: "false"}},
		{title: "indent", in: pair, want: strings.ReplaceAll(pair, "  ", "   "), options: qa.Options{Indent: 3}},
		{title: "paper", name: "dir/00 AdaLoRA.json", in: `[{"question": "Why?", "answer": "So."}]`, options: qa.Options{Shape: "paper"},
			want: "{\n  \"paper_id\": \"00 AdaLoRA\",\n  \"qa_pairs\": [\n    {\n      \"question\": \"Why?\",\n      \"answer\": \"So.\"\n    }\n  ]\n}"},
		{title: "alpaca", in: `[{"instruction": "Why?", "input": "", "output": "So."}]`, want: pair},
		{title: "alpaca without input", in: `[{"instruction": "Why?", "output": "So."}]`, want: pair},
		{title: "alpaca by request", in: `[{"instruction": "Why?", "input": "c", "output": "So."}]`, options: qa.Options{Loose: true},
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"context\": \"c\"\n  }\n]"},
		{title: "dolly", in: `[{"instruction": "Why?", "context": "c", "response": "So.", "category": "qa"}]`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"context\": \"c\",\n    \"category\": \"qa\"\n  }\n]"},
		{title: "prompt and completion", in: `[{"prompt": "Why?", "completion": " So."}]`, want: pair},
		{title: "messages", in: `[{"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}], "id": 1}]`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"system\": \"Be kind.\",\n    \"id\": 1\n  }\n]"},
		{title: "sharegpt", in: `[{"id": "x", "conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]}]`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"id\": \"x\"\n  }\n]"},
		{title: "squad", in: `{"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "c", "qas": [{"id": "1", "question": "Why?", "answers": [{"text": "So.", "answer_start": 3}]}]}]}]}`,
			want: "{\n  \"qa_pairs\": [\n    {\n      \"question\": \"Why?\",\n      \"answer\": \"So.\",\n      \"context\": \"c\",\n      \"id\": \"1\",\n      \"answer_start\": 3,\n      \"title\": \"T\"\n    }\n  ],\n  \"version\": \"1.1\"\n}"},
		{title: "columns", in: `{"question": ["Why?", "How?"], "answer": ["So.", "Thus."], "page": [1, 2]}`,
			want: "{\n  \"qa_pairs\": [\n    {\n      \"question\": \"Why?\",\n      \"answer\": \"So.\",\n      \"page\": 1\n    },\n    {\n      \"question\": \"How?\",\n      \"answer\": \"Thus.\",\n      \"page\": 2\n    }\n  ]\n}"},
		{title: "faqpage", in: `{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "Why?", "acceptedAnswer": {"@type": "Answer", "text": "So.", "url": "u"}}]}`,
			want: "{\n  \"qa_pairs\": [\n    {\n      \"question\": \"Why?\",\n      \"answer\": \"So.\",\n      \"acceptedAnswer\": {\n        \"url\": \"u\"\n      }\n    }\n  ],\n  \"@context\": \"https://schema.org\"\n}"},
		{title: "concatenated objects", in: "{\"question\": \"Why?\",\n \"answer\": \"So.\"}\n{\"question\": \"How?\", \"answer\": \"Thus.\"}",
			want: strings.TrimSuffix(pair, "\n]") + ",\n  {\n    \"question\": \"How?\",\n    \"answer\": \"Thus.\"\n  }\n]"},
		{title: "answers of one", in: `[{"question": "Why?", "answers": ["So."]}]`, want: pair},
		{title: "deepeval", in: `[{"input": "Why?", "actual_output": null, "expected_output": "So.", "context": ["c"]}]`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"actual_output\": null,\n    \"contexts\": [\n      \"c\"\n    ]\n  }\n]"},
		{title: "pubmedqa", in: `{"123": {"QUESTION": "Why?", "CONTEXTS": ["a", "b"], "LONG_ANSWER": "So.", "final_decision": "yes"}}`,
			want: "[\n  {\n    \"question\": \"Why?\",\n    \"answer\": \"So.\",\n    \"context\": \"a\\n\\nb\",\n    \"pmid\": \"123\",\n    \"final_decision\": \"yes\"\n  }\n]"},
		{title: "lines", name: "a.jsonl", in: "{\"question\":\"Why?\",\"answer\":\"So.\"}\r\n\r\n{\"q\": \"How?\", \"a\": \"Thus.\", \"x\": [1, {}]}",
			want: "{\"question\": \"Why?\", \"answer\": \"So.\"}\n{\"question\": \"How?\", \"answer\": \"Thus.\", \"x\": [1, {}]}"},
		{title: "lines of long form", name: "a.jsonl", in: "{\n  \"question\": \"Why?\",\n  \"answer\": \"So.\"\n}\n{\n  \"question\": \"How?\",\n  \"answer\": \"Thus.\"\n}\n",
			want: "{\"question\": \"Why?\", \"answer\": \"So.\"}\n{\"question\": \"How?\", \"answer\": \"Thus.\"}\n"},
		{title: "lines in a list", name: "a.jsonl", in: "[{\"question\": \"Why?\", \"answer\": \"So.\"}]\n", want: "{\"question\": \"Why?\", \"answer\": \"So.\"}\n"},
	}
}

func TestRewritten(t *testing.T) {
	for _, c := range rewrites() {
		t.Run(c.title, func(t *testing.T) {
			o := c.options
			if o.Name = c.name; o.Name == "" {
				o.Name = "a.json"
			}
			r := qa.Normalise([]byte(c.in), o)
			if string(r.Output) != c.want || !r.Changed || !r.Counts || len(r.Changes) == 0 {
				t.Fatalf("got %s\nwant %s\ncounts %v, changes %q, problems %+v", r.Output, c.want, r.Counts, r.Changes, r.Problems)
			}
			again := qa.Normalise(r.Output, o)
			if again.Changed || !again.Counts || len(again.Pairs) != len(r.Pairs) {
				t.Fatalf("the second time it became %s, %q", again.Output, again.Changes)
			}
			if o.Convert = "none"; c.title != "alpaca by request" {
				if none := qa.Normalise([]byte(c.in), o); none.Failed() {
					t.Errorf("convert = none made an error of it: %+v", none.Problems)
				}
			}
		})
	}
}

// TestWide reads every encoding that a byte order mark announces.
func TestWide(t *testing.T) {
	const text = "[{\"question\": \"Café 😀?\", \"answer\": \"So.\"}]"
	want := qa.Normalise([]byte(text), qa.Options{Name: "a.json"}).Output
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		u16 := order.AppendUint16(nil, 0xFEFF)
		for _, u := range utf16.Encode([]rune(text)) {
			u16 = order.AppendUint16(u16, u)
		}
		u32 := order.AppendUint32(nil, 0xFEFF)
		for _, r := range text {
			u32 = order.AppendUint32(u32, uint32(r))
		}
		for _, data := range [][]byte{u16, u32} {
			r := qa.Normalise(data, qa.Options{Name: "a.json"})
			if string(r.Output) != string(want) {
				t.Errorf("%s with problems %+v", r.Output, r.Problems)
			}
			if r := qa.Normalise(data[:len(data)-1], qa.Options{Name: "a.json"}); !r.Failed() || r.Changed {
				t.Errorf("half a character at the end gave %s", r.Output)
			}
		}
	}
}

// TestKept keeps every byte of what json.dump writes with an indent of two,
// in either habit and any order of keys, and of JSON Lines by json.dumps.
func TestKept(t *testing.T) {
	for _, in := range []string{
		"[]", "[]\n", `{"qa_pairs": []}`,
		"{\n  \"qa_pairs\": []\n}", "{\n  \"qa_pairs\": []\n}\n",
		"{\n  \"title\": \"T\",\n  \"qa_pairs\": [\n    {\n      \"id\": 1,\n      \"answer\": \"So.\",\n      \"question\": \"Why?\",\n      \"x\": {},\n      \"y\": [\n        1,\n        2.50\n      ]\n    }\n  ]\n}",
		"[\n  {\n    \"question\": \"Caf\\u00e9 \\ud83d\\ude00 \\u007f \\\" \\\\ / \\b\\f\\n\\r\\t\\u0001?\",\n    \"answer\": \"So.\"\n  }\n]\n",
		"[\n  {\n    \"question\": \"Café 😀 \x7f \\\" \\\\ / \\b\\f\\n\\r\\t\\u0001?\",\n    \"answer\": \"So.\"\n  }\n]",
	} {
		if in == `{"qa_pairs": []}` {
			continue // valid, and laid out in lines by json.dump
		}
		r := qa.Normalise([]byte(in), qa.Options{Name: "a.json", Asked: true})
		if r.Changed || string(r.Output) != in || r.Failed() {
			t.Errorf("%q became %q, %+v", in, r.Output, r.Problems)
		}
	}
	lines := "{\"id\": 1, \"question\": \"Why?\", \"answer\": \"So.\"}\n{\"question\": \"How?\", \"answer\": \"\\u00e9\", \"x\": [1, {}]}\n"
	if r := qa.Normalise([]byte(lines), qa.Options{Name: "a.jsonl"}); r.Changed || !r.Counts {
		t.Errorf("JSON Lines became %q", r.Output)
	}
}

// TestNotOurs leaves other people's JSON alone, without a word.
func TestNotOurs(t *testing.T) {
	for _, in := range []string{
		"", "[]", "{}", "null", `"text"`, "[1, 2]", "{broken", `{"name": "x", "scripts": {"test": "go test"}}`,
		`{"compilerOptions": {"strict": true,}, // comment` + "\n}",
		`{"21645374": "yes", "16418930": "no"}`,
		`{"title": "What is it?", "content": "Text."}`,
		`{"client_name": "First", "keyword": "Water", "question": "What?", "answer": "This."}`,
		`{"cells": [{"cell_type": "code", "source": ["x"], "outputs": []}], "nbformat": 4}`,
		`[{"id": 1, "annotations": [{"result": []}], "data": {"text": "x"}}]`,
		`[{"prompt": "a", "chosen": "b", "rejected": "c"}]`,
		`[{"question_id": 1, "turns": ["a", "b"]}]`,
		`{"questions": ["What?", "Why?"]}`,
		`{"intents": [{"tag": "hi", "patterns": ["hi"], "responses": ["hello"]}]}`,
		`[{"input": [1, 2], "output": [3]}]`,
		`[{"input": [1, 2], "expected_output": 3}, {"input": "a", "expected_output": 4}]`,
		`[{"query": "SELECT 1", "response": "1"}]`,
		`[{"prompt": "a", "completion": "b", "label": false}]`,
		`[{"question": "Which?", "choices": ["a", "b"], "answer": 1}]`,
		`[{"fichier": "a.pdf", "questions": [{"question": "Quoi?", "reponse": "Ça."}]}]`,
		`[{"inputs": {"q": "a"}, "outputs": {"a": "b"}}]`,
		`["1. Q: What? A: This."]`,
		`{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": 1}}]}`,
		`[{"q": 1.5, "x": 2}, {"q": 2.5, "x": 3}]`,
		`{"openapi": "3.0.0", "paths": {"/q": {"get": {"responses": {"200": {"description": "ok"}}}}}}`,
		`[{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}]`,
		"<html>404 Not Found</html>",
		`{"identity": {"file_name": "identity.json", "columns": {"prompt": "instruction", "response": "output"}}}`,
	} {
		for _, name := range []string{"a.json", "a.jsonl"} {
			r := qa.Normalise([]byte(in), qa.Options{Name: name})
			if r.Counts || r.Changed || len(r.Problems) > 0 || string(r.Output) != in {
				if name == "a.jsonl" && strings.Contains(in, "client_name") {
					continue // one line of JSON Lines
				}
				t.Errorf("%s %s: counts %v, problems %+v", name, in, r.Counts, r.Problems)
			}
			asked := qa.Normalise([]byte(in), qa.Options{Name: name, Asked: true})
			if !asked.Counts || asked.Changed || !asked.Failed() && in != "[]" {
				t.Errorf("%s %s, asked for: counts %v, failed %v, output %s", name, in, asked.Counts, asked.Failed(), asked.Output)
			}
		}
	}
}

// TestOurs takes a broken file for one of pairs where it shows a key of
// questions.
func TestOurs(t *testing.T) {
	for _, in := range []string{
		`[{"question": "What?" "answer": "This."}]`,
		`{'qa_pairs': [{'question': 'What?'}]}`,
		"[{question: 'What?', answer: 'This.'}]",
		"<script type=\"application/ld+json\">{\"@type\": \"Question\"}</script>",
		"<<<<<<< HEAD\n{\"question\": \"a\", \"answer\": \"b\"}\n",
		`{"qa_pairs": [`,
	} {
		if r := qa.Normalise([]byte(in), qa.Options{Name: "a.json"}); !r.Counts || !r.Failed() {
			t.Errorf("%s does not count", in)
		}
	}
	if r := qa.Normalise([]byte(`{"a": 1`), qa.Options{Name: "a.json", NamedAfterPDF: true}); !r.Counts || !r.Failed() {
		t.Error("a broken file named after a PDF does not count")
	}
}

// TestConvert holds qa.convert: what it forbids is left byte for byte and is
// no error.
func TestConvert(t *testing.T) {
	alpaca := `[{"instruction": "Why?", "output": "So."}]`
	keyed := `[{"Question": "Why?", "Answer": "So."}]`
	plain := `[{"question": "Why?", "answer": "So."}]`
	for _, c := range []struct {
		in, convert string
		changed     bool
	}{
		{alpaca, "all", true}, {alpaca, "keys", false}, {alpaca, "none", false},
		{keyed, "all", true}, {keyed, "keys", true}, {keyed, "none", false},
		{plain, "all", true}, {plain, "keys", true}, {plain, "none", true},
	} {
		r := qa.Normalise([]byte(c.in), qa.Options{Name: "a.json", Convert: c.convert})
		if r.Changed != c.changed || len(r.Pairs) != 1 || r.Failed() || !r.Counts {
			t.Errorf("%s under %s: changed %v, pairs %d, problems %+v", c.in, c.convert, r.Changed, len(r.Pairs), r.Problems)
		}
	}
}

// TestPairs decodes what is read.
func TestPairs(t *testing.T) {
	r := qa.Normalise([]byte(`{"paper_id": "p", "title": "T", "source": "s.pdf", "qa_pairs": [
  {"question": " Caf\u00e9? ", "answer": "So.", "evidence": "e", "context": " c "}]}`), qa.Options{Name: "a.json"})
	if r.PaperID != "p" || r.Title != "T" || r.Source != "s.pdf" || len(r.Pairs) != 1 {
		t.Fatalf("%+v", r)
	}
	p := r.Pairs[0]
	if p.Question != "Café?" || p.Answer != "So." || p.Context != " c " || p.Evidence != "e" {
		t.Errorf("%+v", p)
	}
	at := r.At(0, "question", len("Caf"), "QA_UNGROUNDED", "m", "h")
	if at.Line != 2 || at.Column != 21 || at.Pointer != "/qa_pairs/0/question" || !strings.HasPrefix(at.Excerpt[at.Caret:], `\u00e9`) {
		t.Errorf("%+v", at)
	}
	if r.Line(0) != 2 || r.Pointer(0) != "/qa_pairs/0" {
		t.Errorf("line %d, pointer %s", r.Line(0), r.Pointer(0))
	}
}

// TestErrorsOnly leaves warnings out of a file that is right, and keeps them
// in the report of one that is not.
func TestErrorsOnly(t *testing.T) {
	const odd = `{"question": "opening hours", "answer": "R&amp;D"}`
	for in, want := range map[string]int{"[" + odd + "]": 0, "[" + odd + `, {"question": "Why?", "answer": ""}]`: 3} {
		r := qa.Normalise([]byte(in), qa.Options{Name: "a.json", ErrorsOnly: true})
		if len(r.Problems) != want || len(r.Pairs) != 1 {
			t.Errorf("%s: %+v", in, r.Problems)
		}
	}
}

// TestSchema keeps the schema JSON, and its known keys those that are read.
func TestSchema(t *testing.T) {
	var s struct {
		Schema      string `json:"$schema"`
		Definitions map[string]struct {
			Required   []string
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(qa.Schema(), &s); err != nil {
		t.Fatal(err)
	}
	if s.Schema != "http://json-schema.org/draft-07/schema#" || !slices.Equal(s.Definitions["pair"].Required, []string{"question", "answer"}) {
		t.Errorf("%+v", s)
	}
	for _, key := range []string{"question", "answer", "context"} {
		if s.Definitions["pair"].Properties[key] == nil {
			t.Errorf("%s is not described", key)
		}
	}
}

// TestBounded answers the worst inputs.
func TestBounded(t *testing.T) {
	for name, in := range map[string]string{
		"five million lists":   `{"question": ` + strings.Repeat("[", 5_000_000),
		"five million objects": strings.Repeat(`{"question":`, 5_000_000),
		"quotes":               `{"question": ` + strings.Repeat(`"a" `, 500_000),
		"control characters":   `{"question": "` + strings.Repeat("\x01", 1_000_000),
		"line breaks in text":  `{"question": "` + strings.Repeat("a\n", 500_000) + `", "answer": "b"}`,
		"escapes":              `[{"question": "` + strings.Repeat(`\q`, 500_000) + `", "answer": "b"}]`,
		"open comments":        `{"question": 1 ` + strings.Repeat("/*", 500_000),
		"bare words":           `{"question": ` + strings.Repeat("a ", 500_000),
		"commas":               `{"question": [` + strings.Repeat(",", 1_000_000),
		"empty pairs":          `[` + strings.Repeat(`{"question": "", "answer": ""},`, 200_000) + `{}]`,
		"same keys":            `[{"question": "a", "answer": "b"` + strings.Repeat(`, "x": 1`, 200_000) + `}]`,
		"twice on one line":    "[" + strings.Repeat(" ", 2_000_000) + strings.Repeat(`{"a": 1, "a": 2}, `, 2000) + "]",
		"words and commas":     `{"question": [` + strings.Repeat("a,", 2_000_000),
		"texts and words":      `{"question": ` + strings.Repeat(`"a" b `, 200_000),
		"open single marks":    `{"question": ` + strings.Repeat(`['a `, 500_000),
		"escaped marks":        `{"question": "x` + strings.Repeat("\n\\\"", 200_000),
		"deep mistakes":        `{"question": ` + strings.Repeat("[", 500) + strings.Repeat("a,\n", 500_000),
		"a huge pair":          `[{"question": "a", "answer": "b"` + many(200_000) + "}]",
		"a huge top":           `{"qa_pairs": []` + many(200_000) + "}",
		"many columns":         `{"question": ["a"], "answer": ["b"]` + strings.ReplaceAll(many(200_000), ": 1", ": [1]") + "}",
		"long keys":            `{"qa_pairs": [` + strings.Repeat(`{"`+strings.Repeat("k", 100_000)+`": 1 2},`, 200) + "]}",
		"unclosed text":        strings.Repeat("{\"question\": \"a\n", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			r := qa.Normalise([]byte(in), qa.Options{Name: "a.json", Asked: true, MaxSize: 100 << 20})
			if !r.Failed() || r.Changed || len(r.Problems) > 2100 {
				t.Errorf("failed %v, %d problems", r.Failed(), len(r.Problems))
			}
			size := 0
			for _, p := range r.Problems {
				size += len(p.Message) + len(p.Hint) + len(p.Pointer) + len(p.Excerpt)
			}
			if size > 2<<20 {
				t.Errorf("a report of %d bytes", size)
			}
		})
	}
}

// many are that many members of an object.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `, "x%d": 1`, i)
	}
	return b.String()
}

// TestSeeds keeps the files of testdata as they are, or says what they become.
func TestSeeds(t *testing.T) {
	files, err := filepath.Glob("testdata/keep/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/keep: %v", err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if r := qa.Normalise(data, qa.Options{Name: path}); r.Changed || r.Failed() || !r.Counts || len(r.Pairs) == 0 {
			t.Errorf("%s: counts %v, changed %q, problems %+v", path, r.Counts, r.Changes, r.Problems)
		}
	}
}
