//go:build heavy && linux

package install

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the README's transcript anew")

// firstHour is what the README shows of a new user's first hour and last minute.
// Before each step, what it waits for, as a command that then ends well.
var firstHour = []struct{ wait, line string }{
	{"", "sudo ./qacorpus install ~/QA_corpus"},
	{"", "cp ~/Downloads/AdaRank.pdf ~/QA_corpus/"},
	{"qacorpus status | grep -q 'watching, 1 PDF'", "ls ~/QA_corpus"},
	{"qacorpus status | grep -q 'last change'", "qacorpus status"},
	{"", "qacorpus list ~/QA_corpus"},
	{"", "sudo qacorpus logs -n 2"},
	{"", "sudo qacorpus uninstall"},
	{"", "qacorpus status"},
	{"", "sudo qacorpus uninstall --purge"},
	{"", "ls ~/QA_corpus"},
}

// The README's transcript is what really happens, but for times, process numbers
// and the version.
func TestTranscript(t *testing.T) {
	b := boot(t)
	b.run("install", "-o", "ada", "-m", "755", "/root/qacorpus", "/home/ada/qacorpus")
	b.folder("/home/ada/QA_corpus")
	b.folder("/home/ada/Downloads")
	b.outside("cp", "../testdata/QA_corpus/AdaRank.pdf", b.root+"/home/ada/Downloads/")
	b.run("chmod", "755", "/home/ada")
	b.run("chmod", "644", "/home/ada/Downloads/AdaRank.pdf")
	var text strings.Builder
	for _, s := range firstHour {
		if s.wait != "" {
			b.eventually(s.wait, func() bool { _, err := b.try("sh", "-c", s.wait); return err == nil })
		}
		words := []string{"bash", "-c", "cd /home/ada && HOME=/home/ada " + s.line}
		words[2] = strings.ReplaceAll(strings.Replace(words[2], "HOME=/home/ada sudo ", "", 1), "~", "/home/ada")
		if !strings.HasPrefix(s.line, "sudo ") {
			words = asUser("ada", words...)
		}
		out, _ := b.try(words...) // its status is in the words
		text.WriteString("$ " + s.line + "\n" + out)
	}
	got := text.String()
	for _, r := range [][2]string{
		{`process \d+`, "process 4711"},
		{`\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+)?`, "2026-11-26${1}20:15:02"},
		{`version \S+`, "version v0.1.0"},
		{`\[\d+\]:`, "[4711]:"},
		{`(?m)^(2026-\S+) \S+ (qacorpus|systemd)`, "$1 desk $2"},
		{`took=\S+`, "took=21ms"},
	} {
		got = regexp.MustCompile(r[0]).ReplaceAllString(got, r[1])
	}
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "-run Transcript -update -->\n```\n", "```\n<!-- end -->"
	before, rest, ok := strings.Cut(string(data), begin)
	shown, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Fatalf("the README has no place for the transcript:\n%s", got)
	case *update:
		if err := os.WriteFile("../README.md", []byte(before+begin+got+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case shown != got:
		t.Errorf("the README shows something else; refresh it with -update. What happened:\n%s", got)
	}
}
