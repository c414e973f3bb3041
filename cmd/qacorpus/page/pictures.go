package page

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Widths of pictures in pixels: in the table and on a paper's page, twice and
// more what they take on the screen.
const (
	smallPicture = 132
	largePicture = 400
)

const (
	// pictureMemory bounds the pictures that are remembered, in bytes.
	pictureMemory = 32 << 20
	// pictureTime bounds the drawing of one picture.
	pictureTime = 2 * time.Minute
)

// pictures remembers what was drawn last, and draws no picture twice at a time.
type pictures struct {
	corpus Corpus

	mu     sync.Mutex               // guards what follows
	size   int                      // bytes of all data
	recent *list.List               // of *drawing, the one used last in front
	known  map[string]*list.Element // by id, stamp and width
}

// drawing is a picture that is drawn or being drawn.
type drawing struct {
	key  string
	done chan struct{} // closed by who draws it, after data and err were set
	data []byte
	err  error
}

func newPictures(c Corpus) *pictures {
	return &pictures{corpus: c, recent: list.New(), known: map[string]*list.Element{}}
}

// get returns the picture, drawing it first where it is not known. Drawing goes on
// when the visitor scrolls past and gives up: another one will want it, and ending
// it would cost its worker.
func (p *pictures) get(ctx context.Context, row Row, width int) ([]byte, error) {
	key := fmt.Sprint(row.ID, " ", row.Stamp, " ", width)
	p.mu.Lock()
	if e, ok := p.known[key]; ok {
		p.recent.MoveToFront(e)
		p.mu.Unlock()
		d := e.Value.(*drawing)
		select {
		case <-d.done:
			return d.data, d.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	d := &drawing{key: key, done: make(chan struct{})}
	p.known[key] = p.recent.PushFront(d)
	p.mu.Unlock()
	drawn, cancel := context.WithTimeout(context.WithoutCancel(ctx), pictureTime)
	defer cancel()
	d.data, d.err = p.corpus.Picture(drawn, row.ID, width)
	if d.err == nil {
		d.err = proper(d.data)
	}
	close(d.done)
	p.settle(d)
	return d.data, d.err
}

// settle counts a picture that was drawn, and forgets those used last longest ago
// as far as there are too many. A failure is not remembered: it may pass.
func (p *pictures) settle(d *drawing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size += len(d.data)
	if d.err != nil {
		p.forget(p.known[d.key])
	}
	for e := p.recent.Back(); e != nil && p.size > pictureMemory; {
		before := e.Prev()
		select {
		case <-e.Value.(*drawing).done:
			p.forget(e)
		default: // still being drawn
		}
		e = before
	}
}

func (p *pictures) forget(e *list.Element) {
	d := p.recent.Remove(e).(*drawing)
	delete(p.known, d.key)
	p.size -= len(d.data)
}

// proper checks that what a worker gave for a picture is one, of a size that harms
// no browser: a document may have taken the worker over.
func proper(data []byte) error {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("check picture: %w", err)
	}
	if c.Width*c.Height > 2*largePicture*largePicture || c.Width < 1 || c.Height < 1 {
		return fmt.Errorf("check picture: %d x %d pixels", c.Width, c.Height)
	}
	return nil
}

func (s *server) picture(w http.ResponseWriter, r *http.Request) {
	rows, _ := s.corpus.Papers()
	i := slices.IndexFunc(rows, func(row Row) bool { return row.ID == r.PathValue("id") })
	if i < 0 || !rows[i].Drawn {
		http.Error(w, "there is no such picture", http.StatusNotFound)
		return
	}
	width := smallPicture
	if r.URL.Query().Has("large") {
		width = largePicture
	}
	data, err := s.pictures.get(r.Context(), rows[i], width)
	if err != nil {
		s.log.Debug("page not drawn", "path", rows[i].Name, "err", err)
		http.Error(w, "this page cannot be drawn", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	s.keep(w, rows[i].Stamp+"-"+strconv.Itoa(width), r.URL.Query().Get("v") == rows[i].Stamp)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
