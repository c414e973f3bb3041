//go:build linux && heavy

package suites

// What the tests of editors stand on: a terminal whose screen can be read and
// whose keys can be pressed, and a daemon beside a person's file.

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
