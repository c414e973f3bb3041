//go:build linux && heavy

package suites

// Real editors, in a terminal that tmux gives them. Each opens a QA file, edits
// and saves it while the daemon runs, lets the daemon tidy it, edits and saves
// again in the same session, and quits; the file must then hold both edits, in
// normal form, whatever the editor asked on the way.
//
// apt-get install tmux vim neovim emacs-nox nano micro kakoune joe ed

import "testing"

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
