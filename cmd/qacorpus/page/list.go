package page

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// perPage is how many papers the table shows at once.
const perPage = 100

// filter is what the visitor wants to see, as it stands in the address.
type filter struct {
	Text     string
	Status   string
	Without  bool // only papers without question-answer pairs
	Problems bool // only papers with problems
	page     int  // from 1
}

// maxQuery bounds the text that is looked for, in bytes.
const maxQuery = 500

func filterOf(q url.Values) filter {
	f := filter{Text: strings.TrimSpace(q.Get("q")), Status: q.Get("status"), Without: q.Has("without"), Problems: q.Has("problems")}
	if len(f.Text) > maxQuery {
		f.Text = f.Text[:maxQuery]
	}
	f.Text = strings.ToValidUTF8(f.Text, "")
	f.page, _ = strconv.Atoi(q.Get("page"))
	return f
}

// address is where the filter's page n is.
func (f filter) address(n int) string {
	q := url.Values{}
	set := func(key, value string, on bool) {
		if on {
			q.Set(key, value)
		}
	}
	set("q", f.Text, f.Text != "")
	set("status", f.Status, f.Status != "")
	set("without", "1", f.Without)
	set("problems", "1", f.Problems)
	set("page", strconv.Itoa(n), n > 1)
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// On tells whether the filter leaves anything out.
func (f filter) On() bool { return f.Text != "" || f.Status != "" || f.Without || f.Problems }

// apply returns the rows that pass, in their order.
func (f filter) apply(rows []Row) []Row {
	if !f.On() {
		return rows
	}
	words := strings.Fields(strings.ToLower(f.Text))
	var passed []Row
	for _, r := range rows {
		switch {
		case f.Status != "" && r.Status != f.Status, f.Without && r.Pairs > 0, f.Problems && !r.Problematic():
			continue
		}
		if holds(r, words) {
			passed = append(passed, r)
		}
	}
	return passed
}

// holds tells whether all words are in the row's name or title.
func holds(r Row, words []string) bool {
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(r.Name + "\n" + r.Title)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// Problematic tells whether the PDF cannot be read, or its pairs have errors or
// warnings: what `qacorpus list --problems` shows.
func (r Row) Problematic() bool {
	return r.Errors > 0 || r.Warnings > 0 || r.Status != "" && r.Status != "ok"
}

// Bar is the part of the askable pages that was asked about, of 48.
func (r Row) Bar() int { return r.Asked * 48 / max(1, r.Askable) }

// choice is one entry of the list of statuses.
type choice struct {
	Value    string
	Count    int
	Selected bool
}

// listPage is the table and what stands around it.
type listPage struct {
	common
	filter
	Rows             []Row
	All, Found       int
	From, To         int // of the rows that were found, from 1
	Statuses         []choice
	Pairs, Attention int
	State            State
	Previous, Next   string // addresses; "" for none
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	rows, st := s.corpus.Papers()
	f := filterOf(r.URL.Query())
	found := f.apply(rows)
	last := max(1, (len(found)+perPage-1)/perPage)
	n := min(max(f.page, 1), last)
	p := listPage{
		common: s.common("Papers", st, "/events"), filter: f,
		All: len(rows), Found: len(found), Statuses: statuses(rows, f.Status), State: st,
	}
	from, to := (n-1)*perPage, min(n*perPage, len(found))
	p.Rows = found[from:to]
	p.From, p.To = from+1, to
	for _, r := range rows {
		p.Pairs += r.Pairs
		if r.Problematic() {
			p.Attention++
		}
	}
	if n > 1 {
		p.Previous = f.address(n - 1)
	}
	if n < last {
		p.Next = f.address(n + 1)
	}
	s.render(w, r, http.StatusOK, "list.html", p)
}

// statuses lists those that occur, the most frequent first.
func statuses(rows []Row, selected string) []choice {
	counts := map[string]int{}
	for _, r := range rows {
		if r.Status != "" {
			counts[r.Status]++
		}
	}
	if selected != "" && counts[selected] == 0 {
		counts[selected] = 0
	}
	var all []choice
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, choice{status, counts[status], status == selected})
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(b.Count, a.Count) })
	return all
}
