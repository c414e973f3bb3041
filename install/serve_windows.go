// Serve: the daemon under Windows' service control manager, or in a terminal.

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
)

// Serve runs the daemon and returns what it returned. Under launchd and Windows'
// service control manager the manager's stop ends run's context; elsewhere only
// the caller's does, who handles signals as in a terminal.
//
// Whether there is a manager is found out by asking for it: what
// kardianos/service goes by, the parent's name and session, is not so under wine.
func Serve(ctx context.Context, run func(context.Context) error) error {
	h := &handler{ctx: ctx, run: run}
	err := svc.Run(name, h)
	if errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
		return run(ctx)
	}
	return errors.Join(err, h.err)
}

// handler is the daemon as the control manager wants it.
type handler struct {
	ctx context.Context
	run func(context.Context) error
	err error // run's
}

// Execute runs the daemon until the manager stops it.
func (h *handler) Execute(_ []string, requests <-chan svc.ChangeRequest, status chan<- svc.Status) (bool, uint32) {
	ctx, cancel := context.WithCancel(h.ctx)
	defer cancel()
	var work sync.WaitGroup
	work.Go(func() {
		h.err = h.run(ctx)
		if ctx.Err() == nil {
			// A service that says it stopped is let be; one whose process ends is
			// started again.
			fmt.Fprintln(os.Stderr, "qacorpus: error:", h.err)
			os.Exit(3)
		}
	})
	running := svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
	status <- running
	for r := range requests {
		switch r.Cmd {
		case svc.Interrogate:
			status <- running
		case svc.Stop, svc.Shutdown:
			status <- svc.Status{State: svc.StopPending}
			cancel()
			work.Wait()
			return false, 0
		}
	}
	return false, 0
}
