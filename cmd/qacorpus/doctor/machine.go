package doctor

// What concerns the machine as a whole: settings, service, the reading of PDFs,
// the state folder, the clock.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"qacorpus/install"
	"qacorpus/install/report"
	"qacorpus/sidecar/safefile"
)

func (d *doctor) machine(ctx context.Context) {
	d.configuration()
	d.trying("asking for the service")
	d.service(ctx)
	d.trying("reading a test document")
	d.reading(ctx)
	d.recognising(ctx)
	d.state(ctx)
	d.descriptors()
	d.clock(time.Now())
}

func (d *doctor) configuration() {
	c := d.o.Config
	if d.o.ConfigErr != nil {
		for line := range strings.SplitSeq(d.o.ConfigErr.Error(), "\n") {
			d.fix("configuration", "", "%s", line)
		}
	}
	for _, w := range c.Warnings {
		d.note("configuration", "", "%s", w)
	}
	switch {
	case d.o.ConfigErr != nil, len(c.Warnings) > 0:
	case c.File == "":
		d.ok("configuration", "none, so the defaults hold")
	default:
		d.ok("configuration", "%q has no mistakes", c.File)
	}
	if len(d.o.Folders) == 0 {
		d.note("folders", "name one: qacorpus doctor ~/QA_corpus", "no folder was named and none is configured, so none is looked at")
	}
	if hook := c.Hooks.OnChange; len(hook) > 0 {
		if _, err := exec.LookPath(hook[0]); err != nil {
			d.fix("hook", "install that program, or write its whole path into hooks.on_change", "the command %q cannot be started: %v", hook[0], bare(err))
		} else {
			d.ok("hook", "%q is there", hook[0])
		}
	}
}

// bare is an error without what it was about.
func bare(err error) error {
	var path *fs.PathError
	var run *exec.Error
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &run):
		return run.Err
	}
	return err
}

func (d *doctor) service(ctx context.Context) {
	st, err := d.o.Service(ctx)
	if err != nil {
		d.note("service", "", "nothing is known of one: %v", err)
		return
	}
	d.daemon = st.PID
	d.add(judgeService(st, d.o.Version))
	if st.Enabled || !st.Installed {
		return
	}
	d.note("service", "qacorpus install", "it does not start by itself after a reboot")
}

// judgeService tells what the service's state means. version is this program's.
func judgeService(st install.Status, version string) Check {
	c := Check{Name: "service", Level: ok}
	switch {
	case !st.Installed:
		c.Level, c.Do = note, "to have folders looked after from now on: qacorpus install DIR"
		c.Said = "not installed; folders are looked after only while `qacorpus watch` runs"
	case st.State == "failed" || st.State == "restarting":
		c.Level, c.Do = fix, "see why: qacorpus logs"
		c.Said = "it is " + st.State
		if st.Reason != "" {
			c.Said += " (" + st.Reason + ")"
		}
	case st.State != "running":
		c.Level, c.Do, c.Said = note, "qacorpus start", "installed, and "+st.State
	case st.Version != "" && st.Version != version:
		c.Level, c.Do = note, "qacorpus install"
		c.Said = fmt.Sprintf("version %s is running, this program is %s", st.Version, version)
	case st.Restarts > 2:
		c.Level, c.Do, c.Said = fix, "see why: qacorpus logs", fmt.Sprintf("it runs, but crashed %d times since it was started", st.Restarts)
	default:
		c.Said = fmt.Sprintf("running, process %d", st.PID)
	}
	return c
}

// recognising looks for the recogniser, if it is wanted.
func (d *doctor) recognising(ctx context.Context) {
	if d.o.Config.Extract.OCR != "auto" {
		return
	}
	const install = "install it, on Debian and Ubuntu: apt-get install tesseract-ocr"
	program, err := exec.LookPath("tesseract")
	if err != nil {
		d.fix("recognition", install, "extract.ocr is on, and there is no tesseract")
		return
	}
	out, err := exec.CommandContext(ctx, program, "--list-langs").CombinedOutput()
	if err != nil {
		d.fix("recognition", install, "tesseract does not run: %v", err)
		return
	}
	_, langs, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if langs == "" {
		d.fix("recognition", "install one, on Debian and Ubuntu: apt-get install tesseract-ocr-eng", "tesseract knows no language")
		return
	}
	d.ok("recognition", "tesseract is there and knows %s", strings.Join(strings.Fields(langs), ", "))
}

// state looks at the folder for cache and history.
func (d *doctor) state(ctx context.Context) {
	dir := d.o.Config.State
	for _, f := range d.o.Folders {
		if rel, err := filepath.Rel(f.Path, dir); err == nil && filepath.IsLocal(rel) {
			d.fix("state", "choose another one with the key state, or --state", "the state folder %q lies in the watched folder %q", dir, f.Path)
			return
		}
	}
	there := dir
	for {
		if _, err := os.Stat(there); err == nil || there == filepath.Dir(there) {
			break
		}
		there = filepath.Dir(there)
	}
	if there != dir {
		if err := mayMake(there); err != nil {
			d.fix("state", "choose another one with the key state, or --state", "the state folder %q cannot be made: %v", dir, err)
			return
		}
		d.space("state space", there)
		d.ok("state", "%q will be made when it is needed", dir)
		return
	}
	if d.o.Account != "" && os.Geteuid() != 0 {
		d.note("state", "to look into it: sudo -u "+d.o.Account+" qacorpus doctor", "%q belongs to the service, which runs as %s", dir, d.o.Account)
		return
	}
	_, remove, err := new(safefile.Writer).Drop(dir)
	if err != nil {
		d.fix("state", "make it yours, or choose another one with the key state, or --state; without it no QA file is tidied",
			"nothing can be written into the state folder %q: %v", dir, bare(err))
		return
	}
	if err := remove(); err != nil {
		d.note("state", "", "%v", err)
	}
	d.space("state space", dir)
	said := ""
	if r, err := report.Read(dir); err == nil {
		d.last = r
		said = fmt.Sprintf("; a daemon was last at work on %s", r.Updated.Local().Format("2006-01-02 15:04"))
	}
	d.ok("state", "%q can be written to%s", dir, said)
}

// clock looks for a clock that was never set.
func (d *doctor) clock(now time.Time) {
	// No file can come from before the program was written.
	if now.Year() < 2026 {
		d.fix("clock", "set it, and let a time service keep it right", "this machine believes that it is %s", now.Format("2 January 2006"))
		return
	}
	d.ok("clock", "it is %s", now.Format("2006-01-02 15:04:05 MST"))
}
