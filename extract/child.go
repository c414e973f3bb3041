package extract

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"qacorpus/extract/wire"
)

// child is one worker process. It is used by whoever holds its slot.
type child struct {
	cmd       *exec.Cmd
	conn      *wire.Conn
	line      line
	stderr    *tail
	documents int
	// done is closed by the goroutine that waits for the process.
	done chan struct{}
}

// line is the transport to a worker.
type line interface {
	// attach makes the document go along with the next flush.
	attach(f *os.File, q *wire.Request) (after func() error, err error)
	// cut makes every read and write return at once, now and later.
	cut()
}

// startTimeout is how long a worker may take to be ready; it takes a few
// milliseconds on an idle machine.
const startTimeout = 30 * time.Second

// tunables keep what one document frees for the next one, in huge pages where the
// system has them: to give memory back and fault it in again took an eighth of a
// worker's time. https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
const tunables = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=33554432:" +
	"glibc.malloc.trim_threshold=67108864:glibc.malloc.top_pad=1048576"

// endTimeout is how long a killed worker may take to be gone. Only one that
// hangs in the kernel, on a dead network file system, takes longer.
const endTimeout = 10 * time.Second

// command starts a worker.
func (p *Pool) command() ([]string, error) {
	if p.opts.Command != nil {
		return p.opts.Command, nil
	}
	self, err := selfPath()
	if err != nil {
		return nil, err
	}
	return []string{self, WorkerArg}, nil
}

// spawn starts the process.
func (p *Pool) spawn(ctx context.Context) (*child, error) {
	c := &child{stderr: &tail{}, done: make(chan struct{})}
	argv, err := p.command()
	if err != nil {
		return nil, err
	}
	c.cmd = exec.Command(argv[0], argv[1:]...)
	c.cmd.Args[0] = "qacorpus-worker"
	c.cmd.Env = []string{"GLIBC_TUNABLES=" + tunables}
	c.cmd.Stderr = c.stderr
	c.cmd.WaitDelay = endTimeout
	prepare(c.cmd)
	err = c.connect(func() error { return p.starter.do(c.cmd.Start) })
	if err != nil {
		return nil, err
	}
	release, confineErr := confine(c.cmd, p.opts.Memory)
	if confineErr != nil {
		p.opts.Log.Warn("worker is not confined", "err", confineErr)
		release = func() {}
	}
	p.children.Go(func() {
		_ = c.cmd.Wait() // its state is in c.cmd.ProcessState
		release()
		close(c.done)
	})
	if confineErr != nil && p.opts.Sandbox == "required" {
		_ = c.stop() // it has done nothing yet
		return nil, confineErr
	}
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// how tells how the process ended; it has.
func (c *child) how() string { return c.cmd.ProcessState.String() }

func (c *child) kill() {
	_ = c.cmd.Process.Kill() // already gone is fine
	c.line.cut()
}

// wait says whether the process is gone.
func (c *child) wait() bool {
	t := time.NewTimer(endTimeout)
	defer t.Stop()
	select {
	case <-c.done:
		return true
	case <-t.C:
		return false
	}
}

// stop ends the process and waits for it.
func (c *child) stop() error {
	c.kill()
	if !c.wait() {
		return fmt.Errorf("end worker %d: it hangs in the system", c.pid())
	}
	return nil
}
