//go:build linux && heavy

package suites

// A station is a folder that one daemon watches, with a state of its own. What the daemon did is read from its log, in which
// every change on the disk has a line: nothing that was there for a moment only is overlooked.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
)

type station struct {
	t          *testing.T
	dir, state string
	env        []string
	under      []string // a command that runs the daemon, with its arguments; nil for none
	process    *exec.Cmd
	log        logged
}

// newStation starts a daemon that ends with the test.
func newStation(t *testing.T, dir string, env ...string) *station {
	t.Helper()
	s := &station{t: t, dir: dir, state: t.TempDir(), env: env}
	s.start()
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			log := s.log.text()
			t.Logf("log of the daemon in %s:\n%s", dir, log[max(0, len(log)-20000):])
		}
	})
	return s
}

func (s *station) start() {
	s.t.Helper()
	s.process = qacorpusCommand(s.t, append([]string{"HOME=" + s.state, "QACORPUS_STATE=" + s.state}, s.env...), "watch", "--log-format", "json", s.dir)
	if len(s.under) > 0 {
		daemon, link := s.process, filepath.Join(s.state, "qacorpus") // its name tells this binary what to be
		if err := os.Symlink(daemon.Path, link); err != nil {
			s.t.Fatal(err)
		}
		s.process = exec.Command(s.under[0], slices.Concat(s.under[1:], []string{link}, daemon.Args[1:])...)
		s.process.Env = daemon.Env
	}
	s.process.Dir, s.process.Stderr = s.state, &s.log // whoever stands in the folder keeps it from being unmounted
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *station) stop() {
	s.t.Helper()
	if s.process == nil {
		return
	}
	stop := func() error { return s.process.Process.Signal(os.Interrupt) }
	if len(s.under) > 0 { // strace, for one, takes no signal
		stop = func() error { return syscall.Kill(childrenOf(s.process.Process.Pid)[0], syscall.SIGINT) }
	}
	if err := errors.Join(stop(), s.process.Wait()); err != nil {
		s.t.Errorf("the daemon: %v", err)
	}
	s.process = nil
}

// entry is a line of the log.
type entry struct {
	Time                                         time.Time
	Level, Msg, Path, From, Status, Reason, Type string
}

// lines returns the lines so far for which want is true.
func (s *station) lines(want func(e entry) bool) (all []entry) {
	for line := range strings.Lines(s.log.text()) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			s.t.Errorf("log: %q", line)
		}
		if want(e) {
			all = append(all, e)
		}
	}
	return all
}

// writes returns what was done to the file at path or, with "", to any.
func (s *station) writes(path string) []entry {
	return s.lines(func(e entry) bool {
		return e.Level == "INFO" && strings.HasPrefix(e.Path, s.dir+"/") && (path == "" || e.Path == path)
	})
}

func (s *station) at(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

// side is the path of a source's sidecar.
func side(path string) string {
	return filepath.Join(filepath.Dir(path), name.Sidecar(filepath.Base(path)))
}

// wrong says in which way dir is not as it should be: each of n PDFs has its preview, which is ok and of its bytes, and no
// preview is without its PDF. It is "" if all is well.
func wrong(dir string, n int) string {
	pdfs, previews, bad, alone := 0, 0, "", ""
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case name.Of(d.Name()) == name.Preview:
			previews++
			if source, ok := name.Source(d.Name()); ok {
				if _, err := os.Lstat(filepath.Join(filepath.Dir(path), source)); err != nil {
					alone = path
				}
			}
		case name.Of(d.Name()) == name.PDF:
			pdfs++
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(data)
			md, err := os.ReadFile(side(path))
			if h, perr := preview.Parse(md); err != nil || perr != nil || h.SHA256 != hex.EncodeToString(sum[:]) {
				bad = fmt.Sprintf("%s (%d bytes, %.12q): preview: %v, %v, %d bytes, %.60q", path, len(data), data, err, perr, len(md), md)
			} else if h.Status != preview.OK && h.Status != preview.NoText {
				bad = fmt.Sprintf("%s is %s", path, h.Status)
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err.Error()
	case bad != "":
		return bad
	case pdfs != n || previews != n:
		return fmt.Sprintf("%d PDFs and %d previews, want %d; without its PDF: %q", pdfs, previews, n, alone)
	}
	return ""
}

// becomesRight waits until nothing is wrong, as long as the daemon gets on with it.
func (s *station) becomesRight(n int) {
	s.t.Helper()
	s.showsRight(s.dir, n)
}

// showsRight does so for the daemon's folder as it shows at dir.
func (s *station) showsRight(dir string, n int) {
	s.t.Helper()
	last, done := "", -1
	for {
		if comesTrue(func() bool { last = wrong(dir, n); return last == "" }) {
			return
		}
		if now := len(s.writes("")); now == done {
			s.t.Fatalf("%s: %s", dir, last)
		} else {
			done = now
		}
	}
}

// neverDamaged fails the test if the daemon ever called a PDF anything but good.
func (s *station) neverDamaged() {
	s.t.Helper()
	for _, e := range s.writes("") {
		if e.Status != "" && e.Status != "ok" && e.Status != "no-text" || name.Of(filepath.Base(e.Path)) == name.Problems {
			s.t.Errorf("%s %s, which is %s", e.Msg, e.Path, e.Status)
		}
	}
}

// rests waits until the daemon has written nothing for a while.
func (s *station) rests(d time.Duration) {
	s.t.Helper()
	n, since := -1, time.Now()
	if !comesTrue(func() bool {
		if now := len(s.writes("")); now != n {
			n, since = now, time.Now()
		}
		return time.Since(since) > d
	}) {
		s.t.Fatalf("%s: the daemon never rests; %d changes so far", s.dir, n)
	}
}

// fillFolder fills dir with n small PDFs that differ, in some folders.
func fillFolder(t *testing.T, dir string, n, folders int, more ...string) {
	t.Helper()
	shell(t, "go", append([]string{"run", "../../../testdata/bigcorpus", "-o", dir, "-n", fmt.Sprint(n), "-folders", fmt.Sprint(folders)}, more...)...)
}

// seenThrough mounts bindfs, a FUSE file system that shows dir elsewhere, and returns where.
func seenThrough(t *testing.T, dir string) string {
	t.Helper()
	target := t.TempDir()
	shell(t, "bindfs", dir, target)
	t.Cleanup(func() { shell(t, "umount", "-l", target) })
	return target
}
