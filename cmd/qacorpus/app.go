package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"qacorpus/cmd/qacorpus/help"
	"qacorpus/install/config"
	"qacorpus/install/keeper"
)

// app is what the commands share: the streams, the environment and the flags
// that every command takes.
type app struct {
	args []string
	in   io.Reader
	out  io.Writer
	err  io.Writer
	env  []string

	configFile string
	state      string
	logLevel   string
	logFormat  string

	keeper *keeper.Keeper // whose configuration and state hold; nil until load or choose has found out

	warned       []string // warnings about the configuration that were told
	logsWarnings bool     // whether the command tells them in its own way
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "qacorpus",
		Short: "Keeps a preview beside every paper and checks the question-answer files next to them",
		Long: `qacorpus keeps a preview beside every PDF of a folder, and checks and tidies the
question-answer JSON there. COMMAND -h explains a command. Exit status: 0 fine,
1 problems in your files, 2 wrong usage or configuration, 3 failed.`,
		Example: `  qacorpus sync ~/QA_corpus          bring all previews up to date, once
  qacorpus show ~/QA_corpus 0        the text of the first paper`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownCommand(c, args[0])
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return withHint(&usageError{err}, "%s -h shows the flags", c.CommandPath())
	})
	f := root.PersistentFlags()
	f.StringVar(&a.configFile, "config", "", "configuration `FILE`")
	f.StringVar(&a.state, "state", "", "`FOLDER` for the cache and the history")
	f.StringVar(&a.logLevel, "log-level", "", "debug, info, warn or error")
	f.StringVar(&a.logFormat, "log-format", "", "auto, text or json")
	root.AddCommand(a.watchCommand(), a.syncCommand(), a.listCommand(), a.showCommand(),
		a.checkCommand(), a.fmtCommand(), a.restoreCommand(), a.exportCommand(), a.serveCommand(), a.doctorCommand(), a.schemaCommand(), a.versionCommand())
	root.AddCommand(a.serviceCommands()...)
	completions(root)
	help.Use(root, groups(), a.helpWidth)
	return root
}

// getenv looks a variable up in the app's environment.
func (a *app) getenv(key string) string {
	for _, pair := range a.env {
		if value, ok := strings.CutPrefix(pair, key+"="); ok {
			return value
		}
	}
	return ""
}

// folders loads the configuration and makes sure that it names folders that
// exist.
func (a *app) folders(dirs []string) (*config.Config, error) {
	c, err := a.load(dirs)
	if err != nil {
		return nil, err
	}
	if len(c.Folders) == 0 {
		return nil, withHint(usagef("no folder to look at"), "name one, such as ~/QA_corpus, or write it into the configuration")
	}
	for _, f := range c.Folders {
		info, err := os.Stat(f.Path)
		if err != nil && len(dirs) == 0 {
			continue // it is waited for
		}
		if err := folderError(f.Path, info, err); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// cacheFile is the store for one folder.
func cacheFile(state, folder string) string {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	sum := sha256.Sum256([]byte(folder))
	return filepath.Join(state, "cache", hex.EncodeToString(sum[:8])+".db")
}

// logger writes to standard error: coloured for a person at a terminal, else
// plain lines or JSON.
func (a *app) logger(c *config.Config) *slog.Logger { return a.loggerTo(c, a.err) }

// loggerTo is a logger that writes to w, which leads to standard error.
func (a *app) loggerTo(c *config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log.Level)) // the configuration has checked it
	switch {
	case c.Log.Format == "json":
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	case c.Log.Format == "auto" && a.terminal(a.err):
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: "15:04:05", NoColor: !a.colour(a.err)}))
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// terminal reports whether w is one.
func (a *app) terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colour reports whether w should get colours, see https://no-color.org.
func (a *app) colour(w io.Writer) bool {
	return a.terminal(w) && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
}

// interrupted turns the end of ctx into what a command returns for it.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}
