//go:build linux && heavy

package main

// Real editors, in a terminal that tmux gives them. Each opens a QA file, edits
// and saves it while the daemon runs, lets the daemon tidy it, edits and saves
// again in the same session, and quits; the file must then hold both edits, in
// normal form, whatever the editor asked on the way.
//
// apt-get install tmux vim neovim emacs-nox nano micro kakoune joe ed git python3

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// pane is a terminal with one program in it.
type pane struct {
	t      *testing.T
	socket string
	dir    string
}

func (p *pane) tmux(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-S", p.socket, "-f", "/dev/null"}, args...)...)
	// A folder for temporary files that is not a parent of the file: vim makes
	// no backups below it, and so saves in another way.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "TERM=xterm", "LANG=C.UTF-8", "SHELL=/bin/sh", "TMPDIR=/tmp"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (p *pane) screen() string {
	out, err := p.tmux("capture-pane", "-p")
	if err != nil {
		return "(ended: " + out + ")"
	}
	return out
}

// keys sends named keys, such as C-x or Enter.
func (p *pane) keys(keys ...string) {
	p.t.Helper()
	if out, err := p.tmux(append([]string{"send-keys"}, keys...)...); err != nil {
		p.t.Fatalf("keys %q: %v %s", keys, err, out)
	}
}

// text types characters as they are.
func (p *pane) text(s string) { p.t.Helper(); p.keys("-l", s) }

// shows waits until the screen matches, and returns the first of the patterns
// that it matches.
func (p *pane) shows(patterns ...string) string {
	p.t.Helper()
	var screen, found string
	ok := comesTrue(func() bool {
		screen = p.screen()
		for _, pattern := range patterns {
			if regexp.MustCompile(pattern).MatchString(screen) {
				found = pattern
				return true
			}
		}
		return false
	})
	if !ok {
		p.t.Fatalf("the screen never showed %q:\n%s", patterns, screen)
	}
	return found
}

// ends waits until the program has ended.
func (p *pane) ends() {
	p.t.Helper()
	if !comesTrue(func() bool { _, err := p.tmux("has-session"); return err != nil }) {
		p.t.Fatalf("the editor did not end:\n%s", p.screen())
	}
}

// comesTrue looks again and again, for a minute: the machine may be busy.
func comesTrue(done func() bool) bool {
	again := time.NewTicker(30 * time.Millisecond)
	defer again.Stop()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); <-again.C {
		if done() {
			return true
		}
	}
	return false
}

// desk is a folder that a daemon watches, and a person's file in it.
type desk struct {
	t            *testing.T
	dir, a, home string
}

const (
	rawFile = "[\n  {\n    \"question\": \"one?\",\n    \"answer\":    \"b\"\n  }\n]\n"
	// edited is what the file holds after the first edit, before and after tidying.
	editedRaw  = "[\n  {\n    \"question\": \"two?  \",\n    \"answer\": \"b\"\n  }\n]\n"
	editedTidy = "[\n  {\n    \"question\": \"two?\",\n    \"answer\": \"b\"\n  }\n]\n"
	finalTidy  = "[\n  {\n    \"question\": \"two?\",\n    \"answer\": \"c\"\n  }\n]\n"
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	home, err := os.MkdirTemp("/var/tmp", "qacorpus-editors")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	d := &desk{t: t, home: home, dir: filepath.Join(home, "QA")}
	d.a = filepath.Join(d.dir, "a.json")
	if err := os.Mkdir(d.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	d.write(d.a, rawFile)
	c := qacorpusCommand(t, []string{"HOME=" + home, "QACORPUS_STATE=" + filepath.Join(home, "state")}, "watch", d.dir)
	var log bytes.Buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := errors.Join(c.Process.Signal(os.Interrupt), c.Wait())
		if err != nil || t.Failed() {
			t.Errorf("the daemon: %v\n%s", err, log.String())
		}
	})
	d.becomes(strings.Replace(rawFile, "   \"b\"", "\"b\"", 1))
	return d
}

