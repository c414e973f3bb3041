package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"qacorpus/cmd/qacorpus/doctor"
	"qacorpus/extract"
	"qacorpus/install"
	"qacorpus/install/config"
	"qacorpus/install/lock"
)

func (a *app) doctorCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "doctor [DIR…]",
		Short: "Find what could go wrong here, and what to do",
		Long: `Looks for what could keep qacorpus from its work: settings, service, sandbox,
limits, and for each folder, those of the configuration where none is named, its
file system, permissions and room. It drops a hidden probe into each folder, to
see whether and how fast a new file is noticed there, and removes it again.

Findings are "ok", "note" (worth knowing) and "fix" (something needs doing, and
what). Exit status: 0 nothing needs doing, 1 something does, 2 the configuration
has mistakes.`,
		Example: `  qacorpus doctor
  qacorpus doctor ~/QA_corpus
  qacorpus doctor --format json | jq '.checks[] | select(.level == "fix")'`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.doctor(c.Context(), dirs, format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func (a *app) doctor(ctx context.Context, dirs []string, format string) error {
	if format != "text" && format != "json" {
		return usagef("unknown format %q: text or json", format)
	}
	o, err := a.doctorOptions(dirs)
	if err != nil {
		return err
	}
	line, clear := a.statusLine()
	o.Progress = line
	r := doctor.Run(ctx, o)
	clear()
	if ctx.Err() != nil {
		return interrupted(ctx, nil)
	}
	if format == "json" {
		err = r.WriteJSON(a.out)
	} else {
		err = r.WriteText(a.out, a.textWidth(), a.colour(a.out))
	}
	switch {
	case err != nil:
		return err
	case o.ConfigErr != nil:
		return statusError(exitUsage)
	case !r.Healthy:
		return statusError(exitProblems)
	}
	return nil
}

// doctorOptions finds the configuration that holds for the folders. One with
// mistakes is a finding, not the end.
func (a *app) doctorOptions(dirs []string) (doctor.Options, error) {
	o := doctor.Options{Version: versions().Qacorpus, Holder: lock.Holder}
	if _, err := a.choose(dirs...); err != nil {
		o.ConfigErr = err
	}
	c, err := a.load(dirs)
	if err != nil {
		o.ConfigErr = err
		wd, err := os.Getwd()
		if err != nil {
			return o, fmt.Errorf("find working directory: %w", err)
		}
		if c, err = config.Load(config.Input{Dirs: dirs, Home: a.home(), WorkDir: wd}); err != nil {
			return o, &usageError{err}
		}
		own, _ := a.places()
		c.State = own.State
	}
	o.Config, o.Folders = c, c.Folders
	if a.keeper != nil {
		o.Account = a.keeper.Account
	}
	x := c.Extract
	o.Reader = extract.Options{Timeout: x.Timeout, Memory: x.Memory, Sandbox: x.Sandbox}
	o.Service = func(ctx context.Context) (install.Status, error) {
		s, err := a.service(scope{}, nil, "")
		if err != nil {
			return install.Status{}, err
		}
		return s.Status(ctx)
	}
	return o, nil
}

// statusLine shows on a terminal what is going on, in one line that clear takes
// away.
func (a *app) statusLine() (say func(string), clear func()) {
	if !a.terminal(a.err) || a.getenv("TERM") == "dumb" {
		return func(string) {}, func() {}
	}
	return func(what string) { fmt.Fprintf(a.err, "\r\x1b[K%s …", show(what)) },
		func() { fmt.Fprint(a.err, "\r\x1b[K") }
}

// textWidth is how wide text for people should be; 0 for any width, which suits
// programs that look for lines.
func (a *app) textWidth() int {
	if w := a.width(); w > 0 {
		return min(max(w, 40), 100)
	}
	return 0
}
