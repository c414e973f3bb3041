package main

import (
	"github.com/spf13/cobra"
)

func (a *app) statusCommand() *cobra.Command {
	var s scope
	var format string
	c := &cobra.Command{
		Use:   "status",
		Short: "Say whether the service runs and what it does",
		Long: `Says whether the service runs, what it watches, what it did last and what needs
attention. Exit status: 0 it runs, 3 it is stopped, 4 it is not installed.`,
		Example: `  qacorpus status
  qacorpus status --format json`,
		Args: arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return usagef("--format must be text or json, not %q", format)
			}
			service, err := a.service(s, nil, "")
			if err != nil {
				return err
			}
			st, err := service.Status(c.Context())
			if err != nil {
				return hinted(err)
			}
			if err := st.Write(a.out, format); err != nil {
				return err
			}
			if code := st.Code(); code != exitOK {
				return statusError(code)
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	s.flags(c)
	return c
}

func (a *app) logsCommand() *cobra.Command {
	var s scope
	var follow bool
	var lines int
	c := &cobra.Command{
		Use:   "logs [-f] [-n N]",
		Short: "Show what the service logged",
		Example: `  qacorpus logs -n 100
  qacorpus logs -f`,
		Args: arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if lines < 0 {
				return usagef("-n takes a number of lines, not %d", lines)
			}
			service, err := a.service(s, nil, "")
			if err != nil {
				return err
			}
			return hinted(service.Logs(c.Context(), follow, lines, a.out))
		},
	}
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on as lines come, until stopped")
	c.Flags().IntVarP(&lines, "lines", "n", 50, "how many of the last lines")
	s.flags(c)
	return c
}
