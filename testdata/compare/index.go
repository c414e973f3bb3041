//go:build linux

package main

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// index tells when texts are in an index, by asking it. It asks only while
// somebody waits, so that its questions do not count as the side's idling.
type index struct {
	ask  func(name string) *exec.Cmd // prints addresses of the PDFs called name, or of all for ""
	n    int                         // texts at the last look at all of them
	last time.Time                   // when there were more of them than before
}

// wait takes the middle of the question that finds the text. It is right to within
// 25 ms, or a twentieth of the time that the text took, and half a question.
func (x *index) wait(ctx context.Context, pdf string, limit time.Duration) (time.Time, error) {
	name := filepath.Base(pdf)
	for began := time.Now(); time.Since(began) < limit && ctx.Err() == nil; {
		asked := time.Now()
		if x.names(name)[name] {
			return asked.Add(time.Since(asked) / 2), nil
		}
		rest(ctx, max(25*time.Millisecond, time.Since(began)/20))
	}
	return time.Time{}, fmt.Errorf("wait for %q: it %w within %v", pdf, errMissed, limit)
}

func (x *index) came(pdfs []string) (n int, last time.Time) {
	asked, names := time.Now(), x.names("")
	for _, pdf := range pdfs {
		if names[filepath.Base(pdf)] {
			n++
		}
	}
	if n > x.n {
		x.n, x.last = n, asked
	}
	return n, x.last
}

func (x *index) close() {}

// names are the names of PDFs in what the index answers; an index that does not
// answer yet has none.
func (x *index) names(name string) map[string]bool {
	out, _ := x.ask(name).Output()
	names := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if _, address, ok := strings.Cut(strings.TrimSpace(line), "file://"); ok {
			names[path.Base(address)] = true
		}
	}
	return names
}

// recollConf makes recoll's configuration for a folder, with its own settings but
// for the texts that other sides would leave.
func (r *run) recollConf(dir string) string {
	conf := filepath.Join(r.work, "recoll-"+filepath.Base(dir))
	write(filepath.Join(conf, "recoll.conf"), "topdirs = "+dir+"\nskippedNames+ = *.txt\n")
	return conf
}

const recollAll = "mime:application/pdf"

func recollAsk(r *run, dir, name string) *exec.Cmd {
	query := recollAll
	if name != "" {
		query = "filename:" + name
	}
	return r.command("recollq", "-c", r.recollConf(dir), "-n", "0", "-b", query)
}

// Tracker is an ordinary user's session service: it has a bus, a configuration
// and an index of its own for each folder here.
const (
	trackerMiner = "/usr/libexec/tracker-miner-fs-3"
	trackerStart = `exec dbus-run-session -- sh -c 'echo "$DBUS_SESSION_BUS_ADDRESS" > "$HOME/bus"; exec ` + trackerMiner + `'`
	trackerAsk   = `DBUS_SESSION_BUS_ADDRESS=$(cat "$HOME/bus") exec tracker3 sparql -b org.freedesktop.Tracker3.Miner.Files -q "$1"`
	trackerQuery = `SELECT nie:url(?f) { GRAPH tracker:Documents { ?d nie:isStoredAs ?f ; nie:plainTextContent ?t } }`
)

func (r *run) trackerHome(dir string) string {
	return filepath.Join(r.work, "tracker-"+filepath.Base(dir))
}

func (r *run) trackerCommand(dir, script string, args ...string) *exec.Cmd {
	home := r.trackerHome(dir)
	c := r.command("sh", append([]string{"-c", script, "sh"}, args...)...)
	c.Env = append(c.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home+"/cache", "XDG_DATA_HOME="+home+"/data",
		"XDG_RUNTIME_DIR="+home, "GSETTINGS_BACKEND=keyfile")
	return c
}

func trackerWatch(r *run, dir string) *exec.Cmd {
	write(filepath.Join(r.trackerHome(dir), "glib-2.0/settings/keyfile"), `[org/freedesktop/tracker/miner/files]
index-recursive-directories=['`+dir+`']
index-single-directories=@as []
initial-sleep=0
`)
	return r.trackerCommand(dir, trackerStart)
}

func trackerHas(r *run, dir, name string) *exec.Cmd {
	query := trackerQuery
	if name != "" {
		query = fmt.Sprintf(`SELECT nie:url(?f) { GRAPH tracker:Documents { ?d nie:isStoredAs ?f ; nie:plainTextContent ?t } FILTER (?f = <file://%s>) }`, filepath.Join(dir, name))
	}
	return r.trackerCommand(dir, trackerAsk, query)
}
