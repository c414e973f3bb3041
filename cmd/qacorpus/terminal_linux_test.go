package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"qacorpus/sidecar/preview"
)

// terminal is a pseudo-terminal on which a command runs, and a person at it.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	keys  *os.File
	ended chan struct{} // closed once all that was shown was read

	mu    sync.Mutex
	shown bytes.Buffer // guarded by mu
}

// onTerminal starts qacorpus with standard error, and where out is nil standard
// output too, on a terminal of 80 columns.
func onTerminal(t *testing.T, out io.Writer, env []string, args ...string) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(keys.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	}
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	x := &terminal{t: t, keys: keys, cmd: qacorpusCommand(t, append([]string{"TERM=xterm"}, env...), args...), ended: make(chan struct{})}
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = tty, out, tty
	if out == nil {
		x.cmd.Stdout = tty
	}
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(x.ended)
		buf := make([]byte, 4096)
		for {
			n, err := keys.Read(buf)
			x.mu.Lock()
			x.shown.Write(buf[:n])
			x.mu.Unlock()
			if err != nil { // EIO once the last process has closed it
				return
			}
		}
	})
	t.Cleanup(func() { keys.Close(); reading.Wait() })
	return x
}

// text is all that was shown so far.
func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shown.String()
}

// press types a key.
func (x *terminal) press(key string) {
	if _, err := io.WriteString(x.keys, key); err != nil {
		x.t.Fatal(err)
	}
}

// wait waits for the end and returns the exit status; -1 for one by a signal.
func (x *terminal) wait() int {
	_ = x.cmd.Wait() // the status says it
	<-x.ended
	return x.cmd.ProcessState.ExitCode()
}

// qacorpusCommand runs this test binary as qacorpus.
func qacorpusCommand(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, args...)
	c.Args[0] = "qacorpus"
	c.Env = append(os.Environ(), env...)
	return c
}

// manyPapers makes a folder of n different PDFs and two QA files.
func manyPapers(t *testing.T, folder string, n int) {
	t.Helper()
	paper, err := os.ReadFile("../../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(folder, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		put(fmt.Sprintf("sub/paper %02d\n多语言 e\u0301.pdf", i), append(bytes.Clone(paper), fmt.Sprintf("%%%d\n", i)...))
	}
	put("bad.json", []byte(`{"qa_pairs": [{"question": "Why?" "answer": "b"}]}`))
	put("messy.json", []byte(`[{"Q": "Why?", "A": "Because."}]`))
}

// contents is what each file below folder holds.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(folder, path)
		data, err := os.ReadFile(path)
		all[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Ctrl-C at any moment of a pass: it says so, its status is 3, each file is whole
// or not there, nothing temporary is left, and the next pass does the rest.
func TestSyncIsInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "whole")
	manyPapers(t, folder, 15)
	env := []string{"HOME=" + dir, "QACORPUS_STATE=" + filepath.Join(dir, "state")}
	if out, err := qacorpusCommand(t, env, "sync", folder).CombinedOutput(); err != nil {
		t.Fatalf("sync: %v\n%s", err, out)
	}
	want := contents(t, folder)
	for _, moment := range []int{0, 1, 6, 13} {
		folder := filepath.Join(dir, fmt.Sprint(moment))
		manyPapers(t, folder, 15)
		env := []string{"HOME=" + dir, "QACORPUS_STATE=" + filepath.Join(dir, "state", fmt.Sprint(moment))}
		x := onTerminal(t, nil, env, "sync", folder)
		written := func() bool {
			all, err := filepath.Glob(filepath.Join(folder, "sub", "*.preview.md"))
			return err == nil && len(all) >= moment
		}
		becomes(t, "previews", written)
		x.press("\x03")
		status := x.wait()
		checkInterrupted(t, fmt.Sprint(moment), status, x.text(), contents(t, folder))
		if out, err := qacorpusCommand(t, env, "sync", folder).CombinedOutput(); err != nil {
			t.Fatalf("sync: %v\n%s", err, out)
		}
		for name, data := range contents(t, folder) {
			if want[name] != data {
				t.Errorf("interrupted at %d and completed, %q differs:\n%s\nwant\n%s", moment, name, data, want[name])
			}
			delete(want, name)
		}
		if len(want) > 0 {
			t.Errorf("interrupted at %d and completed, %d files are missing", moment, len(want))
		}
		want = contents(t, folder)
	}
}

