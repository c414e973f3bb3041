package tree_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"qacorpus/sidecar/qa/tree"
)

// strict says whether jsontext takes s for one JSON value, and what is in it.
func strict(s string) (tokens []string, ok bool) {
	dec := jsontext.NewDecoder(strings.NewReader(s))
	for {
		tok, err := dec.ReadToken()
		if err == io.EOF && dec.StackDepth() == 0 && len(tokens) > 0 {
			return tokens, true
		}
		if err != nil {
			return nil, false
		}
		switch k := tok.Kind(); k {
		case '"':
			tokens = append(tokens, "s"+tok.String())
		case '0':
			tokens = append(tokens, "n"+tok.String())
		default:
			tokens = append(tokens, k.String())
		}
		if dec.StackDepth() == 0 && len(tokens) > 0 {
			if strings.Trim(s[dec.InputOffset():], " \t\r\n") != "" {
				return nil, false
			}
			return tokens, true
		}
	}
}

// flatten lists the tokens of a tree in the same way.
func flatten(t *tree.Tree, n uint32, out []string) []string {
	switch t.Kind(n) {
	case '{', '[':
		begin, end := jsontext.Kind('{'), jsontext.Kind('}')
		if t.Kind(n) == '[' {
			begin, end = '[', ']'
		}
		out = append(out, begin.String())
		for c := t.First(n); c < t.Next(n); c = t.Next(c) {
			out = flatten(t, c, out)
		}
		return append(out, end.String())
	case '"':
		return append(out, "s"+t.Text(n))
	case '0':
		return append(out, "n"+t.Raw(n))
	}
	return append(out, jsontext.Kind(t.Raw(n)[0]).String())
}

// plain says that Parse found JSON and nothing else.
func plain(t *tree.Tree) bool {
	return len(t.Problems) == 0 && t.Comments == 0 && t.Commas == 0 && len(t.Roots) == 1
}

// agree fails the test where Parse and jsontext differ about s.
func agree(tb testing.TB, s string) {
	tb.Helper()
	t := tree.Parse(s)
	sound(tb, t)
	for _, p := range t.Problems {
		if p.Code == "QA_TOO_DEEP" {
			return
		}
	}
	tokens, ok := strict(s)
	if ok != plain(t) {
		tb.Fatalf("%.200q: jsontext says valid %v; Parse says problems %+v, comments %d, commas %d, roots %d",
			s, ok, t.Problems, t.Comments, t.Commas, len(t.Roots))
	}
	if !ok {
		return
	}
	if !json.Valid([]byte(s)) {
		tb.Fatalf("%.200q: encoding/json refuses it", s)
	}
	if mine := flatten(t, t.Roots[0], nil); fmt.Sprint(mine) != fmt.Sprint(tokens) {
		tb.Fatalf("%.200q:\nParse    %q\njsontext %q", s, mine, tokens)
	}
}

// sound checks what holds for every tree, of valid text or not.
func sound(tb testing.TB, t *tree.Tree) {
	tb.Helper()
	var walk func(n uint32, depth int)
	walk = func(n uint32, depth int) {
		if raw := t.Raw(n); t.Next(n) <= n || int(t.Next(n)) > t.Size() {
			tb.Fatalf("%.200q: node %d %.40q ends at %d of %d", t.S, n, raw, t.Next(n), t.Size())
		}
		if k := t.Kind(n); k != '{' && k != '[' {
			if t.Next(n) != n+1 {
				tb.Fatalf("%.200q: leaf %d ends at %d", t.S, n, t.Next(n))
			}
			if k == '"' {
				_ = t.Text(n)
			}
			return
		}
		i := 0
		for c := t.First(n); c < t.Next(n); c = t.Next(c) {
			if t.Kind(n) == '{' && i%2 == 0 && t.Kind(c) != '"' {
				tb.Fatalf("%.200q: key %d of object %d is of kind %q", t.S, c, n, t.Kind(c))
			}
			i++
			walk(c, depth+1)
		}
		if t.Kind(n) == '{' && i%2 != 0 {
			tb.Fatalf("%.200q: object %d has a key without a value", t.S, n)
		}
	}
	next := uint32(0)
	for _, r := range t.Roots {
		if r < next {
			tb.Fatalf("%.200q: root %d overlaps", t.S, r)
		}
		walk(r, 0)
		next = t.Next(r)
	}
	for i, p := range t.Problems {
		if p.Offset < 0 || p.Offset > len(t.S) {
			tb.Fatalf("%.200q: problem %d at %d", t.S, i, p.Offset)
		}
		if !utf8.ValidString(p.Message) || !utf8.ValidString(p.Hint) || !utf8.ValidString(p.Pointer) {
			tb.Fatalf("%.200q: problem %d is not UTF-8: %+v", t.S, i, p)
		}
	}
}

func FuzzAgree(f *testing.F) {
	for _, s := range []string{
		`{"qa_pairs":[{"question":"a","answer":"b"}]}`, `[1,2.5e-3,-0,true,false,null]`, `{"a":{"a":1},"b":[[],{}]}`,
		`{"a":1,"a":2}`, `{"\u0061":1,"a":2}`, `"\ud83d\ude00"`, `"\ud83d"`, `[1,]`, `{"a":1,}`, `// x` + "\n1", `/* */ 1`,
		`{"a" 1}`, `{"a":1 "b":2}`, `{'a':'b'}`, `{a:1}`, `[NaN,Infinity,-Infinity]`, `[01,1.,.5,+1,0x1]`, "\"a\nb\"", `"a`, `[1`, `{"a"`,
		`{"a":`, `]`, `}`, `[}`, `{]`, `[{"a":1]`, `{"a":[1}`, "\u00a01", "“a”", `{"a":"b "c" d"}`, `# x`, `{"a":1}{"b":2}`, `{"a":1},{"b":2}`,
		`True`, `[None]`, `nul`, `tru`, `--1`, `1 2`, `{"a"=1}`, `{"a":,"b":1}`, `{,}`, `[,]`, `{"a":"\x"}`, `"\u12"`, `{"":{"":""}}`, `{{}}`,
		`{"a":{"b":1,{"c":2}}`, `[{"a":1 {"b":2}]`, "{\"q\":\"Why?,\n\"a\":\"b\"}", `{"a"`, `{"a"]`, `{"a":]`, `{[]:1}`, `{"a" "b"}`, "{\"a\":1\n\"b\":2}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || len(s) > 1<<12 {
			return // source.Decode sees to it
		}
		agree(t, s)
		sound(t, tree.ParseLines(s))
	})
}
