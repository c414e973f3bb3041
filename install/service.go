// Package install promises that qacorpus can be installed once, as a service of
// the machine or of a person, and be forgotten: a step that fails undoes those
// before it, running it again updates, and taking it away leaves people's files
// alone.
//
// Design notes. The functions here take options and a writer for messages and
// know nothing of command lines. On Linux the unit is rendered by package unit
// and handed to systemd by systemctl, which waits for the daemon's own word that
// it is ready. Windows' service control manager and launchd are reached through
// kardianos/service, which is also what runs the program under each of them
// (Serve). Why not for systemd: its unit restarts a crashed daemon after two
// minutes, knows neither readiness nor watchdog nor sandbox, and expands % and $
// in folders' names.
//
// The service is called qacorpus everywhere; there is one of the machine and one
// of each person. They do not get in each other's way: package lock gives a
// folder to one process.
package install

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"qacorpus/install/place"
)

// name is the service's name with every manager.
const name = "qacorpus"

// Options say which service is meant and what the caller knows of the process;
// nothing is read from the process itself.
type Options struct {
	Place   place.Place // whose service: place.User or place.System
	Config  string      // the configuration file, where not the place's own
	As      string      // account that a system service runs as; "" is the folder's owner
	Dirs    []string    // folders to watch, besides those that the configuration has
	Program string      // the running executable
	Version string      // its version
	Env     []string    // the process's environment
	WorkDir string      // what relative Dirs and Config are taken from
	Home    string      // the person's home folder
	UID     int         // effective user ID; -1 on Windows
	Out     io.Writer   // where messages for the person go
}

// Service is one installed, or not yet installed, service.
type Service struct {
	o Options
	m manager
}

// Present reports whether a service file lies in the place.
func Present(p place.Place) bool {
	return p.Units != "" && exists(filepath.Join(p.Units, serviceFile))
}

// New returns the service that the options name. Nothing is looked at yet.
func New(o Options) *Service {
	if o.Config != "" && !filepath.IsAbs(o.Config) {
		o.Config = filepath.Join(o.WorkDir, o.Config)
	}
	return &Service{o: o, m: newManager(o)}
}

func (s *Service) say(format string, args ...any) {
	fmt.Fprintf(s.o.Out, format+"\n", args...)
}

// Start starts the service and waits until the daemon says that it is ready.
// A running one is left alone.
func (s *Service) Start(ctx context.Context) error {
	st, err := s.installed(ctx)
	if err != nil {
		return err
	}
	if st.running() {
		s.say("qacorpus is running already")
		return nil
	}
	return s.up(ctx, "started", s.m.start)
}

// Restart stops the service, if it runs, and starts it.
func (s *Service) Restart(ctx context.Context) error {
	if _, err := s.installed(ctx); err != nil {
		return err
	}
	return s.up(ctx, "restarted", s.m.restart)
}

// Stop stops the service and waits until it is gone. It starts again at the
// next boot or log-in.
func (s *Service) Stop(ctx context.Context) error {
	st, err := s.installed(ctx)
	if err != nil {
		return err
	}
	if !st.running() && st.State != "restarting" {
		s.say("qacorpus is stopped already")
		return nil
	}
	if err := s.m.stop(ctx); err != nil {
		return s.privileged(err)
	}
	s.say("stopped; it starts again at the next boot, or with: %s", s.command("start"))
	return nil
}

// up runs start or restart and reports how the daemon took it.
func (s *Service) up(ctx context.Context, done string, start func(context.Context) error) error {
	if err := start(ctx); err != nil {
		return s.why(ctx, err)
	}
	st, err := s.m.state(ctx)
	if err != nil {
		return err
	}
	if !st.running() {
		return s.why(ctx, fmt.Errorf("the service did not stay up: it is %s", st.State))
	}
	if st.PID != 0 { // some managers do not tell
		done += fmt.Sprintf(" (process %d)", st.PID)
	}
	s.say("%s", done)
	return nil
}

// installed returns the service's state, and an error where there is no service.
func (s *Service) installed(ctx context.Context) (Status, error) {
	st, err := s.m.state(ctx)
	if err != nil {
		return st, err
	}
	if !st.Installed {
		return st, &problem{err: fmt.Errorf("no service is installed"), hint: s.command("install") + " DIR"}
	}
	return st, nil
}

// command is what a person types to get at this very service.
func (s *Service) command(verb string) string {
	switch {
	case !s.o.Place.System:
		return "qacorpus " + verb + " --user"
	case s.o.UID > 0:
		return "sudo qacorpus " + verb
	}
	return "qacorpus " + verb
}

// problem is an error with a hint at what to do about it.
type problem struct {
	err   error
	hint  string
	usage bool // wrong usage or configuration, and not something that failed
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// Hint is the line that the command prints after the error.
func (p *problem) Hint() string { return p.hint }

// Usage reports whether the person asked for something that cannot be.
func (p *problem) Usage() bool { return p.usage }

// privileged adds to an error of the manager that it may be for want of rights.
func (s *Service) privileged(err error) error {
	if s.o.Place.System && s.o.UID > 0 {
		return &problem{err: err, hint: "a system service needs root; use sudo"}
	}
	return err
}

// why adds to a failed start what the daemon said last.
func (s *Service) why(ctx context.Context, err error) error {
	if s.o.Place.System && s.o.UID > 0 {
		return s.privileged(err)
	}
	if last := s.m.lastWords(ctx); last != "" {
		err = fmt.Errorf("%w\nthe daemon's last words:\n%s", err, last)
	}
	return &problem{err: err, hint: s.command("logs")}
}
