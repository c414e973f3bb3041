//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// side is a way to do the work. Fields that do not apply are nil.
type side struct {
	name    string
	needs   []string // programs
	version []string // the command that tells it, on its first line
	check   []string // a command that succeeds where it is there, if programs alone do not say
	// watch starts what turns PDFs that are dropped into dir into texts. The text
	// of a PDF turns up at output, or in an index, which ask asks for the PDF called
	// name, or for all whose texts it has for "".
	watch  func(r *run, dir string) *exec.Cmd
	output func(pdf string) string
	ask    func(r *run, dir, name string) *exec.Cmd
	// pass reads the first four pages of all PDFs in dir, once.
	pass func(r *run, dir string) *exec.Cmd
	// again says that a second pass can be quicker than the first.
	again bool
	// tidy rewrites all QA files in dir, and save starts what does so when one
	// is saved.
	tidy, save func(r *run, dir string) *exec.Cmd
	// few is how many drops are enough of a side that is slow; 0 is all.
	few int
}

const loop = `inotifywait -q -m -r -e close_write,moved_to --format %w%f "$1" |
while IFS= read -r f; do case $f in *.pdf) pdftotext -l 4 "$f" "$f.txt";; esac; done`

const saveLoop = `inotifywait -q -m -e close_write --format %w%f "$1" |
while IFS= read -r f; do case $f in *.json) jq . "$f" > "$f.new" && mv "$f.new" "$f";; esac; done`

const pymupdf = `
import fitz, glob, sys
for f in sorted(glob.glob(sys.argv[1] + "/**/*.pdf", recursive=True)):
    d = fitz.open(f)
    t = "".join(d.load_page(i).get_text() for i in range(min(4, d.page_count)))
    d.close()
    open(f + ".txt", "w").write(t)
`

const tidyPython = `
import glob, json, sys
for f in glob.glob(sys.argv[1] + "/*.json"):
    with open(f) as h: d = json.load(h)
    with open(f, "w") as h: json.dump(d, h, indent=2)
`

func besideTxt(pdf string) string { return pdf + ".txt" }

// all are the sides, qacorpus first.
var all = []side{
	{
		name:   "qacorpus",
		watch:  func(r *run, dir string) *exec.Cmd { return r.own("watch", dir) },
		output: func(pdf string) string { return strings.TrimSuffix(pdf, ".pdf") + ".preview.md" },
		pass:   func(r *run, dir string) *exec.Cmd { return r.own("sync", dir) },
		again:  true,
		tidy:   func(r *run, dir string) *exec.Cmd { return r.own("fmt", "-w", dir) },
		save:   func(r *run, dir string) *exec.Cmd { return r.own("watch", dir) },
	},
	{
		name: "inotifywait + pdftotext", needs: []string{"inotifywait", "pdftotext"}, version: []string{"pdftotext", "-v"},
		watch: func(r *run, dir string) *exec.Cmd { return r.command("sh", "-c", loop, "sh", dir) }, output: besideTxt,
		pass: func(r *run, dir string) *exec.Cmd {
			return r.command("sh", "-c", `find "$1" -name '*.pdf' -print0 | xargs -0 -P "$(nproc)" -I{} pdftotext -l 4 {} {}.txt`, "sh", dir)
		},
	},
	{
		name: "notebook (PyMuPDF)", needs: []string{"/usr/bin/python3"}, version: []string{"/usr/bin/python3", "-c", "import fitz; print('PyMuPDF', fitz.version[0])"},
		check: []string{"/usr/bin/python3", "-c", "import fitz"},
		pass:  func(r *run, dir string) *exec.Cmd { return r.command("/usr/bin/python3", "-c", pymupdf, dir) },
	},
	{
		name: "mutool", needs: []string{"mutool"}, version: []string{"mutool", "-v"},
		pass: func(r *run, dir string) *exec.Cmd {
			return r.command("sh", "-c", `find "$1" -name '*.pdf' -print0 | xargs -0 -P "$(nproc)" -I{} mutool draw -q -F txt -o {}.txt {} 1-4`, "sh", dir)
		},
	},
	{
		name: "chokidar-cli + pdftotext", needs: []string{"chokidar", "pdftotext"}, few: 40,
		watch: func(r *run, dir string) *exec.Cmd {
			return r.command("chokidar", dir+"/**/*.pdf", "--silent", "-c", `if [ "{event}" != unlink ]; then pdftotext -l 4 "{path}" "{path}.txt"; fi`)
		}, output: besideTxt,
	},
	{
		name: "reflex + pdftotext", needs: []string{"reflex", "pdftotext"}, few: 40,
		watch: func(r *run, dir string) *exec.Cmd {
			c := r.command("reflex", "-r", `\.pdf$`, "--", "pdftotext", "-l", "4", "{}", "{}.txt")
			c.Dir = dir
			return c
		}, output: besideTxt,
	},
	{
		name: "recoll", needs: []string{"recollindex"}, version: []string{"dpkg-query", "-W", "recollcmd"}, again: true,
		pass: func(r *run, dir string) *exec.Cmd {
			return r.command("recollindex", "-c", r.recollConf(dir))
		},
		watch: func(r *run, dir string) *exec.Cmd {
			return r.command("recollindex", "-c", r.recollConf(dir), "-m", "-D", "-x")
		}, ask: recollAsk, few: 4,
	},
	{
		name: "tracker", needs: []string{trackerMiner, "tracker3", "dbus-run-session"}, version: []string{"tracker3", "--version"},
		watch: trackerWatch, ask: trackerHas, few: 40,
	},
	{
		name: "jq", needs: []string{"jq", "inotifywait"}, version: []string{"jq", "--version"},
		tidy: func(r *run, dir string) *exec.Cmd {
			return r.command("sh", "-c", `for f in "$1"/*.json; do jq . "$f" > "$f.new" && mv "$f.new" "$f"; done`, "sh", dir)
		},
		save: func(r *run, dir string) *exec.Cmd { return r.command("sh", "-c", saveLoop, "sh", dir) },
	},
	{
		name: "prettier", needs: []string{"prettier"}, version: []string{"sh", "-c", "echo prettier $(prettier --version)"},
		tidy: func(r *run, dir string) *exec.Cmd { return r.command("prettier", "--log-level=warn", "--write", dir) },
	},
	{
		name: "python json", needs: []string{"/usr/bin/python3"}, version: []string{"/usr/bin/python3", "--version"},
		tidy: func(r *run, dir string) *exec.Cmd { return r.command("/usr/bin/python3", "-c", tidyPython, dir) },
	},
}

