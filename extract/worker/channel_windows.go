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

// document takes the bytes that came with r.
func (ch *channel) document(r wire.Request) (q mupdf.Request, done func(), err error) {
	data, err := inline(os.Stdin, r.Size)
	return mupdf.Request{Data: data}, func() {}, err
}
