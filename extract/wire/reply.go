package wire

import "io"

// Page is the text of one page, in the order of their numbers.
type Page struct {
	Number int
	Text   string
	Label  string // "" where it is the page's own number
}

// Item is one line of an outline.
type Item struct {
	Level int
	Title string
	Page  int // 0: none
}

// Result ends the answer to a request.
type Result struct {
	Status        string // "ok", "no-text", "encrypted" or "damaged"
	Pages         int
	Title, Author string
	Outline       []Item
	Detail        string
	Image         []byte // the picture, where one was asked for
	Resident      int64  // bytes of memory that the worker holds now; its own word
	Spent         bool   // the worker ends now: it ran out of memory
}

// maxLevel bounds how deep an outline is.
const maxLevel = 64

// pictureFrame is what a picture may take in bytes besides its pixels: headers,
// a colour profile, what noise adds when it is packed.
const pictureFrame = 16 << 10

// WritePage sends one page, without flushing it.
func (c *Conn) WritePage(p Page) error {
	e := make(encoder, 0, len(p.Text)+len(p.Label)+32)
	e.number(p.Number)
	e.text(p.Text)
	e.text(p.Label)
	return c.write(kindPage, e)
}

// WriteResult sends the end of an answer.
func (c *Conn) WriteResult(r Result) error {
	if r.Image != nil {
		if err := c.write(kindImage, r.Image); err != nil {
			return err
		}
	}
	var e encoder
	e.text(r.Status)
	e.number(r.Pages)
	e.text(r.Title)
	e.text(r.Author)
	e.text(r.Detail)
	e.wide(r.Resident)
	e.flag(r.Spent)
	e.number(len(r.Outline))
	for _, it := range r.Outline {
		e.number(it.Level)
		e.text(it.Title)
		e.number(it.Page)
	}
	if err := c.write(kindResult, e); err != nil {
		return err
	}
	return c.Flush()
}

// ReadReply waits for the answer to asked. page is called for each page, whose
// numbers are First, First+1 and so on within the range asked for. A reply
// that does not answer the request is an error.
func (c *Conn) ReadReply(asked Request, page func(Page)) (Result, error) {
	next, total := asked.First, 0
	var image []byte
	for {
		kind, d, err := c.read(kindPage, kindImage, kindResult)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return Result{}, err
		}
		switch kind {
		case kindPage:
			p := Page{Number: d.number(maxNumber), Text: d.text(maxText), Label: d.text(maxWord)}
			if asked.Width > 0 || p.Number != next || asked.Last >= 0 && p.Number > asked.Last {
				d.fail("page %d was not asked for", p.Number)
			}
			if total += len(p.Text); total > maxTotal || next-asked.First >= maxPages {
				d.fail("answer is too long")
			}
			if err := d.end(); err != nil {
				return Result{}, err
			}
			next++
			page(p)
		case kindImage:
			if asked.Width <= 0 || image != nil || len(d.b) == 0 {
				d.fail("no picture was asked for")
				return Result{}, d.err
			}
			if asked.Pixels > 0 && len(d.b) > 4*asked.Pixels+pictureFrame {
				d.fail("picture is larger than was asked for")
				return Result{}, d.err
			}
			image = d.b[:len(d.b):len(d.b)]
		case kindResult:
			r, err := readResult(d)
			if err == nil && next > asked.First && next-1 > r.Pages {
				d.fail("more pages than the document has")
				err = d.err
			}
			r.Image = image
			return r, err
		}
	}
}

func readResult(d decoder) (Result, error) {
	r := Result{
		Status: d.text(16),
		Pages:  d.number(maxNumber),
		Title:  d.text(maxWord),
		Author: d.text(maxWord),
		Detail: d.text(maxWord),
	}
	r.Resident = d.wide(1 << 50)
	r.Spent = d.flag()
	switch r.Status {
	case "ok", "no-text", "encrypted", "damaged":
	default:
		d.fail("unknown status")
	}
	for n := d.number(maxItems); n > 0 && d.err == nil; n-- {
		it := Item{Level: d.number(maxLevel), Title: d.text(maxWord), Page: d.number(maxNumber)}
		if d.err == nil && (it.Level < 1 || it.Page > r.Pages) {
			d.fail("outline item out of range")
		}
		r.Outline = append(r.Outline, it)
	}
	return r, d.end()
}
