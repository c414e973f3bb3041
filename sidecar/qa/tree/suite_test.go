package tree_test

import (
	"strings"
	"testing"

	"qacorpus/sidecar/qa/tree"
)

// accepted are texts that RFC 8259 calls JSON: every corner of numbers,
// strings, nesting and white space.
func accepted() []string {
	list := []string{
		// whole values
		`null`, `true`, `false`, `0`, `-0`, `""`, `"a"`, `[]`, `{}`, ` [] `, "\n{}\n", "\t1\r\n", `[[]   ]`, `[ ]`, `{ }`,
		// numbers
		`[-0.0]`, `[0e0]`, `[0E+0]`, `[0e-1]`, `[1.5]`, `[10]`, `[1E22]`, `[1e-2]`, `[1E+2]`, `[123.456e78]`, `[-1]`, `[-123]`, `[0.4e00669999999999]`,
		`[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]`, `[20e1]`, `[123e65]`, `[0e+1]`, `[1e999999]`, `[-1e+9999]`,
		`[123456789012345678901234567890]`, `[1.000000000000000005]`, `-1.5e-3`,
		// strings
		`["\u0060\u012a\u12AB"]`, `["\uD801\udc37"]`, `["\ud83d\ude39\ud83d\udc8d"]`, `["\"\\\/\b\f\n\r\t"]`, `["\\u0000"]`, `["\""]`, `["a/*b*/c//d#e"]`,
		`["\\a"]`, `["\\n"]`, `["\u0012"]`, `["\uFFFF"]`, `["\uDBFF\uDFFF"]`, `["new\u00A0line"]`, "[\"\u2028\u2029\"]", `["\u0000"]`, "[\"\x7f\"]", `["asd "]`,
		"[\"\U0010FFFF\"]", "[\"\uFFFF\uE000\"]", `["\u0061\u30af\u30EA\u30b9"]`, `["π"]`, "[\"\uFEFF\"]", `["\u200B"]`, `["\u2064"]`, `["\uFDD0"]`, `["\uFFFE"]`,
		`["\u0022"]`, `["\uA66D"]`, `["\u005C"]`, `["⍂㈴⍂"]`, `[",;:{}[]"]`, `["'"]`, `["“”"]`, "[\"\u0080\u009f\"]", `"\u00e9\u00E9"`, `["` + strings.Repeat("x", 5000) + `"]`,
		// lists and objects
		`[""]`, `[null, 1, "1", {}]`, `[1,null,null,null,2]`, `[2] `, `[false]`, `["a", ["b", ["c"]]]`, `{"asd":"sdf", "dfg":"fgh"}`, `{"":0}`, `{"a":[]}`,
		`{"foo\u0000bar": 42}`, `{"min": -1.0e+28, "max": 1.0e+28}`, `{"x":[{"id": "` + strings.Repeat("x", 40) + `"}], "id": 1}`, "{\n\"a\": \"b\"\n}",
		`{"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430" }`, `{"a":{"a":{"a":{}}}}`, `{"a":1,"A":2}`, "{\"\u00e9\":1,\"e\u0301\":2}", `{"a b":1, "a  b":2}`,
		strings.Repeat("[", 500) + strings.Repeat("]", 500), strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500),
		"[1" + strings.Repeat(",1", 5000) + "]",
	}
	return list
}

