package worker

import (
	"os"

	"qacorpus/extract/mupdf"
	"qacorpus/extract/wire"
)

// channel is the pair of pipes to the pool.
type channel struct {
	conn *wire.Conn
}

func open() (*channel, error) {
	return &channel{conn: wire.NewConn(os.Stdin, os.Stdout)}, nil
}

// source is the document of one request.
type source struct {
	data []byte
}

func (ch *channel) document(r wire.Request) (*source, error) {
	data, err := inline(os.Stdin, r.Size)
	return &source{data: data}, err
}

func (s *source) open(e *mupdf.Engine, passwords []string) (*mupdf.Doc, error) {
	return e.OpenBytes(s.data, passwords)
}

func (s *source) close() {}
