package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"qacorpus/cmd/qacorpus/cell"
)

// What -h says fits a screen of 80 columns and 40 lines, shows an example, and the
// program's own names every command.
func TestHelpFitsAScreen(t *testing.T) {
	commands := append([]*cobra.Command{{Use: ""}}, newRoot(&app{}).Commands()...)
	var all string
	for _, c := range commands {
		var out bytes.Buffer
		a := &app{args: []string{c.Name(), "-h"}, out: &out, err: &out}
		if c.Name() == "" {
			a.args = []string{"-h"}
		}
		if status := run(t.Context(), a); status != exitOK {
			t.Errorf("%s -h: status %d", c.Name(), status)
		}
		text := out.String()
		if c.Name() == "" {
			all = text
		}
		if n := strings.Count(text, "\n"); n > 40 || n < 8 {
			t.Errorf("%s -h has %d lines", c.Name(), n)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if w := cell.Width(line); w > 80 {
				t.Errorf("%s -h has a line of %d columns: %q", c.Name(), w, line)
			}
		}
		if c.Name() != "completion" && !strings.Contains(text, "\nExamples:\n  ") {
			t.Errorf("%s -h shows no example", c.Name())
		}
	}
	for _, c := range commands[1:] {
		if !c.Hidden && c.Name() != "help" && !strings.Contains(all, c.Name()) {
			t.Errorf("qacorpus -h does not name %s", c.Name())
		}
	}
}