// refused are texts that are not JSON, by what is wrong with them.
func refused() map[string][]string {
	return map[string][]string{
		"QA_SYNTAX": {
			`[1 true]`, `["": 1]`, `[1,,2]`, `[,1]`, `[x`, `[3[4]]`, `[1:2]`, `[,]`, `[   , ""]`, "[\"a\",\n4\n,1,,]", `[-]`, `[-foo]`, `[- 1]`,
			`[++1234]`, `[+1]`, `[-01]`, `[-1.0.]`, `[-2.]`, `[.-1]`, `[.2e-3]`, `[0.1.2]`, `[0.3e+]`, `[0.3e]`, `[0.e1]`, `[0E+]`, `[0E]`, `[0e+]`, `[0e]`,
			`[1.0e+]`, `[1.0e-]`, `[1.0e]`, `[1 000.0]`, `[1eE2]`, `[2.e+3]`, `[2.e-3]`, `[2.e3]`, `[9.e+]`, `[1+2]`, `[0x1]`, `[0x42]`, `[-012]`, `[-.123]`, `[1ea]`,
			`[012]`, `[1.]`, `[.123]`, `[1a]`, `[2 .5]`, `[１]`, `[1_000]`, `[0b1]`, `[1f]`, `[1e1.5]`, `[--1]`, `["a" "b"]`, `["a":"b"]`, `[tru]`, `[nul]`, `[fals]`, `[True]`, `[NULL]`, `[undefined]`,
			`{"x", null}`, `{"x"::"b"}`, `{"a":"a" 123}`, `{key: 'value'}`, `{"a" b}`, `{:"b"}`, `{"a" "b"}`, `{"a":1,,}`, `{'a':0}`, `{null:null,null:null}`, `{"id":0,,,,,}`,
			`{1:1}`, `{9999E9999:1}`, `{"a":b}`, `{a: "b"}`, `{"a":"b",,"c":"d"}`, `{"a":1;"b":2}`, `{"a"=1}`, `{[]:1}`, `{{}:1}`, `{"a":,"b":1}`, `{"a":}`, `{"a"}`, `{,"a":1}`,
			`['single quote']`, `[“a”]`, `[« a »]`, "[\"a\x00a\"]", "[\"new\nline\"]", "[\"\t\"]", "[\"a\x1fb\"]", "[\"a\rb\"]", "\u200b[]", "[\u00a0]", "[\u2060]", "[\u3000]", "[\f]", "[\v]", "\u2028{}",
			`]`, `}`, `[}`, `{]`, `[1}`, `{"a":1]`, `[{]}`, `[}]`, `<.>`, `abc`, `*`, `{*}`, `[*]`, `a`, `[# c` + "\n]", "# c\n1", `[“`, `@`, `[a`, `[<null>]`, `&`, `[1}]`, `,`, `:`, `{"a":1 "b":2}`, `[{"a":1}{"b":2}]`,
			`{"a":"x "y" z"}`, `["x" y "z"]`,
		},
		"QA_TRUNCATED": {
			`[`, `{`, `[1`, `[1,`, `[""`, `[{`, `["a`, `["asd]`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `[{"":`, `{"a":"a`, `"`, `"\`, `["`, `["\`, `["a\`, `[1,2,3`, `["a",` + "\n4\n,1,", `[[]`, `{"":[{}`,
			`[ /* c`, `/*`, "[\n", "{\"a\": // c\n", `["\u00`, `[["a"`,
		},
		"QA_TRAILING_DATA": {
			`1]`, `{}}`, `["x"]x[`, `{"a":"b"}}x`, `[][]]`, `""x`, `[1]x`, `{"a": true} "x"`, `{} 1`, `[1],2`, `[1]]`, `2@`, `"a" "b"`, `null null`, `{},{}`, `[1]` + "\n```", `1 2`, `[]]]`, `{"a":1};`,
		},
		"QA_BAD_ESCAPE": {
			`["\x00"]`, `["\\\"\a"]`, `["\🌀"]`, `["\u00A"]`, `["\uD834\uDd"]`, `["\u"]`, `["\u1"]`, `["\u{1F600}"]`, `["\uQQQQ"]`, `["\'"]`, `["\0"]`, `["\U00000041"]`, `["\ "]`, `["\` + "\n" + `"]`, `{"\x":1}`, `["\e"]`, `["\v"]`, `["\frac \alpha"]`,
		},
		"QA_SURROGATE": {
			`["\uD800"]`, `["\uDADA"]`, `["\uDFAA"]`, `["\uD888\u1234"]`, `["\ud800abc"]`, `["\uDd1e\uD834"]`, `["\uD800\uD800"]`, `["\uD800\n"]`, `{"\udc00":1}`, `["\ud83d\\ude00"]`,
		},
		"QA_NONFINITE": {
			`[NaN]`, `[Infinity]`, `[-Infinity]`, `[-NaN]`, `[nan]`, `[+Infinity]`, `{"a":NaN}`, `NaN`, `[+Inf]x`, `-Infinity`, `[inf]`,
		},
		"QA_DUP_KEY": {
			`{"a":"b","a":"b"}`, `{"a":"b","a":"c"}`, `{"a":1,"\u0061":2}`, `[{"x":{"k":1,"k":2}}]`, `{"":1,"":2}`, `{"é":1,"\u00e9":2}`,
			`{` + strings.Repeat(`"a":1,`, 20) + `"b":2}`,
		},
		"QA_TOO_DEEP": {
			strings.Repeat("[", 100_000), strings.Repeat(`[{"":`, 50_000), strings.Repeat("[", 513) + strings.Repeat("]", 513), strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		},
	}
}

// TestSuite goes through all of them, and counts them for the record.
func TestSuite(t *testing.T) {
	yes, no := accepted(), 0
	for _, s := range yes {
		if agree(t, s); !plain(tree.Parse(s)) {
			t.Errorf("%.80q was refused: %+v", s, tree.Parse(s).Problems)
		}
	}
	for code, list := range refused() {
		no += len(list)
		for _, s := range list {
			agree(t, s)
			got := tree.Parse(s)
			if plain(got) {
				t.Errorf("%.80q was accepted", s)
				continue
			}
			found := false
			for _, p := range got.Problems {
				found = found || string(p.Code) == code
			}
			if !found {
				t.Errorf("%.80q: %+v, want %s", s, got.Problems, code)
			}
		}
	}
	t.Logf("%d accepted, %d refused", len(yes), no)
}

// TestPassedOver takes comments and commas before closing brackets for what
// they are.
func TestPassedOver(t *testing.T) {
	for s, want := range map[string][2]int{
		"[1,]": {0, 1}, `{"a":1,}`: {0, 1}, "[[1,],{\"a\":{},},]": {0, 3}, "// a\n[1] // b": {2, 0}, "/* a */ {\"a\" /* b */ : /* c */ 1 /* d */, /**/ } //": {6, 1}, "[1 /* ] */]": {1, 0}, "[\n1, // one\n]\n": {1, 1},
	} {
		got := tree.Parse(s)
		if len(got.Problems) > 0 || len(got.Roots) != 1 || got.Comments != want[0] || got.Commas != want[1] {
			t.Errorf("%q: %d comments, %d commas, %+v", s, got.Comments, got.Commas, got.Problems)
		}
	}
}

// TestNoAvalanche holds that one mistake is one report.
func TestNoAvalanche(t *testing.T) {
	rows := strings.Repeat(`  {"question": "What?", "answer": "This."},`+"\n", 40)
	for title, s := range map[string]string{
		"a missing comma":            "[\n" + rows + `{"question": "a" "answer": "b"},` + "\n" + rows + `{"question": "a", "answer": "b"}` + "\n]",
		"a missing quotation mark":   "[\n" + rows + `{"question": "a, "answer": "b"},` + "\n" + rows + `{"question": "a", "answer": "b"}` + "\n]",
		"a missing closing mark":     "[\n" + rows + "{\"question\": \"a,\n \"answer\": \"b\"},\n" + rows + `{"question": "a", "answer": "b"}` + "\n]",
		"a quotation":                "[\n" + rows + `{"question": "What is "this" called?", "answer": "b"},` + "\n" + rows + `{"question": "a", "answer": "b"}` + "\n]",
		"a missing brace":            "[\n" + rows + `{"question": "a", "answer": "b",` + "\n" + rows + `{"question": "a", "answer": "b"}` + "\n]",
		"a missing bracket":          "{\"qa_pairs\": [\n" + rows + `{"question": "a", "answer": "b"}` + "\n}",
		"a bracket too many":         "[\n" + rows + `{"question": "a", "answer": "b"}` + "\n]]",
		"a brace too many":           "[\n" + rows + `{"question": "a", "answer": "b"}}` + ",\n" + rows + "{}]",
		"the wrong bracket":          "[\n" + rows + `{"question": "a", "answer": "b"],` + "\n" + rows + "{}]",
		"single quotation marks":     "[\n" + strings.ReplaceAll(rows, `"`, "'") + "]",
		"typographic marks":          "[\n" + strings.ReplaceAll(rows, `"question"`, "“question”") + "]",
		"keys without marks":         "[\n" + strings.ReplaceAll(rows, `"question"`, "question") + "]",
		"no-break spaces":            "[\n" + strings.ReplaceAll(rows, "  ", "\u00a0\u00a0") + "{}]",
		"comments in Python's style": "[\n" + strings.ReplaceAll(rows, "\n", " # c\n") + "{}]",
		"line ends in texts":         "[\n" + strings.ReplaceAll(rows, "What?", "What\n is?") + "{}]",
		"tabs in texts":              "[\n" + strings.ReplaceAll(rows, "What?", "What\tis?") + "{}]",
		"the end":                    "[\n" + rows + `{"question": "a", "ans`,
		"a list not closed":          "[\n" + rows,
		"text before":                "Sure! Here it is:\n\n[\n" + rows + "{}]",
		"text around a fence":        "Sure!\n```json\n[\n" + rows + "{}]\n```\nHope this helps.",
		"text after":                 "[\n" + rows + "{}]\nHope this helps: {\"a\"",
		"escapes of LaTeX in a text": "[\n" + rows + `{"question": "\alpha \gamma \delta \sum \(x\)", "answer": "b"},` + "\n" + rows + "{}]",
		"commas between objects":     strings.TrimSuffix(rows, ",\n"),
		"a semicolon":                "[\n" + rows + `{"question": "a"; "answer": "b"},` + "\n" + rows + "{}]",
	} {
		if got := tree.Parse(s); len(got.Problems) != 1 {
			t.Errorf("%s: %d reports: %+v", title, len(got.Problems), got.Problems)
		}
	}
}