// checkInterrupted checks what an interrupted pass said and left.
func checkInterrupted(t *testing.T, moment string, status int, said string, left map[string]string) {
	t.Helper()
	for name, data := range left {
		if strings.HasPrefix(filepath.Base(name), ".qacorpus-") {
			t.Errorf("interrupted at %s, %q is left", moment, name)
		}
		if strings.HasSuffix(name, ".preview.md") {
			if _, err := preview.Parse([]byte(data)); err != nil {
				t.Errorf("interrupted at %s, %q is not whole: %v", moment, name, err)
			}
		}
	}
	switch status {
	case exitFailed:
		if !strings.Contains(said, "qacorpus: error: interrupted") || !strings.Contains(said, "hint: ") {
			t.Errorf("interrupted at %s, it said %q", moment, said)
		}
	case -1: // before qacorpus took charge of signals
		if strings.Contains(said, "files") {
			t.Errorf("interrupted at %s, it was killed after %q", moment, said)
		}
	case exitOK: // just at the end
		if !strings.Contains(said, " written in ") {
			t.Errorf("interrupted at %s, it said %q", moment, said)
		}
	default:
		t.Errorf("interrupted at %s, the status is %d: %q", moment, status, said)
	}
}

// The bar shows on a terminal, log lines stand whole above it, and at the end it
// is gone. A QA file that an editor has open holds up the pass until it is given up.
func TestBarOnATerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "QA")
	manyPapers(t, folder, 10)
	if err := os.WriteFile(filepath.Join(folder, ".messy.json.swp"), []byte("b0VIM 9.0"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + dir, "QACORPUS_STATE=" + filepath.Join(dir, "state"), "NO_COLOR=1"}
	x := onTerminal(t, nil, env, "sync", "-v", folder)
	becomes(t, "the bar", func() bool { return regexp.MustCompile(`11 of 12 files \[=+>-*\] 91%`).MatchString(x.text()) })
	if status := x.wait(); status != exitOK {
		t.Errorf("exit status %d", status)
	}
	said := x.text()
	for line := range strings.SplitSeq(said, "\n") {
		if i := strings.Index(line, " INF "); i >= 0 && !regexp.MustCompile(`(^|\r|\x1b\[J)\d\d:\d\d:\d\d INF wrote path=[^\n]*\r$`).MatchString(line) {
			t.Errorf("a torn line: %q", line)
		}
	}
	if n := strings.Count(said, "INF wrote"); n != 11 {
		t.Errorf("%d lines tell of files, want 11:\n%s", n, said)
	}
	if strings.Contains(said, "\x1b[3") {
		t.Errorf("coloured in spite of NO_COLOR: %q", said)
	}
	_, last, _ := strings.Cut(said[strings.LastIndex(said, "files ["):], "\x1b[J")
	if !regexp.MustCompile(`^1\d PDFs \(.* in \d+\.\d s\r\n$`).MatchString(last) {
		t.Errorf("at the end there stands %q", last)
	}
}

// On a dumb terminal, and where standard error is no terminal, there is no bar.
func TestNoBarElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "QA")
	manyPapers(t, folder, 3)
	env := []string{"HOME=" + dir, "QACORPUS_STATE=" + filepath.Join(dir, "state"), "TERM=dumb"}
	x := onTerminal(t, nil, env, "sync", folder)
	if status := x.wait(); status != exitOK || strings.Contains(x.text(), "\x1b") || strings.Contains(x.text(), "files [") {
		t.Errorf("on a dumb terminal: status %d, %q", status, x.text())
	}
}
