//go:build unix

package worker

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"qacorpus/extract/mupdf"
	"qacorpus/extract/wire"
)

// channel is the socket to the pool.
type channel struct {
	conn *wire.Conn
	in   *socket
}

// socket reads from a stream socket and keeps the descriptors that come along.
type socket struct {
	fd    int
	files []int // descriptors that came and were not asked for yet
}

// open takes the standard input, which must be a socket.
func open() (*channel, error) {
	if _, err := unix.GetsockoptInt(0, unix.SOL_SOCKET, unix.SO_TYPE); err != nil {
		return nil, errors.New("start worker: this command is not for people: it is started by qacorpus itself")
	}
	if err := unix.SetNonblock(0, false); err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	s := &socket{fd: 0}
	return &channel{conn: wire.NewConn(s, s), in: s}, nil
}

func (s *socket) Read(p []byte) (int, error) {
	oob := make([]byte, unix.CmsgSpace(4*4))
	var n, oobn int
	var err error
	for {
		n, oobn, _, _, err = unix.Recvmsg(s.fd, p, oob, cloexecFlag)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return 0, fmt.Errorf("read socket: %w", err)
	}
	if oobn > 0 {
		if err := s.keep(oob[:oobn]); err != nil {
			return 0, err
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (s *socket) keep(oob []byte) error {
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return fmt.Errorf("read descriptor: %w", err)
	}
	for _, m := range msgs {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			return fmt.Errorf("read descriptor: %w", err)
		}
		s.files = append(s.files, fds...)
	}
	return nil
}

func (s *socket) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, err := unix.Write(s.fd, p[done:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return done, fmt.Errorf("write socket: %w", err)
		}
		done += n
	}
	return done, nil
}

// document takes the descriptor, or the bytes, that came with r; done gives the
// descriptor back.
func (ch *channel) document(r wire.Request) (q mupdf.Request, done func(), err error) {
	if r.Inline {
		data, err := inline(os.Stdin, r.Size)
		return mupdf.Request{Data: data}, func() {}, err
	}
	if len(ch.in.files) != 1 {
		return q, nil, fmt.Errorf("read descriptor: %d came, want 1", len(ch.in.files))
	}
	fd := ch.in.files[0]
	ch.in.files = nil
	return mupdf.Request{File: uintptr(fd), Size: r.Size}, func() { _ = unix.Close(fd) }, nil // it was only read from
}
