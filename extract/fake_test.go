//go:build unix

package extract_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"qacorpus/extract/wire"
)

// fakeWord makes the test program a worker that does as the first page asked
// for tells it.
const fakeWord = "__fake-worker"

// What the fake worker does.
const (
	fakeOK      = 100 + iota // answers, with its process number as the author
	fakeExit                 // prints a word and ends
	fakeHang                 // never answers
	fakeGarbage              // answers what is no message
	fakeBadText              // answers text that is no UTF-8
	fakeOnce                 // ends in the first worker, answers in the second
	fakeGrown                // answers that it has grown
)

func fakeWorker(args []string) int {
	conn := wire.NewConn(os.Stdin, stdin{})
	if _, err := conn.ReadSetup(); err != nil {
		return 9
	}
	h := wire.Hello{Version: "fake"}
	if len(args) > 0 {
		h.Refused = args[0]
	}
	if conn.WriteHello(h) != nil {
		return 9
	}
	for {
		r, err := conn.ReadRequest()
		if err != nil {
			return 0
		}
		if fakeDocument(conn, r) != nil {
			return 9
		}
	}
}

func fakeDocument(conn *wire.Conn, r wire.Request) error {
	res := wire.Result{Status: "ok", Pages: 1000, Author: fmt.Sprint(os.Getpid())}
	page := wire.Page{Number: r.First, Text: "text"}
	switch r.First {
	case fakeExit:
		fmt.Fprint(os.Stderr, "last words")
		os.Exit(7)
	case fakeHang:
		_, err := io.Copy(io.Discard, os.Stdin) // which never ends by itself
		return err
	case fakeGarbage:
		_, err := stdin{}.Write([]byte(strings.Repeat("garbage", 100)))
		return err
	case fakeBadText:
		page.Text = "\xff"
	case fakeOnce:
		mark := r.Passwords[0]
		if _, err := os.Stat(mark); err != nil {
			if err := os.WriteFile(mark, nil, 0o600); err != nil {
				return err
			}
			os.Exit(7)
		}
	case fakeGrown:
		res.Resident = 1 << 40
	}
	if err := conn.WritePage(page); err != nil {
		return err
	}
	return conn.WriteResult(res)
}

// stdin writes to the socket that is the standard input.
type stdin struct{}

func (stdin) Write(p []byte) (int, error) { return unix.Write(0, p) }
