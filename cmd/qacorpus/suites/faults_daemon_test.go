//go:build linux && heavy

package suites

// A daemon in a folder where something goes wrong: what it logs, what it goes on
// with meanwhile, and that it is well again when the cause is gone. Needs root,
// for mounts and other users.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// nobody is an ordinary user.
const nobody = 65534

// faulty is a daemon that watches two folders: dir, where things go wrong, and
// elsewhere, where they do not.
type faulty struct {
	t                           *testing.T
	base, dir, elsewhere, state string
	uid                         int
	more                        []string // flags of watch
	process                     *exec.Cmd
	log                         logged
	dropped                     int
}

// newFaulty makes the folders. dir is where things go wrong; "" for an ordinary
// folder that belongs to the user.
func newFaulty(t *testing.T, dir string, uid int) *faulty {
	t.Helper()
	base, err := os.MkdirTemp("/var/tmp", "qacorpus-faults")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(base); err != nil {
			t.Error(err)
		}
	})
	f := &faulty{t: t, base: base, dir: dir, elsewhere: filepath.Join(base, "elsewhere"), state: filepath.Join(base, "state"), uid: uid}
	f.do(os.Chmod(base, 0o755))
	if dir == "" {
		f.dir = filepath.Join(base, "QA")
		f.do(os.Mkdir(f.dir, 0o755), os.Chown(f.dir, uid, uid))
	}
	for _, sub := range []string{f.elsewhere, f.state} {
		f.do(os.Mkdir(sub, 0o755), os.Chown(sub, uid, uid))
	}
	return f
}

// do fails the test for the first error.
func (f *faulty) do(errs ...error) {
	f.t.Helper()
	if err := errors.Join(errs...); err != nil {
		f.t.Fatal(err)
	}
}

// start starts the daemon, which ends with the test.
func (f *faulty) start() {
	f.t.Helper()
	args := append([]string{"watch", "--log-format", "json", "--log-level", "info"}, f.more...)
	c := qacorpusCommand(f.t, []string{"HOME=" + f.base, "QACORPUS_STATE=" + f.state}, append(args, f.dir, f.elsewhere)...)
	c.Dir = f.base
	c.Stderr = &f.log
	if f.uid != 0 {
		// Where Go builds tests, others may not look.
		data, err := os.ReadFile(c.Path)
		f.do(err)
		c.Path = filepath.Join(f.base, "qacorpus")
		f.do(os.WriteFile(c.Path, data, 0o755))
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(f.uid), Gid: uint32(f.uid)}}
	}
	f.do(c.Start())
	f.process = c
	f.t.Cleanup(func() {
		err := errors.Join(c.Process.Signal(os.Interrupt), c.Wait())
		if err != nil || f.t.Failed() {
			f.t.Errorf("the daemon: %v\n%s", err, f.log.text())
		}
	})
}

func (f *faulty) at(name string) string { return filepath.Join(f.dir, name) }

// memo is a small PDF of the sample corpus, different for each number.
func memo(t *testing.T, n int) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/QA_corpus/Scanned_Memo.pdf")
	if err != nil {
		t.Fatal(err)
	}
	end := data[bytes.LastIndex(data, []byte("startxref")):]
	return fmt.Appendf(data, "%% copy %d\n%s", n, end)
}

// drop writes a new PDF.
func (f *faulty) drop(path string) {
	f.t.Helper()
	f.dropped++
	f.do(os.WriteFile(path, memo(f.t, f.dropped), 0o644), os.Chown(path, f.uid, f.uid))
}

// untidy is a QA file that is to be tidied.
const untidy = "[ {\"question\": \"one?\",   \"answer\": \"b\"} ]\n"

func (f *faulty) ask(path string) {
	f.t.Helper()
	f.do(os.WriteFile(path, []byte(untidy), 0o644), os.Chown(path, f.uid, f.uid))
}

func previewOf(pdf string) string { return strings.TrimSuffix(pdf, ".pdf") + ".preview.md" }

