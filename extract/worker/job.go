package worker

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"qacorpus/extract/mupdf"
	"qacorpus/extract/sandbox"
	"qacorpus/extract/wire"
)

// What one answer may hold; the pool refuses more.
const (
	maxPages = 100_000
	maxTotal = 255 << 20
)

// job is what the worker needs for one document after the other.
type job struct {
	engine  *mupdf.Engine
	ch      *channel
	seconds int // of processor time per document
	usage   *usage
	// spent says that a document has used up the memory: what MuPDF could not
	// finish then it should not build upon.
	spent bool
}

// errSpent ends a worker that has said so to the pool.
var errSpent = errors.New("out of memory")

// do answers one request. An error means that the pool cannot be understood or
// reached; what is wrong with the document is in the answer.
func (j *job) do(r wire.Request) error {
	if err := sandbox.AllowSeconds(j.seconds); err != nil {
		return err
	}
	src, err := j.ch.document(r)
	if err != nil {
		return err
	}
	defer src.close()
	res, err := j.answer(src, r)
	if err != nil {
		return err
	}
	res.Resident, res.Spent = j.usage.resident(), j.spent
	if err := j.ch.conn.WriteResult(res); err != nil {
		return err
	}
	if j.spent {
		return errSpent
	}
	return nil
}

func (j *job) answer(src *source, r wire.Request) (wire.Result, error) {
	d, err := src.open(j.engine, r.Passwords)
	switch {
	case errors.Is(err, mupdf.ErrPassword):
		return wire.Result{Status: "encrypted"}, nil
	case err != nil:
		return wire.Result{Status: "damaged", Detail: j.explain(err)}, nil
	}
	defer d.Close()
	if d.Pages() < 1 {
		return wire.Result{Status: "damaged", Detail: "the document has no pages"}, nil
	}
	if r.Width > 0 {
		return j.picture(d, r), nil
	}
	return j.text(d, r)
}

// text sends the pages asked for and describes the document.
func (j *job) text(d *mupdf.Doc, r wire.Request) (wire.Result, error) {
	res := wire.Result{Status: "no-text", Pages: d.Pages()}
	var notes []string
	last := d.Pages()
	if r.Last >= 0 {
		last = min(last, r.Last)
	}
	if last-r.First >= maxPages {
		last = r.First + maxPages - 1
		notes = append(notes, fmt.Sprintf("only the first %d pages were read", maxPages))
	}
	if r.First > last {
		notes = append(notes, "the document ends at page "+strconv.Itoa(d.Pages()))
	}
	failed, total := 0, 0
	for n := r.First; n <= last; n++ {
		p, err := d.Page(n, r.Raw)
		if err != nil {
			failed++
			notes = addNote(notes, n, j.explain(err))
		}
		if p.Cut {
			notes = addNote(notes, n, "only the first mebibyte of its text was read")
		}
		if r.Plain || p.Label == strconv.Itoa(n) {
			p.Label = ""
		}
		if total += len(p.Text); total > maxTotal {
			notes = append(notes, fmt.Sprintf("there is too much text: reading ended before page %d", n))
			break
		}
		if res.Status != "ok" && hasText(p.Text) {
			res.Status = "ok"
		}
		if err := j.ch.conn.WritePage(wire.Page{Number: n, Text: p.Text, Label: p.Label}); err != nil {
			return res, err
		}
	}
	if failed > 0 && failed == last-r.First+1 {
		res.Status = "damaged"
	} else if !r.Plain {
		res.Title, res.Author = d.Info("Title"), d.Info("Author")
		for _, it := range d.Outline() {
			res.Outline = append(res.Outline, wire.Item(it))
		}
	}
	if d.Repaired() {
		notes = append(notes, "the file's structure was damaged and has been mended for reading")
	}
	res.Detail = join(notes)
	return res, nil
}

func (j *job) picture(d *mupdf.Doc, r wire.Request) wire.Result {
	res := wire.Result{Status: "ok", Pages: d.Pages()}
	if r.First > d.Pages() {
		res.Status, res.Detail = "damaged", "the document ends at page "+strconv.Itoa(d.Pages())
		return res
	}
	png, err := d.PNG(r.First, r.Width, r.Pixels, r.Grey)
	if err != nil {
		res.Status, res.Detail = "damaged", j.explain(err)
	}
	res.Image = png
	return res
}

func (j *job) explain(err error) string {
	if j.engine.OutOfMemory() {
		j.spent = true
		return "needs more memory than a worker may use (" + err.Error() + ")"
	}
	return err.Error()
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
