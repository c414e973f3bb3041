package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

// manual is where the packages take their manual pages from. They are made from
// the commands themselves, here and not in the program, which thus need not carry
// what makes them: go test ./cmd/qacorpus -run ManualPages -update
const manual = "../../install/packaging/man"

// more is what the pages say besides the commands' own words, in roff; build.sh
// puts it before SEE ALSO, and the date into the empty place in the first line.
const (
	exitStatus = `.SH EXIT STATUS
.TP
.B 0
fine
.TP
.B 1
problems were found in the user's files
.TP
.B 2
wrong usage or configuration
.TP
.B 3
qacorpus could not do its work
`
	statusStatus = `.SH EXIT STATUS
.TP
.B 0
the service runs
.TP
.B 3
it is stopped, or its state cannot be told
.TP
.B 4
it is not installed
`
	aboutFiles = `.SH ENVIRONMENT
Every setting can be given as a variable whose name is
.B QACORPUS_
and its key in capitals, as in
.BR QACORPUS_PREVIEW_PAGES=0 ;
.B QACORPUS_CONFIG
names the configuration file, and
.B QACORPUS_FOLDERS
the folders, separated as in
.BR PATH .
Flags beat the environment, which beats the file, which beats the defaults.
.SH FILES
.TP
.I ~/.config/qacorpus/config.toml
configuration of a person;
.B qacorpus config \-\-example
prints a file that describes every setting
.TP
.I /etc/qacorpus/config.toml
configuration of the machine's service
.TP
.IR ~/.local/state/qacorpus ", " /var/lib/qacorpus
cache, and the history of question-answer files
.TP
.IR X.preview.md ", " Y.json.problems.md
what is written beside X.pdf and Y.json
`
)

// pages returns the manual's pages by file name.
func pages(t *testing.T) map[string][]byte {
	t.Helper()
	root := newRoot(&app{})
	root.SetHelpCommand(&cobra.Command{Hidden: true}) // it has no page
	root.InitDefaultCompletionCmd("install")
	all := map[string][]byte{}
	for _, c := range everyCommand(root) {
		c.DisableAutoGenTag = true
		// What looks like a list's or an emphasis's mark in Markdown is none.
		c.Long = strings.NewReplacer("*", `\*`, "_", `\_`).Replace(c.Long)
		var b bytes.Buffer
		if err := doc.GenMan(c, &doc.GenManHeader{Section: "1", Source: "qacorpus", Manual: "User Commands", Date: new(time.Time)}, &b); err != nil {
			t.Fatal(err)
		}
		page := tidied(b.Bytes())
		section := exitStatus
		switch c.Name() {
		case "status":
			section = statusStatus
		case "qacorpus":
			section += aboutFiles
		}
		page = bytes.Replace(page, []byte(".SH SEE ALSO\n"), []byte(section+".SH SEE ALSO\n"), 1)
		all[strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"] = page
	}
	return all
}

// tidied mends what mandoc's lint says of cobra's pages: tabs in running text. It
// leaves the date empty, and out what a switch is when it is not given.
func tidied(page []byte) []byte {
	for _, r := range [][2]string{
		{`(?m)^(\.TH .*)"Jan 0001"`, `$1""`},
		{`(?m)^((?:\.PP\n)?)(\\fB-.*)\n\t(.*)\n+`, ".TP\n$2\n$3\n"},
		{`(?m)^(\\fB-.*)\[=false\]$`, `$1`},
		{`\n\n+`, "\n"},
	} {
		page = regexp.MustCompile(r[0]).ReplaceAll(page, []byte(r[1]))
	}
	return page
}

// everyCommand is c and all that is below it and not hidden.
func everyCommand(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			all = append(all, everyCommand(sub)...)
		}
	}
	return all
}

// There is a page for every command, up to date, and none else.
func TestManualPages(t *testing.T) {
	want := pages(t)
	files, err := os.ReadDir(manual)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := want[f.Name()]; ok {
			continue
		}
		if !*update {
			t.Errorf("%s is the page of no command", f.Name())
		} else if err := os.Remove(filepath.Join(manual, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
	for name, page := range want {
		file := filepath.Join(manual, name)
		if *update {
			if err := os.WriteFile(file, page, 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, page) {
			t.Errorf("%s is out of date (%v); refresh it with go test ./cmd/qacorpus -run ManualPages -update", name, err)
		}
	}
}

// plain is a page's text without its markup and white space.
func plain(page []byte) string {
	text := regexp.MustCompile(`(?m)^\.[A-Za-z]+( |$)|\\f.|\\&`).ReplaceAllString(string(page), " ")
	text = strings.NewReplacer(`\-`, "-", `\e`, `\`, `\(aq`, "'", `\(rs`, `\`).Replace(text)
	return squeezed(text)
}

func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// The pages leave out nothing of what the commands say of themselves, and every
// command gives an example.
func TestManualPagesAreComplete(t *testing.T) {
	root := newRoot(&app{})
	all := pages(t)
	for _, c := range everyCommand(root) {
		text := plain(all[strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"])
		said := []string{c.Short, c.UseLine(), c.Long, c.Example, "EXIT STATUS", "SEE ALSO"}
		c.InitDefaultHelpFlag()
		for _, set := range []*pflag.FlagSet{c.NonInheritedFlags(), c.InheritedFlags()} {
			set.VisitAll(func(f *pflag.Flag) { said = append(said, "--"+f.Name, strings.ReplaceAll(f.Usage, "`", "")) })
		}
		for _, want := range said {
			if !strings.Contains(text, squeezed(want)) {
				t.Errorf("the page of %s does not say %q:\n%s", c.CommandPath(), want, text)
			}
		}
		if c.Example == "" || c.Short == "" {
			t.Errorf("%s has no example, or no description", c.CommandPath())
		}
	}
}
