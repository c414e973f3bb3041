// Package wire promises that neither side of the socket between the pool and a
// worker can be harmed by what the other side sends: every message is framed,
// versioned, bounded and checked before a byte of it is used.
//
// # Design notes
//
// A worker reads files from strangers, so the pool treats its answers as if
// the document's author had written them: lengths, counts, page numbers and
// UTF-8 are checked here, once, and nothing is allocated for a length that
// has not arrived. A worker in turn checks what it is asked.
//
// A frame is a version byte, a kind byte, the payload's length as 4 bytes big
// endian, and the payload. Numbers in a payload are unsigned varints, strings
// are a length and bytes. The two sides are the same binary, so there is one
// version and no negotiation: another version is an error.
//
// The document itself travels beside the request: as a descriptor on the
// socket where the system can pass one, else as bytes after the frame.
package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

const version = 1

// Kinds of frames.
const (
	kindSetup   = 1 + iota // pool to worker, once: limits and sandbox
	kindHello              // worker to pool, once: ready, what is not covered
	kindRequest            // pool to worker: one document
	kindPage               // worker to pool: one page of it
	kindImage              // worker to pool: one rendered page
	kindResult             // worker to pool: the document is done
)

// Bounds of what is sent. A worker keeps below them; more is an attack.
const (
	maxText      = 1<<20 + 16 // bytes of one page's text
	maxImage     = 100 << 20  // bytes of one rendered page: 25 million pixels of noise
	maxWord      = 1 << 10    // bytes of a title, a label, a password, a reason
	maxPasswords = 64
	maxItems     = 2000
	maxGaps      = 16
	maxNumber    = 1 << 31   // page numbers, counts
	maxPages     = 100_000   // pages of one answer
	maxTotal     = 256 << 20 // bytes of text of one answer
	headerLen    = 6
)

// maxPayload bounds a frame by its kind.
func maxPayload(kind byte) int {
	switch kind {
	case kindSetup:
		return 256
	case kindHello:
		return maxGaps*(maxWord+4) + 256
	case kindRequest:
		return maxPasswords*(maxWord+4) + 256
	case kindPage:
		return maxText + maxWord + 64
	case kindImage:
		return maxImage + 64
	case kindResult:
		return 1 << 20
	}
	return -1
}

// Conn reads and writes frames. One goroutine reads and one writes at a time.
type Conn struct {
	r io.Reader
	w *bufio.Writer
}

// NewConn frames what is read from r and written to w. Reads are never ahead
// of the frame that is asked for.
func NewConn(r io.Reader, w io.Writer) *Conn {
	return &Conn{r: r, w: bufio.NewWriterSize(w, 1<<16)}
}

// Flush sends what has been written.
func (c *Conn) Flush() error { return c.w.Flush() }

func (c *Conn) write(kind byte, e encoder) error {
	if len(e) > maxPayload(kind) {
		return fmt.Errorf("send message: kind %d of %d bytes is too long", kind, len(e))
	}
	head := [headerLen]byte{version, kind}
	binary.BigEndian.PutUint32(head[2:], uint32(len(e)))
	if _, err := c.w.Write(head[:]); err != nil {
		return err
	}
	_, err := c.w.Write(e)
	return err
}

// read takes the next frame, whose kind must be one of want.
func (c *Conn) read(want ...byte) (byte, decoder, error) {
	var head [headerLen]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return 0, decoder{}, err // io.EOF only between frames
	}
	if head[0] != version {
		return 0, decoder{}, fmt.Errorf("read message: version %d, want %d", head[0], version)
	}
	kind := head[1]
	if !bytes.Contains(want, []byte{kind}) {
		return 0, decoder{}, fmt.Errorf("read message: unexpected kind %d", kind)
	}
	n := int64(binary.BigEndian.Uint32(head[2:]))
	if n > int64(maxPayload(kind)) {
		return 0, decoder{}, fmt.Errorf("read message: kind %d of %d bytes is too long", kind, n)
	}
	payload, err := take(c.r, n)
	if err != nil {
		return 0, decoder{}, err
	}
	return kind, decoder{b: payload}, nil
}

// take reads n bytes. More than one page's worth is allocated as it comes, so
// that a length alone costs nothing.
func take(r io.Reader, n int64) ([]byte, error) {
	const atOnce = 2 << 20
	if n <= atOnce {
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, fmt.Errorf("read message: %w", short(err))
		}
		return b, nil
	}
	var buf bytes.Buffer
	if _, err := io.CopyN(&buf, r, n); err != nil {
		return nil, fmt.Errorf("read message: %w", short(err))
	}
	return buf.Bytes(), nil
}

// short tells an end in the middle of a message from one between messages.
func short(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
