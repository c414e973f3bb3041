package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"qacorpus/cmd/qacorpus/cell"
)

func TestTableWidths(t *testing.T) {
	asked := 3
	rows := []row{
		{Index: 0, Status: "ok", Pages: 12, name: "Parameter-Efficient Fine-Tuning:\n__A Benchmark.pdf", QA: []qaRow{{}}, Pairs: 40, Warnings: 7, Asked: &asked, NotAsked: make([]int, 9)},
		{Index: 1, Status: "encrypted", name: "多语言适配器与低秩更新.pdf"},
		{Index: 10, Status: "new", name: "re\u0301sume\u0301.pdf"},
	}
	want := strings.TrimLeft(`
      NAME                 STATUS     PAGES  PAIRS  WARNINGS  ASKED
[0]   Parameter…hmark.pdf  ok            12     40         7   3/12
[1]   多语言适配…更新.pdf  encrypted
[10]  re`+"\u0301"+`sume`+"\u0301"+`.pdf           new
`, "\n")
	if got := table(rows, 67); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for width := 40; width < 120; width++ {
		for line := range strings.Lines(table(rows, width)) {
			if n := cell.Width(strings.TrimSuffix(line, "\n")); n > max(width, 64) {
				t.Errorf("at %d columns a line is %d wide: %q", width, n, line)
			}
		}
	}
	for line := range strings.Lines(table(rows, 0)) {
		if strings.Contains(line, "…") {
			t.Errorf("shortened where there is no terminal: %q", line)
		}
	}
}

// A long remark gives way before the names do.
func TestTableRemarks(t *testing.T) {
	rows := []row{
		{Index: 0, Status: "ok", name: "Adaptive_Budget_Allocation.pdf", SameAs: []string{"2024/Adaptive_Budget_Allocation_for_Fine-Tuning.pdf"}, copies: 1},
		{Index: 1, Status: "ok", name: "LoRA.pdf", QA: []qaRow{{Was: "alpaca"}}, Pairs: 3},
	}
	want := strings.TrimLeft(`
     NAME                            STATUS  PAIRS
[0]  Adaptive_Budget_Allocation.pdf  ok             same as 2024/Ad…Fine-Tuning.pdf
[1]  LoRA.pdf                        ok          3  was alpaca
`, "\n")
	if got := table(rows, 83); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestManyCopies: what a list says of many PDFs of the same bytes does not grow with their number squared.
func TestManyCopies(t *testing.T) {
	all := make([]paper, 3000)
	for i := range all {
		all[i] = paper{rel: fmt.Sprintf("%04d.pdf", i), known: true}
		all[i].header.SHA256 = "the same"
	}
	for i, r := range rowsOf(all) {
		if len(r.SameAs) != mostCopies || slices.Contains(r.SameAs, r.name) {
			t.Fatalf("%d: %d copies named", i, len(r.SameAs))
		}
		if got := remark(r); !strings.HasSuffix(got, " and 2998 more") {
			t.Fatalf("%d: %q", i, got)
		}
	}
}
