package wire

// Request asks for one document.
type Request struct {
	Width     int      // 0: text. Else a picture of page First, so many pixels wide
	Grey      bool     // the picture is without colour
	Pixels    int      // 0: as many as fit a frame. Else the most that the picture may have
	First     int      // counted from 1
	Last      int      // -1 is the document's last page
	Raw       bool     // keep U+0000
	Size      int64    // of the document in bytes
	Plain     bool     // the text only: no outline, labels or metadata
	Inline    bool     // the document follows the request as Size bytes
	Passwords []string // tried after the empty one
}

// Bounds of a picture, in pixels.
const (
	maxWidth  = 10000
	maxPixels = 25_000_000
)

// WriteRequest sends r, without flushing it: the document goes with it.
func (c *Conn) WriteRequest(r Request) error {
	var e encoder
	e.number(r.Width)
	e.flag(r.Grey)
	e.number(r.Pixels)
	e.number(r.First)
	e.number(r.Last + 1)
	e.flag(r.Raw)
	e.wide(r.Size)
	e.flag(r.Plain)
	e.flag(r.Inline)
	e.number(len(r.Passwords))
	for _, p := range r.Passwords {
		e.bytes([]byte(p))
	}
	return c.write(kindRequest, e)
}

// ReadRequest waits for a request. The error is io.EOF when there is none to
// come.
func (c *Conn) ReadRequest() (Request, error) {
	_, d, err := c.read(kindRequest)
	if err != nil {
		return Request{}, err
	}
	r := Request{
		Width:  d.number(maxWidth),
		Grey:   d.flag(),
		Pixels: d.number(maxPixels),
		First:  d.number(maxNumber),
		Last:   d.number(maxNumber) - 1,
		Raw:    d.flag(),
		Size:   d.wide(1 << 50),
		Plain:  d.flag(),
		Inline: d.flag(),
	}
	for n := d.number(maxPasswords); n > 0 && d.err == nil; n-- {
		r.Passwords = append(r.Passwords, string(d.bytes(maxWord))) // any bytes: old PDFs know no UTF-8
	}
	if d.err == nil && (r.First < 1 || r.Last != -1 && r.Last < r.First) {
		d.fail("page range %d-%d", r.First, r.Last)
	}
	return r, d.end()
}
