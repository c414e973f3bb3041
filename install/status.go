// Status: what the manager and the daemon itself say.

package install

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"qacorpus/install/report"
)

// Status is one service as it is now.
type Status struct {
	Installed bool            `json:"installed"`
	State     string          `json:"state"`   // running, starting, stopping, restarting (after a crash), failed, stopped, not installed
	Enabled   bool            `json:"enabled"` // starts by itself
	PID       int             `json:"pid,omitempty"`
	Since     *time.Time      `json:"since,omitempty"`
	Restarts  int             `json:"restarts"`         // after crashes, since it was last started by hand
	Reason    string          `json:"reason,omitempty"` // why it ended, in the manager's word
	Text      string          `json:"text,omitempty"`   // the daemon's own line
	Config    string          `json:"config,omitempty"`
	As        string          `json:"as,omitempty"` // the account asked for with --as
	Version   string          `json:"version,omitempty"`
	Folders   []report.Folder `json:"folders,omitempty"`
	Notes     []string        `json:"notes,omitempty"` // what a person should know, in plain words

	invocation string // systemd's name for this run
	copied     string // program that an installation put in its place
}

func (st Status) running() bool { return st.State == "running" }

// Code is the exit status of `qacorpus status`: 0 running, 3 stopped, 4 not
// installed, as init scripts have it (Linux Standard Base, "Init Script Actions").
func (st Status) Code() int {
	switch {
	case !st.Installed:
		return 4
	case st.running():
		return 0
	}
	return 3
}

// Status asks the manager, and reads what the daemon left in its state folder.
func (s *Service) Status(ctx context.Context) (Status, error) {
	st, err := s.m.state(ctx)
	if err != nil || !st.Installed {
		return st, err
	}
	st.Config = s.configFile(st)
	if r, err := report.Read(s.stateFolder(st.Config)); err == nil && (r.PID == st.PID || st.PID == 0) {
		st.Version, st.Folders = r.Version, r.Folders
	}
	note := func(format string, args ...any) { st.Notes = append(st.Notes, fmt.Sprintf(format, args...)) }
	if st.running() && st.Version != "" && st.Version != s.o.Version {
		note("version %s is running, this is %s; update it with: %s", st.Version, s.o.Version, s.command("install"))
	}
	switch {
	case st.State == "restarting" || st.running() && st.Restarts > 2:
		note("it crashed %d times since it was started; see: %s", st.Restarts, s.command("logs"))
	case st.State == "failed" && st.Reason == "exit-code":
		note("it ended with an error and is not started again; see: %s", s.command("logs"))
	case st.State == "failed":
		note("it failed (%s); see: %s", st.Reason, s.command("logs"))
	}
	if !st.Enabled {
		note("it does not start at boot; repair that with: %s", s.command("install"))
	}
	if !s.o.Place.System && s.m.endsAtLogout() {
		note("it runs only while you are logged in; to change that: loginctl enable-linger")
	}
	return st, nil
}

// Write prints the status for a person, or as one JSON object (format "json").
func (st Status) Write(w io.Writer, format string) error {
	if format == "json" {
		data, err := json.MarshalIndent(st, "", "  ")
		if err != nil {
			return fmt.Errorf("write status: %w", err)
		}
		_, err = fmt.Fprintf(w, "%s\n", data)
		return err
	}
	p := printer{w: w}
	p.line("qacorpus is %s", st.State)
	if st.PID != 0 && st.Since != nil {
		p.line("  process %d since %s", st.PID, st.Since.Local().Format("2006-01-02 15:04:05"))
	}
	if st.Text != "" {
		p.line("  %s", st.Text)
	}
	for _, f := range st.Folders {
		p.line("  %q: %s, %s, %s, %d with problems", f.Path, f.State, counted(f.PDFs, "PDF"), counted(f.QA, "QA file"), f.Problems)
		if f.Detail != "" {
			p.line("    %s", f.Detail)
		}
		if !f.LastChange.IsZero() {
			p.line("    last change %s %q", f.LastChange.Local().Format("2006-01-02 15:04:05"), f.LastPath)
		}
	}
	if st.Config != "" {
		p.line("  configuration %s", st.Config)
	}
	if st.Version != "" {
		p.line("  version %s", st.Version)
	}
	for _, note := range st.Notes {
		p.line("note: %s", note)
	}
	return p.err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printer keeps the first error of several lines.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// Logs writes the daemon's last lines to out and, if follow is set, those to
// come until ctx ends.
func (s *Service) Logs(ctx context.Context, follow bool, lines int, out io.Writer) error {
	if _, err := s.installed(ctx); err != nil {
		return err
	}
	return s.m.logs(ctx, follow, lines, out, s.o.Out)
}
