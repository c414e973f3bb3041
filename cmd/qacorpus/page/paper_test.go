package page

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPieces(t *testing.T) {
	at := func(start, end, n int) mark {
		return mark{start, end, pairRef{fmt.Sprint("q", n), n}, fmt.Sprint("s", n)}
	}
	for name, c := range map[string]struct {
		text  string
		marks []mark
		want  string
	}{
		"nothing":        {"", nil, ""},
		"blanks":         {" \n\f ", []mark{at(0, 3, 1)}, ""},
		"no mark":        {"\nabc\n", nil, "abc"},
		"one":            {"abcdef", []mark{at(1, 3, 1)}, "a|bc[1+s1-1]|def"},
		"overlap":        {"abcdef", []mark{at(0, 4, 1), at(2, 6, 2)}, "ab[1+s1]|cd[1,2+s2-1]|ef[2-2]"},
		"nested":         {"abcdef", []mark{at(2, 3, 2), at(0, 6, 1)}, "ab[1+s1]|c[1,2+s2-2]|def[1-1]"},
		"the same":       {"abc", []mark{at(0, 3, 1), at(0, 3, 2)}, "abc[1,2+s1+s2-1-2]"},
		"neighbours":     {"abcd", []mark{at(0, 2, 1), at(2, 4, 2)}, "ab[1+s1-1]|cd[2+s2-2]"},
		"beyond the end": {"abc", []mark{at(1, 99, 1)}, "a|bc[1+s1-1]"},
		"backwards":      {"abc", []mark{at(2, 1, 1), at(-5, 0, 2), at(7, 9, 3)}, "abc"},
		"in a character": {"aéb", []mark{at(2, 4, 1)}, "a|éb[1+s1-1]"},
		"over blanks":    {"  abc  ", []mark{at(0, 7, 1)}, "abc[1+s1-1]"},
	} {
		var got []string
		for _, p := range pieces(c.text, c.marks) {
			s := p.Text
			if len(p.Refs) > 0 {
				var refs []string
				for _, r := range p.Refs {
					refs = append(refs, fmt.Sprint(r.Number))
				}
				s += "[" + strings.Join(refs, ",")
				for _, id := range p.IDs {
					s += "+" + id
				}
				for _, r := range p.Ends {
					s += fmt.Sprint("-", r.Number)
				}
				s += "]"
			}
			got = append(got, s)
			if !utf8.ValidString(p.Text) {
				t.Errorf("%s: %q", name, p.Text)
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

func FuzzPieces(f *testing.F) {
	f.Add(" one two three ", 1, 4, 2, 9)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		marks := []mark{{a, b, pairRef{"q1", 1}, "s1"}, {c, d, pairRef{"q2", 2}, "s2"}}
		var all strings.Builder
		for _, p := range pieces(text, marks) {
			if p.Text == "" {
				t.Error("an empty piece")
			}
			all.WriteString(p.Text)
		}
		if want := strings.Trim(text, " \t\r\n\f\v"); all.String() != want {
			t.Errorf("%q became %q", want, all.String())
		}
	})
}

func TestPaper(t *testing.T) {
	lib := newLibrary(Row{ID: "a", Name: "a.pdf"}, Row{ID: "b", Name: "b.pdf", Title: "A Title", Status: "ok", Pages: 3, Files: 1, Pairs: 2, Asked: 1, Askable: 2}, Row{ID: "c", Name: "c.pdf"})
	lib.papers["b"] = Paper{
		Row: lib.rows[1], Preview: true, Texts: []string{"first page", "second page", ""}, Uncovered: []int{2},
		Questions: []File{{Name: "b.json", Was: "alpaca", Count: 2, Problems: []Problem{{Code: "QA_DUP_KEY", Severity: "error", Message: "same key twice"}}, Pairs: []Pair{
			{Question: "Which?", Answer: "The first.", Line: 4, Page: 1, Start: 0, End: 5},
			{Question: "What?", Answer: "Nothing.", Line: 9, Problems: []Problem{{Code: "QA_UNGROUNDED", Severity: "warning", Line: 9, Column: 3, Message: "not in the paper", Before: "x ", At: "4", Behind: " y"}}},
		}}},
	}
	h := handler(lib)
	body := get(t, h, "/paper/b")
	checkHTML(t, body)
	for _, want := range []string{
		`<h1><bdi>A Title</bdi></h1>`, `<title>A Title · qacorpus</title>`, `data-events="/events?paper=b"`,
		`<a href="/paper/a" rel="prev">`, `<a href="/paper/c" rel="next">`,
		`<a class="asked" href="#page-1">1<span class="unseen">, 1 question</span></a>`, `<a class="unasked" href="#page-2">`, `<a class="none" href="#page-3">`,
		`<mark id="s1" class=" by-q1"><bdi>first</bdi><a class="ref" href="#q1">`, `<a href="#s1">Supported on page 1</a>`, `No supporting passage found`,
		`No text on this page.`, `was alpaca before it was tidied`, `<code>QA_DUP_KEY</code></p>`, `<code>QA_UNGROUNDED</code> line 9, column 3`,
		`x <mark class="fault">4</mark> y`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, target := range []string{"/paper/a", "/paper/zzz"} {
		if r, body := ask(t, h, "GET", target, nil); r.StatusCode != http.StatusNotFound || !strings.Contains(body, `href="/"`) {
			t.Errorf("%s: %s: %s", target, r.Status, body)
		}
	}
}

// A book's text comes in parts; what leads to another part says so.
func TestBook(t *testing.T) {
	lib := newLibrary(Row{ID: "b", Name: "b.pdf", Status: "ok", Pages: 100, Files: 1, Pairs: 2})
	book := Paper{Row: lib.rows[0], Questions: []File{{Name: "b.json", Pairs: []Pair{{Question: "?", Page: 50, End: 4}, {Question: "?", Page: 7, End: 4}, {Question: "?", Page: 700, End: 4}}}}}
	for n := range 100 {
		book.Texts = append(book.Texts, fmt.Sprintf("page %d.", n+1))
	}
	lib.papers["b"] = book
	h := handler(lib)
	for target, want := range map[string][]string{
		"/paper/b":          {`page 40.`, `href="/paper/b?page=41#s1">Supported on page 50`, `href="#s2">Supported on page 7`, `href="/paper/b?page=41">Later`, `href="/paper/b?page=81#page-100"`},
		"/paper/b?page=50":  {`id="page-41"`, `id="page-80"`, `href="#s1"`, `href="/paper/b#s2"`, `href="/paper/b?page=81">Later`, `href="/paper/b">Earlier`},
		"/paper/b?page=100": {`id="page-81"`, `id="page-100"`, `href="/paper/b?page=41">Earlier`},
		"/paper/b?page=999": {`id="page-1"`},
		"/paper/b?page=x":   {`id="page-1"`},
	} {
		body := get(t, h, target)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %s", target, w)
			}
		}
		if n := strings.Count(body, `class="leaf"`); n > pagesAtOnce {
			t.Errorf("%s shows %d pages", target, n)
		}
	}
}
