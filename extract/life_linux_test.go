//go:build cgo && !nocgo

package extract_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

// startDaemon runs program as a daemon.
func startDaemon(t *testing.T, program string) (*exec.Cmd, io.WriteCloser, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(program, daemonWord)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Wait() // some tests have killed it
	})
	return cmd, in, bufio.NewScanner(out)
}

// await reads lines until one holds word.
func await(t *testing.T, out *bufio.Scanner, word string) string {
	t.Helper()
	for out.Scan() {
		if strings.Contains(out.Text(), word) {
			return out.Text()
		}
	}
	t.Fatalf("the daemon did not say %q", word)
	return ""
}

// TestNoWorkerOutlivesThePool kills the daemon while its worker is in an
// endless document.
func TestNoWorkerOutlivesThePool(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd, in, out := startDaemon(t, self)
	fmt.Fprintln(in, file(t, tinypdf.Endless()).Name())
	line := await(t, out, "worker started")
	_, rest, _ := strings.Cut(line, "pid=")
	pid, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	worker, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(worker)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// Readable when the process has ended; the test's own limit ends a wait
	// in vain.
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(worker), Events: unix.POLLIN}}, -1)
		if !errors.Is(err, unix.EINTR) {
			if n != 1 || err != nil {
				t.Error(n, err)
			}
			return
		}
	}
}

// TestUpgrade replaces the program under a running daemon, whose next workers
// must be of its own version.
func TestUpgrade(t *testing.T) {
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "daemon")
	if err := os.WriteFile(program, self, 0o700); err != nil {
		t.Fatal(err)
	}
	_, in, out := startDaemon(t, program)
	name := file(t, numbered(1)).Name()
	fmt.Fprintln(in, name)
	await(t, out, "status ok")
	other := filepath.Join(dir, "other")
	if err := os.WriteFile(other, []byte("#!/bin/false\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, program); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, name)
	if line := await(t, out, "status"); line != "status ok <nil>" {
		t.Error(line)
	}
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in, name)
	if line := await(t, out, "status"); line != "status ok <nil>" {
		t.Error(line)
	}
}

// offspring are the processes that this one has started and not waited for.
func offspring(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended meanwhile
		}
		fields := strings.Fields(string(data[slices.Index(data, ')')+1:]))
		if fields[1] == strconv.Itoa(os.Getpid()) {
			found = append(found, string(data))
		}
	}
	return found
}

// TestNothingIsLeft counts processes and descriptors after crashes, deadlines
// and a close in the middle.
func TestNothingIsLeft(t *testing.T) {
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	f := file(t, []byte("%PDF-"))
	round := func() {
		p := fakePool(t, extract.Options{Workers: 2, Recycle: 3})
		for _, what := range []int{fakeOK, fakeExit, fakeGarbage, fakeOK, fakeOK, fakeOK} {
			if _, err := p.Extract(t.Context(), f, extract.Request{First: what}); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	round() // opens what stays, such as Go's poller
	before := open()
	round()
	round()
	if now := open(); now != before {
		t.Errorf("%d descriptors, %d before", now, before)
	}
	if left := offspring(t); len(left) > 0 {
		t.Errorf("processes left: %q", left)
	}
}
