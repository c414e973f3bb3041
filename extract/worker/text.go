package worker

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"qacorpus/extract/mupdf"
	"qacorpus/extract/wire"
)

// What one answer may hold. The pool refuses more.
const (
	maxPages = 100_000
	maxTotal = 255 << 20
)

// errFull ends a reading that has more text than an answer may hold.
var errFull = errors.New("too much text")

// text sends the pages of one document to the pool as they are read.
type text struct {
	job     *job
	request wire.Request
	status  string // of the pages so far
	notes   []string
	last    int // page that was sent
	failed  int // pages that could not be read
	total   int // bytes of text
	broken  error
}

func (t *text) page(n int, p mupdf.Page) error {
	if p.Err != nil {
		t.failed++
		t.notes = addNote(t.notes, n, t.job.explain(p.Err))
	}
	if p.Cut {
		t.notes = addNote(t.notes, n, "only the first mebibyte of its text was read")
	}
	if t.request.Plain || p.Label == strconv.Itoa(n) {
		p.Label = ""
	}
	if t.total += len(p.Text); t.total > t.job.maxTotal {
		t.notes = append(t.notes, fmt.Sprintf("there is too much text: reading ended before page %d", n))
		return errFull
	}
	if t.status != "ok" && hasText(p.Text) {
		t.status = "ok"
	}
	t.last = n
	t.broken = t.job.ch.conn.WritePage(wire.Page{Number: n, Text: p.Text, Label: p.Label})
	return t.broken
}

// result describes the document whose pages have been sent.
func (t *text) result(d mupdf.Document) wire.Result {
	res := wire.Result{Status: t.status, Pages: d.Pages}
	if t.failed > 0 && t.failed == t.last-t.request.First+1 {
		res.Status = "damaged"
	} else {
		res.Title, res.Author = d.Title, d.Author
		for _, it := range d.Outline {
			res.Outline = append(res.Outline, wire.Item(it))
		}
	}
	if d.Short {
		t.job.spent = true
		t.notes = append(t.notes, "title, author or outline may be missing: they need more memory than a worker may use")
	}
	if d.Repaired {
		t.notes = append(t.notes, "the file's structure was damaged and has been mended for reading")
	}
	res.Detail = join(t.notes)
	return res
}

// maxNotes is how many notes on pages a log line holds.
const maxNotes = 3

func addNote(notes []string, page int, what string) []string {
	if len(notes) < maxNotes {
		return append(notes, fmt.Sprintf("page %d: %s", page, what))
	}
	if len(notes) == maxNotes {
		return append(notes, "and more")
	}
	return notes
}

// join makes one line that the wire takes.
func join(notes []string) string {
	s := strings.Join(notes, "; ")
	if len(s) > 1000 {
		s = strings.ToValidUTF8(s[:1000], "")
	}
	return s
}

// hasText says whether a person would see a character in s.
func hasText(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsControl(r) }) >= 0
}
