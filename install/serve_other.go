//go:build !windows

// Serve: the daemon under launchd, by way of kardianos/service, or in the
// foreground, which is what systemd wants.

package install

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/kardianos/service"
)

// Serve runs the daemon and returns what it returned. Under launchd and Windows'
// service control manager the manager's stop ends run's context; elsewhere only
// the caller's does, who handles signals as in a terminal.
func Serve(ctx context.Context, run func(context.Context) error) error {
	if service.Interactive() || service.Platform() == "linux-systemd" {
		return run(ctx)
	}
	p := &program{run: run}
	p.ctx, p.cancel = context.WithCancel(ctx)
	defer p.cancel()
	p.ended = make(chan struct{})
	s, err := service.New(p, &service.Config{Name: name, Option: service.KeyValue{"RunWait": func() { <-p.ended }}})
	if err != nil {
		return fmt.Errorf("reach service manager: %w", err)
	}
	return errors.Join(s.Run(), p.err)
}

// program is the daemon as kardianos/service wants it.
type program struct {
	run    func(context.Context) error
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup
	ended  chan struct{} // closed when run has returned; tells RunWait
	err    error         // run's; read after ended is closed or done waited for
}

// Start begins the work and returns at once, as the managers want it.
func (p *program) Start(service.Service) error {
	p.done.Go(func() {
		p.err = p.run(p.ctx)
		close(p.ended)
	})
	return nil
}

// Stop ends the work and waits for it.
func (p *program) Stop(service.Service) error {
	p.cancel()
	p.done.Wait()
	return nil
}
