//go:build !linux

// Windows' service control manager and launchd, by way of kardianos/service.

package install

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/kardianos/service"

	"qacorpus/install/unit"
)

const serviceFile = unit.Label + ".plist"

type manager struct {
	o           Options
	needsState  bool // must be told where the state is, for its account has another home
	notesCopied bool // never: neither manager keeps notes
}

func newManager(o Options) manager { return manager{o: o, needsState: o.Place.System} }

// service returns kardianos' view of ours; what only an installation needs is
// empty in other cases.
func (m manager) service(program string, args []string, option service.KeyValue) (service.Service, error) {
	if option == nil {
		option = service.KeyValue{}
	}
	option["UserService"] = !m.o.Place.System
	s, err := service.New(nothing{}, &service.Config{Name: unit.Label, DisplayName: "qacorpus",
		Description: "Previews of papers and checks of QA files in watched folders.",
		Executable:  program, Arguments: args, Option: option})
	if err != nil {
		return nil, fmt.Errorf("reach service manager: %w", err)
	}
	return s, nil
}

// nothing stands for the program where the service is only spoken of.
type nothing struct{}

func (nothing) Start(service.Service) error { return nil }
func (nothing) Stop(service.Service) error  { return nil }

func (m manager) present(context.Context) error {
	if runtime.GOOS == "windows" && !m.o.Place.System {
		return &problem{err: errors.New("Windows has no services of one person"),
			hint: "install it for the machine from an administrator's terminal, without --user"}
	}
	return nil
}

// restarts has a service that ends by itself started again.
func restarts() service.KeyValue {
	return service.KeyValue{"OnFailure": "restart", "OnFailureDelayDuration": "2s"}
}

// install writes the service anew; neither manager can change one in place.
func (m manager) install(ctx context.Context, s unit.Service, p *plan, u *undo) error {
	option := restarts()
	if runtime.GOOS == "darwin" {
		plist, err := unit.Plist(s)
		if err != nil {
			return err
		}
		if strings.Contains(string(plist), "{{") {
			return errors.New("write service file: a name in it holds {{, which cannot be expressed; rename it")
		}
		option["LaunchdConfig"] = string(plist)
	}
	svc, err := m.service(s.Program, s.Args, option)
	if err != nil {
		return err
	}
	if p.before.Installed {
		again, err := m.definition()
		if err != nil {
			return err
		}
		p.touched = true
		if err := m.remove(ctx); err != nil {
			return err
		}
		u.add(again)
	}
	if err := svc.Install(); err != nil {
		return fmt.Errorf("install service: %w", err)
	}
	u.add(func() error { return m.remove(context.WithoutCancel(ctx)) })
	return nil
}

func (m manager) revert(ctx context.Context, p *plan) error {
	if p.touched && p.before.running() {
		return m.restart(ctx)
	}
	return nil
}

func (m manager) remove(ctx context.Context) error {
	svc, err := m.service("", nil, nil)
	if err != nil {
		return err
	}
	if st, err := m.state(ctx); err == nil && st.running() {
		if err := m.stop(ctx); err != nil {
			return err
		}
	}
	if err := svc.Uninstall(); err != nil {
		return fmt.Errorf("remove service: %w", err)
	}
	return nil
}

// start waits while the manager is busy with other services, as at a boot.
func (m manager) start(ctx context.Context) error {
	svc, err := m.service("", nil, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		err := svc.Start()
		if err == nil {
			return nil
		}
		err = fmt.Errorf("start service: %w", err)
		if !busy(err) {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// stop returns when the service is gone. A service that is only just starting
// takes no orders yet, so it is told again.
func (m manager) stop(ctx context.Context) error {
	svc, err := m.service("", nil, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 35*time.Second) // the daemon itself takes 30 at most
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		told := svc.Stop()
		if st, err := m.state(ctx); err != nil || told == nil && !st.running() {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("stop service: %w", cmp.Or(told, errors.New("it still runs")))
		}
	}
}

func (m manager) restart(ctx context.Context) error {
	if st, err := m.state(ctx); err == nil && st.running() {
		if err := m.stop(ctx); err != nil {
			return err
		}
	}
	return m.start(ctx)
}

func (m manager) state(context.Context) (Status, error) {
	svc, err := m.service("", nil, nil)
	if err != nil {
		return Status{}, err
	}
	switch status, err := svc.Status(); {
	case errors.Is(err, service.ErrNotInstalled):
		return Status{State: "not installed"}, nil
	case err != nil:
		return Status{}, fmt.Errorf("look at service: %w", err)
	case status == service.StatusRunning:
		return Status{Installed: true, Enabled: true, State: "running"}, nil
	default:
		return Status{Installed: true, Enabled: true, State: "stopped"}, nil
	}
}

func (m manager) lastWords(context.Context) string {
	data, err := os.ReadFile(m.logFile())
	if err != nil {
		return ""
	}
	return strings.Join(tail(string(data), 5), "\n")
}

func (m manager) logs(_ context.Context, follow bool, lines int, out, messages io.Writer) error {
	data, err := os.ReadFile(m.logFile())
	if err != nil {
		return &problem{err: fmt.Errorf("read log: %w", err), hint: "on Windows errors are in the Event Viewer, under Application, source qacorpus"}
	}
	for _, line := range tail(string(data), lines) {
		fmt.Fprintln(out, line)
	}
	if follow {
		fmt.Fprintf(messages, "logs -f is not possible here; use: tail -f %s\n", m.logFile())
	}
	return nil
}

func tail(text string, n int) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return lines[max(0, len(lines)-n):]
}

func (m manager) endsAtLogout() bool { return false }

// logFile is where launchd puts what the daemon writes.
func (m manager) logFile() string {
	switch {
	case runtime.GOOS != "darwin":
		return filepath.Join(m.o.Place.State, "qacorpus.log")
	case m.o.Place.System:
		return "/var/log/qacorpus.log"
	}
	return filepath.Join(m.o.Home, "Library", "Logs", "qacorpus.log")
}

func mountPoint(string) string { return "" }
