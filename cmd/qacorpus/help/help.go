// Package help writes what -h says: each command on one screen of 80 columns,
// with an example, and the commands in groups by what people come for.
package help

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qacorpus/cmd/qacorpus/cell"
)

// Group is commands that belong together. A line may stand for several commands,
// and may have a description of its own after a tab: "start, stop\tStart or stop".
type Group struct {
	Title    string
	Commands []string
}

// Use makes root and its commands print this package's help, in lines of at most
// width() columns.
func Use(root *cobra.Command, groups []Group, width func() int) {
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		text := Of(c, width())
		if c == root {
			text = ofAll(c, groups, width())
		}
		_, _ = io.WriteString(c.OutOrStdout(), text) // whoever closed it wants no help
	})
}

// Of is the help for one command.
func Of(c *cobra.Command, width int) string {
	var b strings.Builder
	about := c.Long
	if about == "" {
		about = c.Short + "."
	}
	b.WriteString(reflow(about, width))
	usage(&b, c)
	if flags := c.NonInheritedFlags(); flags.HasAvailableFlags() {
		fmt.Fprintf(&b, "\nFlags:\n%s", flags.FlagUsagesWrapped(width))
	}
	if sub := c.Commands(); len(sub) > 0 {
		b.WriteString("\nCommands:\n")
		for _, s := range sub {
			fmt.Fprintf(&b, "  %-12s%s\n", s.Name(), s.Short)
		}
	}
	if inherited := names(c.InheritedFlags().FlagUsages()); len(inherited) > 0 {
		last := len(inherited) - 1
		b.WriteString("\n" + reflow(fmt.Sprintf("%s and %s are explained by: %s -h", strings.Join(inherited[:last], ", "), inherited[last], c.Root().Name()), width))
	}
	return b.String()
}

// names picks the names of the flags out of their descriptions.
func names(usages string) []string {
	var all []string
	for word := range strings.FieldsSeq(usages) {
		if strings.HasPrefix(word, "--") && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// ofAll is the help for the program.
func ofAll(root *cobra.Command, groups []Group, width int) string {
	var b strings.Builder
	b.WriteString(reflow(root.Long, width))
	fmt.Fprintf(&b, "\nExamples:\n%s\n", root.Example)
	column := 0
	for _, g := range groups {
		for _, line := range g.Commands {
			name, _, _ := strings.Cut(line, "\t")
			column = max(column, len(name)+2)
		}
	}
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s:\n", g.Title)
		for _, line := range g.Commands {
			name, short, ok := strings.Cut(line, "\t")
			if c, _, err := root.Find([]string{name}); err == nil && !ok {
				short = c.Short
			}
			fmt.Fprintf(&b, "  %-*s%s\n", column, name, short)
		}
	}
	fmt.Fprintf(&b, "\nFlags of all commands:\n%s", root.PersistentFlags().FlagUsagesWrapped(width))
	return b.String()
}

func usage(b *strings.Builder, c *cobra.Command) {
	line := c.UseLine()
	if c.HasAvailableSubCommands() {
		line = c.CommandPath() + " COMMAND"
	}
	fmt.Fprintf(b, "\nUsage:\n  %s\n", line)
	if c.Example != "" {
		fmt.Fprintf(b, "\nExamples:\n%s\n", c.Example)
	}
}

// reflow breaks paragraphs anew; lines that begin with a space stay as they are.
func reflow(text string, width int) string {
	var b, paragraph strings.Builder
	flush := func() {
		if paragraph.Len() > 0 {
			for _, line := range cell.Wrap(paragraph.String(), width) {
				b.WriteString(line + "\n")
			}
			paragraph.Reset()
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		switch {
		case line == "" || line[0] == ' ':
			flush()
			b.WriteString(line + "\n")
		default:
			paragraph.WriteString(line + " ")
		}
	}
	flush()
	return b.String()
}
