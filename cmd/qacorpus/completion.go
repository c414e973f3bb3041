// Completion: what a shell offers for arguments and flags. cobra writes the scripts
// for bash, zsh, fish and PowerShell, which ask this program.

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"qacorpus/sidecar/name"
)

// folderArg completes to folders.
func folderArg(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completions fills in what the commands say nothing of themselves: for flags, and
// that nothing can follow.
func completions(c *cobra.Command) {
	if c.ValidArgsFunction == nil && c.HasParent() {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { offer(c, f) })
	c.PersistentFlags().VisitAll(func(f *pflag.Flag) { offer(c, f) })
	for _, sub := range c.Commands() {
		completions(sub)
	}
}

// offer says what can stand after a flag. The formats are those that its own
// description names.
func offer(c *cobra.Command, f *pflag.Flag) {
	complete := cobra.NoFileCompletions
	switch f.Name {
	case "config":
		complete = cobra.FixedCompletions([]string{"toml"}, cobra.ShellCompDirectiveFilterFileExt)
	case "state", "out":
		complete = folderArg
	case "format", "log-format", "log-level":
		words := strings.Split(strings.Replace(f.Usage, " or ", ", ", 1), ", ")
		complete = cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
	case "status":
		complete = cobra.FixedCompletions(statuses(), cobra.ShellCompDirectiveNoFileComp)
	}
	if f.Value.Type() != "bool" {
		_ = c.RegisterFlagCompletionFunc(f.Name, complete) // an error says that the command has its own
	}
}

// offered bounds how many numbers or versions are offered: nobody looks through more.
const offered = 200

// completePaper completes show's arguments: to a PDF or a folder and, after a
// folder, to the numbers of its PDFs.
func (a *app) completePaper(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return []string{"pdf", "PDF", "Pdf"}, cobra.ShellCompDirectiveFilterFileExt
	}
	conf, err := a.folderOrHere(args[:1])
	if len(args) > 1 || err != nil || name.Of(filepath.Base(args[0])) == name.PDF {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := papers(c.Context(), conf, false) // what cannot be read cannot be offered
	var numbers []string
	for i, p := range all[:min(offered, len(all))] {
		numbers = append(numbers, fmt.Sprintf("%d\t%s", i, show(p.rel)))
	}
	return numbers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// completeVersion completes restore's arguments: to a QA file and, after it, to
// the versions that are kept of it, the newest first.
func (a *app) completeVersion(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return []string{"json", "jsonl"}, cobra.ShellCompDirectiveFilterFileExt
	}
	path, err := filepath.Abs(args[0])
	if len(args) > 1 || err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	_, _, versions, err := a.findHistory(path)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var kept []string
	for i, v := range slices.Backward(versions) {
		if len(kept) < offered {
			kept = append(kept, fmt.Sprintf("%d\t%s, %d bytes, %s", i+1, v.Time.Local().Format("2006-01-02 15:04"), v.Size, v.Why))
		}
	}
	return kept, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
