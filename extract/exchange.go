package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"qacorpus/extract/wire"
)

// lostError says that a worker ended, or answered nonsense, in a document.
type lostError struct{ how string }

func (e *lostError) Error() string { return e.how }

// greet sends the limits and waits until the worker is ready.
func (c *child) greet(ctx context.Context, o Options) (wire.Hello, error) {
	stop := c.killAfter(ctx, nil, startTimeout)
	defer stop()
	seconds := int(o.Timeout/time.Second) + 5
	err := c.conn.WriteSetup(wire.Setup{Memory: o.Memory, Seconds: seconds, Sandbox: o.Sandbox})
	var h wire.Hello
	if err == nil {
		h, err = c.conn.ReadHello()
	}
	if reason := stop(); reason != nil {
		return h, reason
	}
	if err != nil {
		return h, c.lost(err)
	}
	if h.Refused != "" {
		return h, errors.New(h.Refused)
	}
	return h, nil
}

// errTimeout is why a worker was killed at its deadline.
var errTimeout = errors.New("not done in time")

// killAfter kills the worker when timeout has passed or a context ends. The
// function returned calls that off, and says why the worker was killed, nil
// if it was not.
func (c *child) killAfter(ctx, pool context.Context, timeout time.Duration) func() error {
	var mu sync.Mutex // guards reason and off
	var reason error
	off := false
	kill := func(why error) {
		mu.Lock()
		defer mu.Unlock()
		if off {
			return
		}
		off, reason = true, why
		c.kill()
	}
	timer := time.AfterFunc(timeout, func() { kill(errTimeout) })
	stopCtx := context.AfterFunc(ctx, func() { kill(ctx.Err()) })
	stopPool := func() bool { return true }
	if pool != nil {
		stopPool = context.AfterFunc(pool, func() { kill(errClosed) })
	}
	return func() error {
		timer.Stop()
		stopCtx()
		stopPool()
		mu.Lock()
		defer mu.Unlock()
		off = true
		return reason
	}
}

// do has the worker answer q about f. The error is a *lostError where the
// worker is at fault, else why the caller gets no answer; in both cases, and
// after statusTimedOut, the worker is spent.
func (c *child) do(ctx, pool context.Context, f *os.File, q wire.Request, timeout time.Duration) (answer, error) {
	c.documents++
	stop := c.killAfter(ctx, pool, timeout)
	var a answer
	err := c.exchange(f, q, &a)
	switch reason := stop(); {
	case reason == errTimeout:
		detail := fmt.Sprintf("not done within %v", timeout)
		return answer{status: statusTimedOut, result: wire.Result{Detail: detail}}, nil
	case reason != nil:
		return answer{}, reason
	case err != nil:
		return answer{}, c.lost(err)
	}
	a.status = Status(a.result.Status)
	return a, nil
}

func (c *child) exchange(f *os.File, q wire.Request, a *answer) error {
	after, err := c.line.attach(f, &q)
	if err != nil {
		return err
	}
	if err := c.conn.WriteRequest(q); err != nil {
		return err
	}
	if err := c.conn.Flush(); err != nil {
		return err
	}
	if err := after(); err != nil {
		return err
	}
	a.result, err = c.conn.ReadReply(q, func(pg wire.Page) { a.pages = append(a.pages, pg) })
	return err
}

// lost makes an error of what is known about a worker that failed.
func (c *child) lost(err error) error {
	c.kill()
	how := "worker answered nonsense: " + err.Error()
	if c.wait() && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || isReset(err)) {
		how = "worker ended: " + c.how()
	}
	if s := c.stderr.String(); s != "" {
		how += ": " + s
	}
	if len(how) > 1000 {
		how = strings.ToValidUTF8(how[:1000], "")
	}
	return &lostError{how}
}
