// Package doctor finds out what on this machine could keep qacorpus from what it
// promises, and says for each finding what to do.
//
// # Design notes
//
// What can be tried is tried: a document is read by a worker in its sandbox, a
// probe is dropped into each folder and seen by the daemon's own watcher, a probe
// is replaced as a person's file would be. What the system merely says of itself
// is judged by pure functions, which are tested with made-up machines.
//
// Every probe is hidden, has a temporary file's name and is removed on the way
// out, whatever happens; should the process be killed, the next daemon sweeps it.
package doctor

import (
	"context"
	"fmt"
	"time"

	"qacorpus/extract"
	"qacorpus/install"
	"qacorpus/install/config"
	"qacorpus/install/report"
)

// The levels of a finding.
const (
	ok   = "ok"
	note = "note" // worth knowing; nothing is broken
	fix  = "fix"  // a promise is broken or about to be
)

// Check is one finding.
type Check struct {
	Name   string `json:"check"`
	Folder string `json:"folder,omitempty"`
	Level  string `json:"level"` // ok, note, fix
	Said   string `json:"said"`
	Do     string `json:"do,omitempty"` // what the person can do
	// Milliseconds is how long took what was tried.
	Milliseconds float64 `json:"took_ms,omitempty"`
}

// Report is all findings.
type Report struct {
	Version string  `json:"version"`
	Healthy bool    `json:"healthy"` // nothing needs doing
	Checks  []Check `json:"checks"`
}

// Options say what to look at.
type Options struct {
	Config    *config.Config
	ConfigErr error // why it could not be read; then Config is the defaults
	Folders   []config.Folder
	Version   string
	Account   string // whom the service runs as, where that is not who asks
	Service   func(context.Context) (install.Status, error)
	Holder    func(folder string) int // which process looks after a folder; 0 for none
	Reader    extract.Options         // how PDFs are read; its Log is set here
	Progress  func(string)            // told what is being tried
}

// Run looks at everything, one after the other, until ctx ends.
func Run(ctx context.Context, o Options) Report {
	d := &doctor{o: o}
	d.machine(ctx)
	for _, f := range o.Folders {
		if ctx.Err() == nil {
			d.folder(ctx, f)
		}
	}
	d.watchLimits()
	r := Report{Version: o.Version, Healthy: true, Checks: d.checks}
	for _, c := range r.Checks {
		r.Healthy = r.Healthy && c.Level != fix
	}
	return r
}

// doctor collects findings.
type doctor struct {
	o       Options
	at      string // the folder that is looked at, "" for the machine
	checks  []Check
	folders int           // how many there are below those that are to be watched, themselves included
	last    report.Report // of the daemon that used the state folder last; zero for none
	daemon  int           // the process ID of the service's daemon, 0 where it does not run
}

func (d *doctor) add(c Check) {
	c.Folder = d.at
	d.checks = append(d.checks, c)
}

func (d *doctor) ok(name, format string, args ...any) {
	d.add(Check{Name: name, Level: ok, Said: fmt.Sprintf(format, args...)})
}

func (d *doctor) note(name, do, format string, args ...any) {
	d.add(Check{Name: name, Level: note, Said: fmt.Sprintf(format, args...), Do: do})
}

func (d *doctor) fix(name, do, format string, args ...any) {
	d.add(Check{Name: name, Level: fix, Said: fmt.Sprintf(format, args...), Do: do})
}

// trying tells what is about to be tried.
func (d *doctor) trying(format string, args ...any) {
	if d.o.Progress != nil {
		d.o.Progress(fmt.Sprintf(format, args...))
	}
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond).Microseconds()) / 1000
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
