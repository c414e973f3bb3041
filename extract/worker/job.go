package worker

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"qacorpus/extract/mupdf"
	"qacorpus/extract/sandbox"
	"qacorpus/extract/wire"
)

// job is what the worker needs for one document after the other.
type job struct {
	engine  *mupdf.Engine
	ch      *channel
	seconds int // of processor time per document
	// What one answer may hold; the pool refuses more than these constants.
	maxPages int
	maxTotal int // bytes of text
	usage    *usage
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
	q, done, err := j.ch.document(r)
	if err != nil {
		return err
	}
	defer done()
	q.Passwords, q.First, q.Last, q.Raw, q.Plain = r.Passwords, r.First, r.Last, r.Raw, r.Plain
	res, err := j.answer(q, r)
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

func (j *job) answer(q mupdf.Request, r wire.Request) (wire.Result, error) {
	if r.Width > 0 {
		return j.picture(q, r), nil
	}
	if q.Last < 0 || q.Last-q.First >= j.maxPages {
		q.Last = q.First + j.maxPages - 1
	}
	t := &text{job: j, request: r, status: "no-text"}
	d, err := j.engine.Read(q, t.page)
	switch {
	case t.broken != nil:
		return wire.Result{}, t.broken
	case err != nil && err != errFull:
		return j.refused(err), nil
	case d.Pages < 1:
		return wire.Result{Status: "damaged", Detail: "the document has no pages"}, nil
	case d.Pages > q.Last && r.Last != q.Last:
		t.notes = slices.Insert(t.notes, 0, fmt.Sprintf("only the first %d pages were read", j.maxPages))
	case d.Pages < r.First:
		t.notes = append(t.notes, "the document ends at page "+strconv.Itoa(d.Pages))
	}
	return t.result(d), nil
}

// refused answers for a document that cannot be opened.
func (j *job) refused(err error) wire.Result {
	if errors.Is(err, mupdf.ErrPassword) {
		return wire.Result{Status: "encrypted"}
	}
	return wire.Result{Status: "damaged", Detail: j.explain(err)}
}

func (j *job) picture(q mupdf.Request, r wire.Request) wire.Result {
	png, pages, err := j.engine.PNG(q, r.Width, r.Pixels, r.Grey)
	switch {
	case err == nil:
		return wire.Result{Status: "ok", Pages: pages, Image: png}
	case pages > 0 && r.First > pages:
		return wire.Result{Status: "damaged", Pages: pages, Detail: "the document ends at page " + strconv.Itoa(pages)}
	}
	res := j.refused(err)
	res.Pages = pages
	return res
}

func (j *job) explain(err error) string {
	if errors.Is(err, mupdf.ErrMemory) {
		j.spent = true
		return "needs more memory than a worker may use: " + err.Error()
	}
	return err.Error()
}
