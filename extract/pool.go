package extract

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"
)

// Options is how a Pool works. The zero value of every field but Log is usable.
type Options struct {
	// Command starts a worker; nil is this program with WorkerArg.
	Command []string
	// Workers is how many documents are read at once; 0 is the number of cores.
	Workers int
	// Timeout is how long one document may take; 0 is 60 seconds.
	Timeout time.Duration
	// Memory is what one worker may hold, in bytes; 0 is 512 MiB.
	Memory int64
	// Sandbox is "auto" (the default: what the system offers), "required"
	// (refuse to work where the sandbox is incomplete) or "off".
	Sandbox string
	// OCR is "off" (the default) or "auto": pages without text are read by
	// tesseract, where that is installed.
	OCR string
	// Recycle is after how many documents a worker is replaced; 0 is 1,000.
	Recycle int
	// Log must not be nil.
	Log *slog.Logger
}

// Pool hands documents to workers. Its methods may be called from many
// goroutines at once.
type Pool struct {
	opts Options
}

// New returns a pool. No worker is started before the first document.
func New(o Options) (*Pool, error) { return &Pool{opts: o}, nil }

// Extract reads the document that f is open on. The caller has made sure that
// f is a regular file, keeps it open until Extract returns, and closes it. The
// error is set only where the program itself could not do its work (no worker
// could be started, ctx ended); what is wrong with a document is its Status.
func (p *Pool) Extract(ctx context.Context, f *os.File, r Request) (Document, error) {
	return Document{}, errors.New("extract document: not built yet")
}

// Render draws one page, counted from 1, as a PNG that is width pixels wide.
func (p *Pool) Render(ctx context.Context, f *os.File, page, width int, passwords []string) ([]byte, error) {
	return nil, errors.New("render page: not built yet")
}

// Close ends the workers and waits until they are gone.
func (p *Pool) Close() error { return nil }
