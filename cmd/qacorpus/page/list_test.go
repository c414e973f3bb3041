package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// indexes are the numbers of the rows of a page.
func indexes(body string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`class="n index">(\d+)<`).FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestFilters(t *testing.T) {
	h := handler(newLibrary(
		Row{ID: "a", Name: "AdaLoRA.pdf", Title: "Adaptive Budget", Status: "ok", Pairs: 3, Files: 1},
		Row{ID: "b", Name: "2024/LoRA.PDF", Title: "Low-Rank Adaptation", Status: "ok"},
		Row{ID: "c", Name: "scan.pdf", Status: "no-text"},
		Row{ID: "d", Name: "ΣΟΦΙΑ.pdf", Status: "ok", Pairs: 2, Files: 1, Warnings: 2},
		Row{ID: "e", Name: "new.pdf"},
		Row{ID: "f", Name: "broken.pdf", Status: "ok", Files: 1, Errors: 1},
	))
	for query, want := range map[string]string{
		"":                           "0 1 2 3 4 5",
		"?q=lora":                    "0 1",
		"?q=+ADAPT+lora+":            "0 1",
		"?q=budget":                  "0",
		"?q=2024%2Flora":             "1",
		"?q=σοφια":                   "3",
		"?q=nothing":                 "",
		"?q=%22%3E%3Cscript%3E":      "",
		"?q=%ff":                     "0 1 2 3 4 5",
		"?status=no-text":            "2",
		"?status=none-such":          "",
		"?without=1":                 "1 2 4 5",
		"?problems=1":                "2 3 5",
		"?problems=1&without=1":      "2 5",
		"?q=lora&without=1":          "1",
		"?q=&status=&page=":          "0 1 2 3 4 5",
		"?page=99":                   "0 1 2 3 4 5",
		"?page=-1":                   "0 1 2 3 4 5",
		"?page=99999999999999999999": "0 1 2 3 4 5",
	} {
		body := get(t, h, "/"+query)
		if got := strings.Join(indexes(body), " "); got != want {
			t.Errorf("%s shows %s, want %s", query, got, want)
		}
		checkHTML(t, body)
	}
	body := get(t, h, "/?q=lora&status=ok&without=1")
	for _, want := range []string{`value="lora"`, `<option value="ok" selected>`, `name="without" value="1" checked`, `<b>1</b> of 6 papers`} {
		if !strings.Contains(body, want) {
			t.Errorf("the filter does not show %s", want)
		}
	}
}

func TestManyPages(t *testing.T) {
	var rows []Row
	for i := range 10_000 {
		rows = append(rows, Row{ID: fmt.Sprint("p", i), Name: fmt.Sprintf("paper-%05d.pdf", i), Status: "ok", Pages: 9})
	}
	h := handler(newLibrary(rows...))
	body := get(t, h, "/")
	if got := indexes(body); len(got) != 100 || got[99] != "99" || len(body) > 200_000 {
		t.Errorf("%d rows, %d bytes", len(got), len(body))
	}
	seen := 0
	for target := "/?q=paper-00"; target != ""; { // the first thousand
		body := get(t, h, target)
		for _, n := range indexes(body) {
			if n != fmt.Sprint(seen) { // each once, in their order
				t.Fatalf("%s shows %s in place of %d", target, n, seen)
			}
			seen++
		}
		next := regexp.MustCompile(`<a href="([^"]+)" rel="next"`).FindStringSubmatch(body)
		target = ""
		if next != nil {
			target = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if seen != 1000 {
		t.Errorf("following the links shows %d papers", seen)
	}
	if body := get(t, h, "/?page=100"); !strings.Contains(body, "9,901 to 10,000 of 10,000") {
		t.Error("the last page does not say where it is")
	}
}

func TestStatuses(t *testing.T) {
	got := statuses([]Row{{Status: "ok"}, {Status: "damaged"}, {Status: "ok"}, {}}, "new")
	if want := []choice{{"ok", 2, false}, {"damaged", 1, false}, {"new", 0, true}}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0 papers", 1: "1 paper", 999: "999 papers", 1000: "1,000 papers", 1234567: "1,234,567 papers"} {
		if got := count(n, "paper"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for name, want := range map[string]string{"": "", "a": "a", "a_b-c.pdf": "a_ b- c.pdf", "x.": "x.", "__": "_ _"} {
		if got := strings.Join(parts(name), " "); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
