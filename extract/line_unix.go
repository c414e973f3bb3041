//go:build unix

package extract

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"qacorpus/extract/wire"
)

// socketLine passes the document's descriptor.
type socketLine struct {
	conn *net.UnixConn
	file *os.File // goes along with the next write
}

func (l *socketLine) attach(f *os.File, q *wire.Request) (func() error, error) {
	l.file = f
	return func() error { return nil }, nil
}

func (l *socketLine) cut() { _ = l.conn.Close() } // a second time is fine

func (l *socketLine) Write(p []byte) (n int, err error) {
	if l.file == nil {
		return l.conn.Write(p)
	}
	raw, err := l.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	l.file = nil
	ctlErr := raw.Control(func(fd uintptr) {
		n, _, err = l.conn.WriteMsgUnix(p, unix.UnixRights(int(fd)), nil)
	})
	return n, errors.Join(ctlErr, err)
}

// connect makes a socket pair, starts the process with one end as its
// standard input, and keeps the other.
func (c *child) connect(start func() error) error {
	ours, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	defer ours.Close() // FileConn has its own copy
	conn, err := net.FileConn(ours)
	if err != nil {
		return fmt.Errorf("use socket: %w", err)
	}
	c.cmd.Stdin = theirs
	if err := start(); err != nil {
		conn.Close()
		return err
	}
	l := &socketLine{conn: conn.(*net.UnixConn)}
	c.line = l
	c.conn = wire.NewConn(bufio.NewReaderSize(conn, 1<<16), l)
	return nil
}

func isReset(err error) bool {
	return errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) || errors.Is(err, net.ErrClosed)
}
