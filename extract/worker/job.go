package worker

import (
	"errors"
	"fmt"
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
	src, done, err := j.ch.document(r)
	if err != nil {
		return err
	}
	defer done()
	src.Passwords = r.Passwords
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

func (j *job) answer(src mupdf.Source, r wire.Request) (wire.Result, error) {
	if r.Width > 0 {
		return j.picture(src, r), nil
	}
	t := &text{job: j, request: r, status: "no-text"}
	last := r.Last
	if last < 0 || last-r.First >= maxPages {
		last = r.First + maxPages - 1
	}
	d, err := j.engine.Read(src, mupdf.Options{First: r.First, Last: last, Raw: r.Raw, Plain: r.Plain}, t.page)
	switch {
	case t.broken != nil:
		return wire.Result{}, t.broken
	case err != nil && err != errFull:
		return j.refused(err), nil
	case d.Pages < 1:
		return wire.Result{Status: "damaged", Detail: "the document has no pages"}, nil
	case d.Pages > last && r.Last != last:
		t.notes = append(t.notes, fmt.Sprintf("only the first %d pages were read", maxPages))
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

func (j *job) picture(src mupdf.Source, r wire.Request) wire.Result {
	png, pages, err := j.engine.PNG(src, r.First, r.Width, r.Pixels, r.Grey)
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
		return "needs more memory than a worker may use (" + err.Error() + ")"
	}
	return err.Error()
}