// previewed waits until a PDF has its preview, with that status.
func (f *faulty) previewed(pdf, status string) {
	f.t.Helper()
	var got []byte
	if !comesTrue(func() bool {
		got, _ = os.ReadFile(previewOf(pdf))
		return bytes.Contains(got, []byte("\nstatus: "+status+"\n"))
	}) {
		f.t.Fatalf("%s never had a preview that says %s: %q\n%s", pdf, status, got, f.log.text())
	}
}

// tidied waits until a QA file is.
func (f *faulty) tidied(path string) {
	f.t.Helper()
	if !comesTrue(func() bool {
		got, _ := os.ReadFile(path)
		return bytes.HasPrefix(got, []byte("[\n  {\n"))
	}) {
		f.t.Fatalf("%s was never tidied\n%s", path, f.log.text())
	}
}

// untouched checks that a QA file was not.
func (f *faulty) untouched(path string) {
	f.t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != untidy {
		f.t.Errorf("%s holds %q, %v", path, got, err)
	}
}

// gone waits until a file is.
func (f *faulty) gone(path string) {
	f.t.Helper()
	if !comesTrue(func() bool { _, err := os.Lstat(path); return errors.Is(err, fs.ErrNotExist) }) {
		f.t.Fatalf("%s never went\n%s", path, f.log.text())
	}
}

// others drops a PDF elsewhere, and others in the folders given, and waits for
// their previews: what is wrong stops nothing else. Whatever was dropped before
// has been looked at by then.
func (f *faulty) others(dirs ...string) {
	f.t.Helper()
	for _, dir := range append(dirs, f.elsewhere) {
		pdf := filepath.Join(dir, fmt.Sprintf("other %d.pdf", f.dropped))
		f.drop(pdf)
		f.previewed(pdf, "no-text")
	}
}

// again has the daemon look at a file again.
func (f *faulty) again(path string) {
	f.t.Helper()
	now := time.Now()
	f.do(os.Chtimes(path, now, now))
}

// warned waits for a warning that matches.
func (f *faulty) warned(pattern string) {
	f.t.Helper()
	if !comesTrue(func() bool { return slices.ContainsFunc(f.log.warnings(), regexp.MustCompile(pattern).MatchString) }) {
		f.t.Fatalf("%q was never logged\n%s", pattern, f.log.text())
	}
}

// only checks that each of these was warned of once, and nothing else was.
func (f *faulty) only(patterns ...string) {
	f.t.Helper()
	left := f.log.warnings()
	for _, line := range left {
		f.t.Logf("logged: %s", line)
	}
	for _, pattern := range patterns {
		re := regexp.MustCompile(pattern)
		i := slices.IndexFunc(left, re.MatchString)
		if i < 0 {
			f.t.Errorf("%q was not logged", pattern)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		f.t.Errorf("logged besides, or again:\n%s", strings.Join(left, "\n"))
	}
}

// clean checks that no temporary file is left.
func (f *faulty) clean() {
	f.t.Helper()
	var left []string
	if !comesTrue(func() bool {
		var err error
		left, err = filepath.Glob(f.at(".qacorpus-*"))
		f.do(err)
		return len(left) == 0
	}) {
		f.t.Errorf("left: %q", left)
	}
}

// logged is what a daemon writes to standard error, JSON lines.
type logged struct {
	mu   sync.Mutex
	data []byte // guarded by mu
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.data = append(l.data, p...)
	return len(p), nil
}

func (l *logged) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.data)
}

// warnings are the warnings and errors so far, in the words of the text format
// without time and folder.
func (l *logged) warnings() (all []string) {
	for line := range strings.Lines(l.text()) {
		var e struct{ Level, Msg, Path, Err, Reason string }
		if json.Unmarshal([]byte(line), &e) != nil {
			e.Level, e.Msg = "ERROR", line // a panic, say
		}
		if e.Level == "INFO" || e.Level == "DEBUG" {
			continue
		}
		all = append(all, fmt.Sprintf("%s: %s: %s%s", e.Msg, filepath.Base(e.Path), e.Err, e.Reason))
	}
	return all
}

// mounted runs mount with the arguments and the folder, and undoes it with the test.
func mounted(t *testing.T, dir string, args ...string) {
	t.Helper()
	shell(t, "mount", append(args, dir)...)
	t.Cleanup(func() { shell(t, "umount", "-l", dir) })
}

func shell(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}
