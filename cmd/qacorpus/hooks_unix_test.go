//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whatever a file is called, its path is one argument and nothing else.
func TestHookGetsThePathAsItIs(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a b.pdf", "$(touch x).pdf", "; touch x #", "-rf", "a\nb\t'\"`\\.pdf", "\xff\xfe.pdf", "{path}", "*", ""} {
		path := filepath.Join(dir, "QA", name)
		out := filepath.Join(dir, strconv.Itoa(i))
		words := []string{"sh", "-c", `printf %s "$1" > "$2"; printf %s "$3" >> "$2"`, "sh", "{path}", out, "<{path}{path}>"}
		if said, err := runCommand(t.Context(), time.Minute, words, path); err != nil {
			t.Fatalf("%q: %v: %s", name, err, said)
		}
		got, err := os.ReadFile(out)
		if want := path + "<" + path + path + ">"; err != nil || string(got) != want {
			t.Errorf("got %q, %v\nwant %q", got, err, want)
		}
	}
}

// The program itself is never the file.
func TestHookDoesNotRunTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho ran\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t.Context(), time.Minute, []string{"{path}"}, path); err == nil || said != "" {
		t.Errorf("it ran: %q", said)
	}
}

// A command that hangs is ended with all that it started, and so is one under way
// when qacorpus ends.
func TestHookIsEnded(t *testing.T) {
	for name, limit := range map[string]time.Duration{"by its time": 300 * time.Millisecond, "by qacorpus": time.Hour} {
		pids := filepath.Join(t.TempDir(), "pids")
		ctx, cancel := context.WithCancel(t.Context())
		started := func() bool {
			data, err := os.ReadFile(pids)
			return err == nil && strings.Count(string(data), "\n") == 2
		}
		if limit == time.Hour {
			end := time.AfterFunc(0, func() { becomes(t, "the command's start", started); cancel() })
			defer end.Stop()
		}
		words := []string{"sh", "-c", `sleep 1000 & echo $$ >> "$1"; echo $! >> "$1"; echo some words; wait`, "sh", pids}
		said, err := runCommand(ctx, limit, words, "/x")
		cancel()
		if err == nil || said != "some words" || limit != time.Hour && !strings.Contains(err.Error(), "not done within 300ms") {
			t.Errorf("%s: %q, %v", name, said, err)
		}
		data, err := os.ReadFile(pids)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			pid, err := strconv.Atoi(strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			becomes(t, "the end of what it started", func() bool { return gone(pid) })
		}
	}
}

// gone tells that a process has ended; one that nobody has waited for yet counts.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestLastBytes(t *testing.T) {
	var l lastBytes
	for _, s := range []string{"first", strings.Repeat("x", 3*keptBytes), "the end"} {
		if n, err := l.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatal(n, err)
		}
	}
	if len(l.kept) != keptBytes || !strings.HasSuffix(string(l.kept), "xthe end") {
		t.Errorf("%d bytes: %q", len(l.kept), l.kept)
	}
}

// becomes polls for what must happen.
func becomes(t *testing.T, what string, ok func() bool) {
	t.Helper()
	poll := time.NewTicker(time.Millisecond)
	defer poll.Stop()
	for deadline := time.Now().Add(patience); !ok(); <-poll.C {
		if time.Now().After(deadline) {
			t.Fatalf("not after %v: %s", patience, what)
		}
	}
}