func (d *desk) write(path, text string) {
	d.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// becomes waits until the file holds that; a final newline is the editor's affair.
func (d *desk) becomes(want string) {
	d.t.Helper()
	var got []byte
	ok := comesTrue(func() bool {
		got, _ = os.ReadFile(d.a)
		return strings.TrimSuffix(string(got), "\n") == strings.TrimSuffix(want, "\n")
	})
	if !ok {
		d.t.Fatalf("the file holds\n%q and not\n%q", got, want)
	}
}

// looked returns when the daemon has looked at everything that was saved
// before: it tidies a second file that is written now.
func (d *desk) looked() {
	d.t.Helper()
	marker := filepath.Join(d.dir, "marker.json")
	d.write(marker, rawFile)
	if !comesTrue(func() bool {
		got, _ := os.ReadFile(marker)
		return !strings.Contains(string(got), "   \"b\"") && len(got) > 0
	}) {
		d.t.Fatal("the daemon does not look any more")
	}
	if err := os.Remove(marker); err != nil {
		d.t.Fatal(err)
	}
}

// tidy waits until only the person's file is left, and what their editor keeps.
func (d *desk) tidy(also ...string) {
	d.t.Helper()
	var left []string
	ok := comesTrue(func() bool {
		entries, err := os.ReadDir(d.dir)
		if err != nil {
			d.t.Fatal(err)
		}
		left = nil
		for _, e := range entries {
			if e.Name() != "a.json" && !slices.Contains(also, e.Name()) {
				left = append(left, e.Name())
			}
		}
		return len(left) == 0
	})
	if !ok {
		d.t.Errorf("%q is left", left)
	}
}

func (d *desk) open(args ...string) *pane {
	d.t.Helper()
	p := &pane{t: d.t, socket: filepath.Join(d.home, "tmux"), dir: d.home}
	if out, err := p.tmux(append([]string{"new-session", "-d", "-x", "150", "-y", "40", "-c", d.dir}, args...)...); err != nil {
		d.t.Fatalf("tmux: %v %s", err, out)
	}
	d.t.Cleanup(func() { p.tmux("kill-server") })
	return p
}

// session is one editor.
type session struct {
	command []string
	// ready is what its screen shows once it takes keys.
	ready string
	// first turns one? into "two?  " and saves; second turns b into " c" and
	// saves, answers what is asked, and returns the question.
	first  func(p *pane)
	second func(p *pane) (asked string)
	quit   func(p *pane)
	// waits: its own files tell that it has the file open, and nothing is
	// tidied before it ends.
	waits bool
	keeps string // a backup that the editor leaves
	asks  string // what second returns
}

func vimLike(command ...string) session {
	return session{
		command: command, ready: `"answer"`,
		first: func(p *pane) {
			p.text(":%s/one?/two?  /")
			p.keys("Enter")
			p.shows(`two\?  "`)
			p.text(":w")
			p.keys("Enter")
			p.shows("written")
		},
		quit: func(p *pane) { p.text(":q"); p.keys("Enter") },
	}
}

func sessions() map[string]session {
	vim := vimLike("vim", "-N", "-u", "NONE", "-i", "NONE", "--cmd", "set writebackup swapfile", "a.json")
	vim.waits = true
	vim.second = func(p *pane) string {
		p.text(":%s/\"b\"/\" c\"/")
		p.keys("Enter")
		p.shows(`" c"`)
		p.text(":w")
		p.keys("Enter")
		p.shows("written")
		return ""
	}
	nvim := vimLike("nvim", "-u", "NONE", "-i", "NONE", "a.json")
	nvim.asks = "The file has been changed since reading it"
	nvim.second = func(p *pane) string {
		p.text(":%s/\"b\"/\" c\"/")
		p.keys("Enter")
		p.shows(`" c"`, "Press ENTER", "W12")
		p.text(":w")
		p.keys("Enter")
		asked := p.shows("The file has been changed since reading it", "written")
		if asked != "written" {
			p.text("y")
			p.shows("written")
		}
		return asked
	}
	return map[string]session{"vim": vim, "neovim": nvim, "emacs": emacs(), "nano": nano(), "micro": micro(), "kakoune": kakoune(), "joe": joe(), "ed": ed()}
}

func emacs() session {
	replace := func(p *pane, from, to string) {
		p.keys("M-<")
		p.keys("M-x")
		p.shows("M-x")
		p.text("replace-string")
		p.keys("Enter")
		p.shows("Replace string")
		p.text(from)
		p.keys("Enter")
		p.shows("with:")
		p.text(to)
		p.keys("Enter")
	}
	return session{
		command: []string{"emacs", "-nw", "-Q", "a.json"}, ready: `"answer"`, asks: "changed on disk", keeps: "a.json~",
		first: func(p *pane) {
			replace(p, "one?", "two?  ")
			p.shows(`two\?  "`)
			p.keys("C-x", "C-s")
			p.shows("Wrote")
		},
		second: func(p *pane) string {
			replace(p, `"b"`, `" c"`)
			asked := p.shows("changed on disk", `" c"`)
			if asked == "changed on disk" {
				p.text("r") // take what is on disk, then edit that
				p.shows(`two\?"`)
				replace(p, `"b"`, `" c"`)
				p.shows(`" c"`)
			}
			p.keys("C-x", "C-s")
			p.shows("Wrote")
			return asked
		},
		quit: func(p *pane) { p.keys("C-x", "C-c") },
	}
}

func nano() session {
	replace := func(p *pane, from, to string) {
		p.keys("M-\\")
		p.keys("C-\\")
		p.shows("Search")
		p.text(from)
		p.keys("Enter")
		p.shows("Replace with")
		p.text(to)
		p.keys("Enter")
		p.shows("Replace this instance")
		p.text("A")
		p.shows("Replaced")
	}
	return session{
		command: []string{"nano", "-I", "a.json"}, ready: `"answer"`, asks: "File on disk has changed",
		first: func(p *pane) {
			replace(p, "one?", "two?  ")
			p.keys("C-s")
			p.shows("Wrote")
		},
		second: func(p *pane) string {
			replace(p, `"b"`, `" c"`)
			p.keys("C-s")
			asked := p.shows("File on disk has changed", "Wrote")
			if asked != "Wrote" {
				p.text("y")
				p.shows("Wrote")
			}
			return asked
		},
		quit: func(p *pane) { p.keys("C-x") },
	}
}

func micro() session {
	command := func(p *pane, text string) {
		p.keys("C-e")
		p.shows(`(?m)^>`)
		p.text(text)
		p.keys("Enter")
	}
	return session{
		command: []string{"micro", "a.json"}, ready: `"answer"`, asks: "The file on disk has changed",
		first: func(p *pane) {
			command(p, `replaceall one. "two?  "`)
			p.shows(`two\?  "`)
			p.keys("C-s")
			p.shows("Saved")
		},
		second: func(p *pane) string {
			p.keys("Down")
			asked := p.shows("The file on disk has changed", "Saved")
			if asked != "Saved" {
				p.text("y")
				p.shows(`two\?"`)
			}
			command(p, `replaceall "\"b\"" "\" c\""`)
			p.shows(`" c"`)
			p.keys("C-s")
			p.shows("Saved")
			return asked
		},
		quit: func(p *pane) { p.keys("C-q") },
	}
}

func kakoune() session {
	return session{
		command: []string{"kak", "-n", "a.json"}, ready: `"answer"`, asks: "was modified externally",
		first: func(p *pane) {
			p.text("%sone.")
			p.keys("Enter")
			p.text("ctwo?  ")
			p.keys("Escape")
			p.shows(`two\?  "`)
			p.text(":w")
			p.keys("Enter")
		},
		second: func(p *pane) string {
			asked := p.shows("was modified externally")
			p.text("y")
			p.shows(`two\?"`)
			p.text(`%s"b"`)
			p.keys("Enter")
			p.text(`c" c"`)
			p.keys("Escape")
			p.shows(`" c"`)
			p.text(":w")
			p.keys("Enter")
			return asked
		},
		quit: func(p *pane) { p.text(":q"); p.keys("Enter") },
	}
}

func joe() session {
	replace := func(p *pane, from, to string) {
		p.keys("C-k", "u") // to the top
		p.keys("C-k", "f")
		p.shows("Find")
		p.text(from)
		p.keys("Enter")
		p.shows("gnore")
		p.text("r")
		p.keys("Enter")
		p.shows("Replace with")
		p.text(to)
		p.keys("Enter")
		p.shows(`Replace \(Y\)es`)
		p.text("y")
		p.keys("C-k", "d")
		p.shows("Name of file to save")
		p.keys("Enter")
	}
	return session{
		command: []string{"joe", "a.json"}, ready: `"answer"`, keeps: "a.json~",
		first: func(p *pane) {
			replace(p, "one", "  two")
			p.shows("saved")
		},
		second: func(p *pane) string {
			replace(p, `"b"`, `" c"`)
			asked := p.shows("File on disk is newer", "saved")
			if asked != "saved" {
				p.text("y")
				p.shows("saved")
			}
			// It compares whole seconds, and so asks only if the file was
			// tidied in a later one than it was saved in.
			p.t.Logf("joe asks: %q", asked)
			return ""
		},
		quit: func(p *pane) { p.keys("C-k", "q") },
	}
}

func ed() session {
	return session{
		command: []string{"ed", "-p", "ed>", "a.json"}, ready: "ed>",
		first: func(p *pane) {
			p.text("1,$s/one?/two?  /")
			p.keys("Enter")
			p.text("w")
			p.keys("Enter")
			p.shows(`(?m)^56$`) // bytes written
		},
		second: func(p *pane) string {
			p.text(`1,$s/"b"/" c"/`)
			p.keys("Enter")
			p.text("w")
			p.keys("Enter")
			return ""
		},
		quit: func(p *pane) { p.text("q"); p.keys("Enter") },
	}
}

func TestEditors(t *testing.T) {
	for name, s := range sessions() {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			p := d.open(s.command...)
			p.shows(s.ready)
			s.first(p)
			if s.waits {
				d.looked()
				d.becomes(editedRaw)
			} else {
				d.becomes(editedTidy)
			}
			asked := s.second(p)
			t.Logf("%s asks: %q", name, asked)
			if asked != s.asks {
				t.Errorf("it asked %q, not %q", asked, s.asks)
			}
			if s.waits {
				d.looked()
			}
			s.quit(p)
			p.ends()
			d.becomes(finalTidy)
			d.tidy(s.keeps)
		})
	}
}

