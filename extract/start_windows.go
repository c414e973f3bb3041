package extract

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"

	"qacorpus/extract/wire"
)

func selfPath() (string, error) { return os.Executable() }

// prepare keeps the keys of a console from the worker.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

// pipeLine sends the document's bytes after the request.
type pipeLine struct {
	in  io.WriteCloser
	out io.ReadCloser
}

func (l *pipeLine) attach(f *os.File, q *wire.Request) (func() error, error) {
	q.Inline = true
	size := q.Size
	return func() error {
		if _, err := io.Copy(l.in, io.NewSectionReader(f, 0, size)); err != nil {
			return fmt.Errorf("send document: %w", err)
		}
		return nil
	}, nil
}

func (l *pipeLine) cut() {
	_ = l.in.Close() // a second time is fine
	_ = l.out.Close()
}

func (c *child) connect(start func() error) error {
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := start(); err != nil {
		return err
	}
	c.line = &pipeLine{in: in, out: out}
	c.conn = wire.NewConn(bufio.NewReaderSize(out, 1<<16), in)
	return nil
}

func isReset(err error) bool {
	return errors.Is(err, os.ErrClosed) || errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}

// unhurried does nothing: it is Linux's to offer.
func unhurried() {}