// who returns the sides that can do something and are installed.
func (r *run) who(can func(side) bool) []side {
	var sides []side
	for _, s := range all {
		if !can(s) || len(r.sides) > 0 && !r.sides[s.name] && s.name != "qacorpus" {
			continue
		}
		there := s.check == nil || exec.Command(s.check[0], s.check[1:]...).Run() == nil
		for _, p := range s.needs {
			if _, err := exec.LookPath(p); err != nil {
				there = false
			}
		}
		if there {
			sides = append(sides, s)
			if v := oneLine(s.version...); v != "" && !slices.Contains(r.notes, v) {
				r.notes = append(r.notes, v)
			}
		} else if !r.missing[s.name] {
			r.missing[s.name] = true
			r.notes = append(r.notes, s.name+" is not installed and was left out")
		}
	}
	return sides
}

func (r *run) command(name string, args ...string) *exec.Cmd {
	return exec.CommandContext(r.ctx, name, args...)
}

// own runs qacorpus with a state of its own for the folder.
func (r *run) own(command, dir string, more ...string) *exec.Cmd {
	args := []string{command}
	if len(more) > 0 { // fmt -w DIR
		args, dir = append(args, dir), more[0]
	}
	c := r.command(r.qacorpus, append(args, dir)...)
	c.Env = append(os.Environ(), "XDG_STATE_HOME="+r.state(dir), "XDG_CONFIG_HOME="+r.state(dir))
	return c
}

func (r *run) state(dir string) string {
	return filepath.Join(r.work, "state-"+filepath.Base(dir))
}

// install fetches what the sides need. Tracker's package lowers the number of
// folders that may be watched, for itself as for all others: it is put back.
func install(ctx context.Context) error {
	const watchesFile = "/proc/sys/fs/inotify/max_user_watches"
	limit, err := os.ReadFile(watchesFile)
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	for _, c := range [][]string{
		{"apt-get", "install", "-y", "--no-install-recommends", "poppler-utils", "inotify-tools", "mupdf-tools", "python3-fitz", "jq", "recollcmd", "npm",
			"dbus", "tracker", "tracker-miner-fs", "tracker-extract"},
		{"npm", "install", "-g", "chokidar-cli", "prettier"},
		{"go", "install", "github.com/cespare/reflex@latest"},
	} {
		cmd := exec.CommandContext(ctx, c[0], c[1:]...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("install: %q: %w", c, err)
		}
	}
	return os.WriteFile(watchesFile, limit, 0o644)
}

// write makes a small file and its folder. A side says so itself where it is not there.
func write(path, text string) {
	_ = os.MkdirAll(filepath.Dir(path), 0o755)
	_ = os.WriteFile(path, []byte(text), 0o644)
}