// run runs a program in the folder.
func (d *desk) run(name string, args ...string) {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "HOME="+d.home, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// TestPrograms has those that save without a person at a terminal, and the
// ways of saving of two editors that need a desktop, as traces show them.
func TestPrograms(t *testing.T) {
	for name, edit := range map[string]func(d *desk, from, to string){
		"sed": func(d *desk, from, to string) {
			d.run("sed", "-i", "s/"+from+"/"+to+"/", "a.json")
		},
		"python": func(d *desk, from, to string) {
			d.run("python3", "-c", `
import json, sys
pairs = json.load(open("a.json"))
for pair in pairs:
    for key in pair:
        if '"%s"' % pair[key] == sys.argv[1]:
            pair[key] = sys.argv[2].strip('"')
with open("a.json", "w") as f:
    json.dump(pairs, f, indent=2)
`, from, to)
		},
		"git checkout": func(d *desk, from, to string) {
			text, err := os.ReadFile(d.a)
			if err != nil {
				d.t.Fatal(err)
			}
			// The new state is committed elsewhere and checked out here.
			d.write(filepath.Join(d.home, "next"), strings.Replace(string(text), from, to, 1))
			d.run("sh", "-c", `set -e
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x
test -d "$HOME/git" || git init -q --separate-git-dir "$HOME/git" .
blob=$(git hash-object -w "$HOME/next")
tree=$(printf '100644 blob %s\ta.json\n' "$blob" | git mktree)
git update-ref refs/heads/next "$(git commit-tree -m next "$tree")"
git checkout -q next -- a.json`)
		},
		"vscode": func(d *desk, from, to string) {
			d.inPlace(from, to, os.O_RDWR|os.O_CREATE)
		},
		"jetbrains": func(d *desk, from, to string) {
			tmp, old := d.a+"___jb_tmp___", d.a+"___jb_old___"
			text, err := os.ReadFile(d.a)
			d.write(tmp, strings.Replace(string(text), from, to, 1))
			if err := errors.Join(err, os.Rename(d.a, old), os.Rename(tmp, d.a), os.Remove(old)); err != nil {
				d.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			edit(d, `"one?"`, `"two?  "`)
			d.becomes(editedTidy)
			edit(d, `"b"`, `" c"`)
			d.becomes(finalTidy)
			d.tidy(".git")
		})
	}
}

// inPlace opens the file, cuts it off and writes it anew.
func (d *desk) inPlace(from, to string, flags int) {
	d.t.Helper()
	text, err := os.ReadFile(d.a)
	if err != nil {
		d.t.Fatal(err)
	}
	f, err := os.OpenFile(d.a, flags, 0o644)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteString(strings.Replace(string(text), from, to, 1))
	}
	if err != nil {
		d.t.Fatal(err)
	}
}
