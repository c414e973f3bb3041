package qa_test

import (
	"fmt"
	"strings"
	"testing"

	"qacorpus/sidecar/qa"
)

// corpusLike makes a file of about a megabyte, its texts as long as those of
// published files (questions of 100 characters, answers of 300).
func corpusLike(layout string) []byte {
	var b strings.Builder
	words := strings.Fields("the method freezes projection matrices as random and sparsifies others by task specific masks thereby reducing trainable parameters while it keeps accuracy on benchmarks")
	n := 0
	text := func(count int) string {
		var t []string
		for range count {
			t = append(t, words[n%len(words)])
			n = n*31%9973 + 7
		}
		return strings.Join(t, " ") + fmt.Sprint(" ", n)
	}
	for i := range 2000 {
		fmt.Fprintf(&b, layout, "What is "+text(12)+"?", text(45)+` \u201cquoted\u201d, \"so\" and \n more.`)
		if i < 1999 && layout[0] == ' ' {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	if layout[0] == ' ' {
		return []byte("[\n" + b.String() + "]")
	}
	return []byte(b.String())
}

const (
	canonical = "  {\n    \"question\": \"%s\",\n    \"answer\": \"%s\"\n  }"
	indented  = "    {\n        \"Question\": \"%s\",\n        \"Answer\": \"%s\"\n    }"
	perLine   = "{\"question\": \"%s\", \"answer\": \"%s\"}"
)

func BenchmarkNormalise(b *testing.B) {
	for _, c := range []struct{ title, name, layout string }{
		{"kept", "a.json", canonical}, {"rewritten", "a.json", indented}, {"lines", "a.jsonl", perLine},
	} {
		data := corpusLike(c.layout)
		b.Run(c.title, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if r := qa.Normalise(data, qa.Options{Name: c.name}); len(r.Pairs) != 2000 || r.Changed != (c.title == "rewritten") {
					b.Fatalf("%d pairs, changed %v, %+v", len(r.Pairs), r.Changed, r.Problems)
				}
			}
		})
	}
}
