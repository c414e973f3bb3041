package extract

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
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

// withDefaults fills in what was left out and refuses what makes no sense.
func (o Options) withDefaults() (Options, error) {
	if o.Workers == 0 {
		o.Workers = runtime.NumCPU()
	}
	if o.Timeout == 0 {
		o.Timeout = 60 * time.Second
	}
	if o.Memory == 0 {
		o.Memory = 512 << 20
	}
	if o.Sandbox == "" {
		o.Sandbox = "auto"
	}
	if o.OCR == "" {
		o.OCR = "off"
	}
	if o.Recycle == 0 {
		o.Recycle = 1000
	}
	switch {
	case o.Workers < 0 || o.Timeout < 0 || o.Recycle < 0:
		return o, errors.New("make pool: a number is negative")
	case o.Memory < minMemory:
		return o, fmt.Errorf("make pool: a worker needs at least %d MiB of memory", minMemory>>20)
	case o.Sandbox != "auto" && o.Sandbox != "required" && o.Sandbox != "off":
		return o, fmt.Errorf("make pool: sandbox %q is none of auto, required and off", o.Sandbox)
	case o.OCR != "auto" && o.OCR != "off":
		return o, fmt.Errorf("make pool: ocr %q is none of auto and off", o.OCR)
	}
	return o, nil
}

// minMemory is what a worker needs for itself: Go's run time, MuPDF and room
// for one small document.
const minMemory = 128 << 20

// Pool hands documents to workers. Its methods may be called from many
// goroutines at once.
type Pool struct {
	opts Options

	// slots holds one entry per worker that may run, nil where it has not been
	// started. Who takes an entry gives one back; Close takes them all.
	slots chan *child
	// ctx ends when Close is called, and with it every document in work.
	ctx context.Context
	end context.CancelFunc
	// starter runs the starts of workers on one thread that outlives them.
	starter starter
	// children waits for the goroutines that wait for the processes.
	children sync.WaitGroup
	// ocr is nil where pages without text are left as they are.
	ocr *recogniser
	// said guards that the sandbox's gaps are logged once.
	said sync.Once
	// closed guards closeErr, which is the result of Close.
	closed   sync.Once
	closeErr error
}

// New returns a pool. No worker is started before the first document.
func New(o Options) (*Pool, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Pool{opts: o, slots: make(chan *child, o.Workers), ocr: newRecogniser(o)}
	p.ctx, p.end = context.WithCancel(context.Background())
	for range o.Workers {
		p.slots <- nil
	}
	return p, nil
}

var errClosed = errors.New("extract document: the pool is closed")

// Close ends the workers, whatever they are doing, and waits until they are
// gone. The pool cannot be used afterwards.
func (p *Pool) Close() error {
	p.closed.Do(func() { p.closeErr = p.close() })
	return p.closeErr
}

func (p *Pool) close() error {
	p.end()
	var errs []error
	for range p.opts.Workers {
		if c := <-p.slots; c != nil {
			errs = append(errs, c.stop())
		}
	}
	p.ocr.close()
	p.starter.close()
	err := errors.Join(errs...)
	if err == nil {
		p.children.Wait()
	}
	close(p.slots)
	return err
}

// acquire takes a slot, and makes sure that a worker runs in it.
func (p *Pool) acquire(ctx context.Context) (*child, error) {
	if p.ctx.Err() != nil {
		return nil, errClosed
	}
	var c *child
	var ok bool
	select {
	case c, ok = <-p.slots:
		if !ok {
			return nil, errClosed
		}
	case <-p.ctx.Done():
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c != nil && !c.ended() {
		return c, nil
	}
	if c != nil {
		p.opts.Log.Debug("worker ended while idle", "pid", c.pid(), "state", c.how())
		_ = c.stop() // it is gone already
	}
	c, err := p.start(ctx)
	if err != nil {
		p.slots <- nil
		return nil, err
	}
	return c, nil
}

// release gives a slot back, without its worker where that is spent.
func (p *Pool) release(c *child, spent bool) {
	if spent {
		if err := c.stop(); err != nil {
			p.opts.Log.Warn("worker does not end", "err", err)
		}
		c = nil
	}
	p.slots <- c
}

// start starts a worker and tells it its limits.
func (p *Pool) start(ctx context.Context) (*child, error) {
	began := time.Now()
	c, err := p.spawn(ctx)
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	hello, err := c.greet(ctx, p.opts)
	if err != nil {
		_ = c.stop()
		return nil, fmt.Errorf("start worker: %w", err)
	}
	p.opts.Log.Debug("worker started", "pid", c.pid(), "mupdf", hello.Version, "took", time.Since(began))
	if len(hello.Gaps) > 0 {
		p.said.Do(func() { p.opts.Log.Warn("sandbox is not complete on this system", "missing", hello.Gaps) })
	}
	return c, nil
}
