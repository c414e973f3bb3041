//go:build corpus

package export

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPublishedFile makes a file that was published, from the files that it was
// made from: byte for byte, but for the order of the files.
func TestPublishedFile(t *testing.T) {
	dir := os.Getenv("QACORPUS_CORPUS")
	if dir == "" {
		t.Fatal("set QACORPUS_CORPUS to the folder of the real corpus")
	}
	set := filepath.Join(dir, "qa", "samyakshrestha+llm-finetuning-summarizer")
	files, _ := filepath.Glob(filepath.Join(set, "qa_pairs__qa_pairs_eval_with_context__*.json"))
	var sources []Source
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Pairs []Pair `json:"qa_pairs"`
		}
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, Source{Path: filepath.Base(f), Pairs: d.Pairs})
	}
	for _, tt := range []struct {
		published string
		context   bool
	}{{"data__eval.jsonl", false}, {"data__eval_with_context.jsonl", true}} {
		want, err := os.ReadFile(filepath.Join(set, tt.published))
		if err != nil {
			t.Fatal(err)
		}
		x := build(t, Options{Context: tt.context}, sources...)
		got, lines := strings.SplitAfter(text(t, x, train), "\n"), strings.SplitAfter(string(want), "\n")
		slices.Sort(got)
		slices.Sort(lines)
		if len(got) < 30 || !slices.Equal(got, lines) {
			t.Errorf("%s: %d lines are not those of the published file", tt.published, len(got))
		}
	}
}
