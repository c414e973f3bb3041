// Package worker promises a process that reads PDFs for the pool and can do
// nothing else: it is sandboxed before its first document, answers over its
// standard input, and ends when the pool does.
//
// # Design notes
//
// On Unix the standard input is one end of a socket pair, over which requests
// come with the document's descriptor and answers go back. Where descriptors
// cannot be passed, requests and documents come over the standard input and
// answers go to the standard output. What C code prints goes to neither: MuPDF
// is told to be quiet, the standard output is the null device on Unix, and the
// standard error is kept by the pool for its log.
//
// A worker in an endless document does not outlive a pool that was killed: the
// kernel sees to it on Linux and Windows, a goroutine elsewhere.
package worker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"

	"qacorpus/extract/mupdf"
	"qacorpus/extract/sandbox"
	"qacorpus/extract/wire"
)

// store is how much MuPDF may keep of fonts and pictures, which it drops with
// their document.
const store = 64 << 20

// Main runs the worker until the pool closes its side; its result is the exit
// status of the process.
func Main() int {
	runtime.LockOSThread() // the main thread has a stack that grows
	runtime.GOMAXPROCS(1)
	var others sync.WaitGroup
	others.Go(watch) // ends with the process; there is nothing to wait for
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "qacorpus: error: %v\n", err)
		return 3
	}
	return 0
}

// run reads documents, or recognises one picture. args begin with the word
// that made the program a worker.
func run(args []string) error {
	if len(args) > 1 && args[1] == "recognise" {
		return recognise(args[2:])
	}
	ch, err := open()
	if err != nil {
		return err
	}
	return serve(ch)
}

func serve(ch *channel) error {
	s, err := ch.conn.ReadSetup()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(s.Memory / 4)
	e, err := mupdf.New(store)
	if err != nil {
		return errors.Join(err, ch.conn.WriteHello(wire.Hello{Version: mupdf.Version, Refused: err.Error()}))
	}
	defer e.Close()
	j := &job{engine: e, ch: ch, seconds: s.Seconds, maxPages: maxPages, maxTotal: maxTotal, usage: openUsage()}
	gaps, err := sandbox.Enter(sandbox.Options{Mode: s.Sandbox, Memory: s.Memory})
	if err != nil {
		return errors.Join(err, ch.conn.WriteHello(wire.Hello{Version: mupdf.Version, Refused: err.Error()}))
	}
	if err := ch.conn.WriteHello(wire.Hello{Version: mupdf.Version, Gaps: gaps}); err != nil {
		return err
	}
	for {
		r, err := ch.conn.ReadRequest()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := j.do(r); err != nil {
			return err
		}
	}
}
