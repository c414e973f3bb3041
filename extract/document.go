package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"qacorpus/extract/wire"
)

// header says whether f looks like a PDF: readers accept anything before
// %PDF within the first 1,024 bytes.
func header(f *os.File) (bool, error) {
	var head [1024]byte
	n, err := f.ReadAt(head[:], 0)
	if err != nil && n == 0 && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read document: %w", err)
	}
	return bytes.Contains(head[:n], []byte("%PDF")), nil
}

// Extract reads the document that f is open on. The caller has made sure that
// f is a regular file, keeps it open until Extract returns, and closes it. The
// error is set only where the program itself could not do its work (no worker
// could be started, ctx ended); what is wrong with a document is its Status.
func (p *Pool) Extract(ctx context.Context, f *os.File, r Request) (Document, error) {
	ok, err := header(f)
	if err != nil {
		return Document{}, err
	}
	if !ok {
		return Document{Status: statusNotAPDF}, nil
	}
	q, err := r.wire(f)
	if err != nil {
		return Document{}, err
	}
	a, err := p.ask(ctx, f, q)
	if err != nil {
		return Document{}, err
	}
	d := a.document(q)
	if p.ocr != nil && d.Status == statusNoText && len(d.Texts) > 0 {
		return p.recognise(ctx, f, r.Passwords, d)
	}
	return d, nil
}

// Render draws one page, counted from 1, as a PNG that is width pixels wide;
// fewer, where the page is so long that the picture would exceed 25 million
// pixels. A document or page that cannot be drawn is an error.
func (p *Pool) Render(ctx context.Context, f *os.File, page, width int, passwords []string) ([]byte, error) {
	return p.render(ctx, f, page, picture{width: width}, passwords)
}

// Thumbnail draws the first page as a small PNG that is width pixels wide, less
// where the page is more than twice as high as it is wide: it never has more than
// 2 * width * width pixels, however odd the document.
func (p *Pool) Thumbnail(ctx context.Context, f *os.File, width int, passwords []string) ([]byte, error) {
	if ok, err := header(f); err != nil || !ok {
		return nil, errors.Join(err, errors.New("render page 1: not a PDF"))
	}
	return p.render(ctx, f, 1, picture{width: width, pixels: min(2*width*width, maxPixels)}, passwords)
}

// picture says how a page is drawn.
type picture struct {
	width  int
	pixels int // at most; 0: 25 million
	grey   bool
}

func (p *Pool) render(ctx context.Context, f *os.File, page int, as picture, passwords []string) ([]byte, error) {
	if page < 1 || as.width < 1 || as.width > maxWidth {
		return nil, fmt.Errorf("render page %d, %d pixels wide: pages count from 1, widths go from 1 to %d", page, as.width, maxWidth)
	}
	q, err := Request{First: page, Last: page, Passwords: passwords}.wire(f)
	if err != nil {
		return nil, err
	}
	q.Width, q.Pixels, q.Grey = as.width, as.pixels, as.grey
	a, err := p.ask(ctx, f, q)
	if err != nil {
		return nil, err
	}
	if a.status != statusOK {
		return nil, fmt.Errorf("render page %d: %s: %s", page, a.status, a.result.Detail)
	}
	return a.result.Image, nil
}

// Bounds of a picture, in pixels.
const (
	maxWidth  = 10_000
	maxPixels = 25_000_000
)

func (r Request) wire(f *os.File) (wire.Request, error) {
	info, err := f.Stat()
	if err != nil {
		return wire.Request{}, fmt.Errorf("look at document: %w", err)
	}
	q := wire.Request{First: r.First, Last: r.Last, Raw: r.Raw, Size: info.Size(), Passwords: r.Passwords}
	if q.First == 0 {
		q.First = 1
	}
	if q.Last == 0 {
		q.Last = q.First + 3
	}
	if q.First < 1 || q.Last < -1 || q.Last > 0 && q.Last < q.First {
		return q, fmt.Errorf("extract document: no pages in the range %d-%d", r.First, r.Last)
	}
	return q, nil
}

// answer is what became of one request.
type answer struct {
	status Status
	pages  []wire.Page
	result wire.Result
}

func (a answer) document(q wire.Request) Document {
	r := a.result
	d := Document{
		Status: a.status, Pages: r.Pages, First: q.First,
		Title: r.Title, Author: r.Author, Detail: r.Detail,
	}
	for _, pg := range a.pages {
		d.Texts = append(d.Texts, pg.Text)
		d.Labels = append(d.Labels, pg.Label)
	}
	for _, it := range r.Outline {
		d.Outline = append(d.Outline, OutlineItem(it))
	}
	return d
}

// attempts is how often a document is given to a worker that does not survive
// it: as it should be read, once more, and for its text alone, because what
// overflows MuPDF's stack is mostly an outline.
const attempts = 3

// ask has a worker do q.
func (p *Pool) ask(ctx context.Context, f *os.File, q wire.Request) (answer, error) {
	var last *lostError
	for n := range attempts {
		q.Plain = n == attempts-1
		c, err := p.acquire(ctx)
		if err != nil {
			return answer{}, err
		}
		a, err := c.do(ctx, p.ctx, f, q, p.opts.Timeout)
		spent := err != nil || a.status == statusTimedOut || a.result.Spent ||
			c.documents >= p.opts.Recycle || a.result.Resident > p.opts.Memory/4
		p.release(c, spent)
		if !errors.As(err, &last) {
			if q.Plain && err == nil {
				a.result.Detail = note(a.result.Detail, "its outline and metadata are left out, because reading them fails: "+last.Error())
			}
			return a, err
		}
		p.opts.Log.Debug("worker ended in a document", "err", err)
	}
	return answer{status: statusCrashed, result: wire.Result{Detail: last.Error()}}, nil
}
