package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"qacorpus/cmd/qacorpus/help"
)

// groups are the commands by what people come for.
func groups() []help.Group {
	return []help.Group{
		{Title: "Papers", Commands: []string{"sync", "watch", "list", "show", "serve"}},
		{Title: "Question-answer files", Commands: []string{"check", "fmt", "restore", "export", "schema"}},
		{Title: "Service", Commands: []string{"install", "uninstall", "start, stop, restart\tStart, stop or restart the service", "status", "logs"}},
		{Title: "Other", Commands: []string{"doctor", "config", "version", "completion\tPrint what your shell needs to complete commands"}},
	}
}

// helpWidth is how wide the help may be.
func (a *app) helpWidth() int {
	if w := a.width(); w > 0 {
		return min(max(w, 40), 80)
	}
	return 80
}

// arguments returns a check of the number of arguments that fails as a mistake
// in usage, with the command's own line as the hint.
func arguments(atLeast, atMost int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		n := len(args)
		var err error
		switch {
		case n < atLeast:
			err = usagef("%s needs something to work on", c.CommandPath())
		case atMost == 0 && n > 0:
			err = usagef("%s takes no arguments, such as %q", c.CommandPath(), args[0])
		case atMost > 0 && n > atMost:
			err = usagef("%s takes at most %s, not %d", c.CommandPath(), plural(atMost, "argument"), n)
		default:
			return nil
		}
		return withHint(err, "usage: %s", c.UseLine())
	}
}

// unknownCommand is the error for a word that is no command.
func unknownCommand(root *cobra.Command, word string) error {
	err := usagef("unknown command %q", word)
	root.SuggestionsMinimumDistance = 2
	if like := root.SuggestionsFor(word); len(like) > 0 {
		return withHint(err, "did you mean: qacorpus %s", like[0])
	}
	return withHint(err, "qacorpus -h lists the commands")
}

// knownTopics makes help and completion, which cobra brings, refuse a word that they
// do not know; by themselves they print something else and call it fine.
func knownTopics(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				if _, rest, err := root.Find(args); err != nil || len(rest) > 0 {
					return unknownCommand(root, args[len(args)-max(len(rest), 1)])
				}
				return nil
			}
		case "completion":
			c.RunE = func(c *cobra.Command, args []string) error { return c.Help() }
			c.Args = func(c *cobra.Command, args []string) error {
				if len(args) == 0 {
					return nil
				}
				return withHint(usagef("no completion for %q: bash, fish, powershell or zsh", args[0]), "usage: %s bash", c.CommandPath())
			}
		}
	}
}

// together is what cobra says of flags that exclude each other, in plain words.
func together(err error) error {
	_, set, _ := strings.Cut(err.Error(), "; [")
	names, _, ok := strings.Cut(set, "]")
	if !strings.HasPrefix(err.Error(), "if any flags in the group") || !ok {
		return err
	}
	return usagef("--%s cannot be used together", strings.Join(strings.Fields(names), " and --"))
}

// folderError says why path, as a person named it, is no folder to work in; nil
// where it is one. info and err are what os.Stat says.
func folderError(path string, info fs.FileInfo, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return withHint(usagef("no folder at %s", show(path)), "check the path, or make it: mkdir %s", shellQuote(path))
	case errors.Is(err, fs.ErrPermission):
		return withHint(fmt.Errorf("%s may not be looked at by you", show(path)), "qacorpus doctor %s tells what is missing", shellQuote(path))
	case err != nil:
		return err
	case !info.IsDir():
		return withHint(usagef("%s is not a folder", show(path)), "name the folder that it lies in; qacorpus show and check take files")
	}
	return nil
}

// helpful adds a hint to an error that has none and whose cause is known.
func helpful(err error) error {
	var has *hintError
	switch {
	case err == nil || errors.As(err, &has):
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(err.Error(), "read configuration"):
		return withHint(err, "qacorpus config --example > FILE writes one that describes every setting")
	case errors.Is(err, fs.ErrPermission):
		return withHint(err, "qacorpus doctor DIR tells what may not be read or written, and what to do")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return withHint(err, "make room on that disk, then do it again; what was there before is as it was")
	case errors.Is(err, syscall.EROFS):
		return withHint(err, "mount it for writing, or work on a copy")
	}
	return err
}
