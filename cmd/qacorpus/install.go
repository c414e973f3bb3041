package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"qacorpus/install"
)

func (a *app) installCommand() *cobra.Command {
	var user bool
	var as string
	c := &cobra.Command{
		Use:   "install [--user] DIR…",
		Short: "Install and start the service, or update it",
		Long: `Installs qacorpus as a service that watches the folders from now on, also after a
reboot, and returns when it runs. As root it installs a service of the machine,
which runs as the owner of the folders; with --user, and no root, a service of
yours. The folders are written into the configuration file. Run again, it adds
folders and updates program and service; if a step fails, all is as before.`,
		Example: `  sudo qacorpus install ~/QA_corpus
  qacorpus install --user ~/QA_corpus ~/Drive/qa_pairs
  sudo qacorpus install --as ada /srv/papers`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			s, err := a.service(scope{user: user, system: !user}, dirs, as)
			if err != nil {
				return err
			}
			return hinted(s.Install(c.Context()))
		},
	}
	c.Flags().BoolVar(&user, "user", false, "a service of yours, without root")
	c.Flags().StringVar(&as, "as", "", "account that the machine's service runs as (default: the folders' owner)")
	return c
}

func (a *app) uninstallCommand() *cobra.Command {
	var s scope
	var purge bool
	c := &cobra.Command{
		Use:   "uninstall [--purge]",
		Short: "Stop and remove the service",
		Long: `Stops the service and removes it. Previews and problem reports in your folders stay;
so do configuration, cache and history, unless --purge is given.`,
		Example: `  sudo qacorpus uninstall
  qacorpus uninstall --user --purge`,
		Args: arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := a.service(s, nil, "")
			if err != nil {
				return err
			}
			return hinted(s.Uninstall(c.Context(), purge))
		},
	}
	c.Flags().BoolVar(&purge, "purge", false, "also remove configuration, cache and the history of QA files")
	s.flags(c)
	return c
}

// scope is whose service is meant: where neither is said, the machine's for
// root, else the person's own if there is one, else the machine's.
type scope struct{ user, system bool }

func (s *scope) flags(c *cobra.Command) {
	c.Flags().BoolVar(&s.user, "user", false, "the service of yours")
	c.Flags().BoolVar(&s.system, "system", false, "the service of the machine")
	c.MarkFlagsMutuallyExclusive("user", "system")
}

// service returns the service that is meant.
func (a *app) service(s scope, dirs []string, as string) (*install.Service, error) {
	wd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find working directory: %w", err)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	o := install.Options{Config: a.namedConfig(), As: as, Dirs: dirs, Program: program, Version: versions().Qacorpus,
		Env: a.env, WorkDir: wd, Home: a.home(), UID: os.Geteuid(), Out: a.err}
	own, system := a.places()
	switch {
	case s.user && as != "":
		return nil, usagef("--as goes with the service of the machine, not with --user")
	case s.user && o.UID == 0 && a.getenv("SUDO_USER") != "":
		return nil, withHint(usagef("--user under sudo would be root's own service"), "run it without sudo, as %s", a.getenv("SUDO_USER"))
	case s.user:
		o.Place = own
	case s.system || o.UID == 0 || !install.Present(own):
		o.Place = system
	default:
		o.Place = own
	}
	return install.New(o), nil
}

// hinted makes of an error of package install one that main knows.
func hinted(err error) error {
	var h interface {
		Hint() string
		Usage() bool
	}
	if !errors.As(err, &h) {
		return err
	}
	if h.Usage() {
		err = &usageError{err}
	}
	if h.Hint() != "" {
		err = withHint(err, "%s", h.Hint())
	}
	return err
}

// serviceCommand makes the commands that only name a verb.
func (a *app) serviceCommand(verb, short string, do func(*install.Service, context.Context) error) *cobra.Command {
	var s scope
	c := &cobra.Command{
		Use:     verb,
		Short:   short,
		Example: "  sudo qacorpus " + verb + "\n  qacorpus " + verb + " --user",
		Args:    arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			service, err := a.service(s, nil, "")
			if err != nil {
				return err
			}
			return hinted(do(service, c.Context()))
		},
	}
	s.flags(c)
	return c
}

// serviceCommands are those of this file's kind, for the root command.
func (a *app) serviceCommands() []*cobra.Command {
	return []*cobra.Command{
		a.installCommand(), a.uninstallCommand(),
		a.serviceCommand("start", "Start the service and wait until it is ready", (*install.Service).Start),
		a.serviceCommand("stop", "Stop the service until the next boot", (*install.Service).Stop),
		a.serviceCommand("restart", "Stop the service and start it again", (*install.Service).Restart),
		a.statusCommand(), a.logsCommand(), a.configCommand(),
	}
}
