package page

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"qacorpus/sidecar/name"
)

// pagesAtOnce is how many pages' texts one answer holds.
const pagesAtOnce = 40

// paperPage is a paper's page.
type paperPage struct {
	common
	Paper
	Sheets         []sheet
	Strip          []square
	Files          []fileView
	Previous, Next *Row
	Earlier, Later string // addresses of the texts of other pages; "" for none
}

// sheet is one page of the paper with its text in pieces.
type sheet struct {
	Number int
	Pieces []piece
	Empty  bool
	Asked  []pairRef // the pairs whose support lies here
}

// square is one page in the strip that shows what was asked about.
type square struct {
	Number  int
	Address string
	Pairs   int
	State   string // "asked", "unasked" or "none"; "" where it is not known
}

// fileView is a question-answer file with its pairs as they are numbered here.
type fileView struct {
	File
	Pairs []pairView
}

// pairView is a pair and where its passage is.
type pairView struct {
	Pair
	ID      string // of its element
	Number  int    // on the page, from 1
	Address string // of its passage; "" for none
	Passage string // id of the passage's element
}

// pairRef leads to a pair.
type pairRef struct {
	ID     string
	Number int
}

func (s *server) paper(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	at, _ := strconv.Atoi(r.URL.Query().Get("page"))
	first := firstOf(at)
	paper, err := s.corpus.Paper(r.Context(), id, first, pagesAtOnce)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.sorry(w, r, http.StatusNotFound, "There is no such paper. It may have been renamed or removed.")
		return
	case errors.Is(err, context.Canceled):
		return // the visitor is gone
	case err != nil:
		s.log.Warn("paper not shown", "err", err)
		s.sorry(w, r, http.StatusServiceUnavailable, "This paper could not be read just now. Try again in a moment.")
		return
	}
	rows, st := s.corpus.Papers()
	title := paper.Title
	if title == "" {
		title = paper.Name
	}
	p := paperPage{common: s.common(name.Show(title), st, "/events?paper="+url.QueryEscape(id)), Paper: paper}
	p.number()
	p.sheets()
	p.strip()
	if paper.First > 1 {
		p.Earlier = p.address(max(1, paper.First-pagesAtOnce), "")
	}
	if after := paper.First + len(paper.Texts); after <= paper.Length {
		p.Later = p.address(after, "")
	}
	if i := slices.IndexFunc(rows, func(r Row) bool { return r.ID == id }); i >= 0 {
		if i > 0 {
			p.Previous = &rows[i-1]
		}
		if i+1 < len(rows) {
			p.Next = &rows[i+1]
		}
	}
	s.render(w, r, http.StatusOK, "paper.html", p)
}

// firstOf is the first page of the answer that page n is part of.
func firstOf(n int) int { return max(0, n-1)/pagesAtOnce*pagesAtOnce + 1 }

// address is where the text of page n is, and there the element.
func (p *paperPage) address(n int, element string) string {
	a := ""
	if first := firstOf(n); first != p.First || element == "" {
		a = "/paper/" + p.ID
		if first > 1 {
			a += "?page=" + strconv.Itoa(first)
		}
	}
	if element == "" {
		return a
	}
	return a + "#" + element
}

// number gives the pairs of all files their numbers and addresses.
func (p *paperPage) number() {
	n := 0
	for _, f := range p.Questions {
		v := fileView{File: f}
		for _, pair := range f.Pairs {
			n++
			pv := pairView{Pair: pair, Number: n, ID: "q" + strconv.Itoa(n)}
			if pair.Page > 0 && pair.Page <= p.Length {
				pv.Passage = "s" + strconv.Itoa(n)
				pv.Address = p.address(pair.Page, pv.Passage)
			}
			v.Pairs = append(v.Pairs, pv)
		}
		p.Files = append(p.Files, v)
	}
}

// sheets marks in the texts what supports the pairs.
func (p *paperPage) sheets() {
	marks := map[int][]mark{}
	for _, f := range p.Files {
		for _, pair := range f.Pairs {
			if pair.Passage != "" {
				marks[pair.Page] = append(marks[pair.Page], mark{pair.Start, pair.End, pairRef{pair.ID, pair.Number}, pair.Passage})
			}
		}
	}
	for i, text := range p.Texts {
		n := p.First + i
		sh := sheet{Number: n, Pieces: pieces(text, marks[n])}
		sh.Empty = len(sh.Pieces) == 0
		for _, m := range marks[n] {
			sh.Asked = append(sh.Asked, m.ref)
		}
		p.Sheets = append(p.Sheets, sh)
	}
}

// maxStrip is how many pages the strip shows: a book's would be a page of its own.
const maxStrip = 400

// strip shows of every page whether it was asked about.
func (p *paperPage) strip() {
	asked := map[int]int{}
	for _, f := range p.Files {
		for _, pair := range f.Pairs {
			if pair.Page > 0 {
				asked[pair.Page]++
			}
		}
	}
	for n := 1; n <= min(p.Length, maxStrip); n++ {
		q := square{Number: n, Address: p.address(n, "page-"+strconv.Itoa(n)), Pairs: asked[n]}
		switch {
		case asked[n] > 0:
			q.State = "asked"
		case slices.Contains(p.Uncovered, n):
			q.State = "unasked"
		case p.Askable > 0:
			q.State = "none"
		}
		p.Strip = append(p.Strip, q)
	}
}
