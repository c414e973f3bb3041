package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"qacorpus/extract"
	"qacorpus/extract/worker"
)

var update = flag.Bool("update", false, "rewrite the golden files and the golden parts of the scripts")

// TestMain makes the test binary serve as qacorpus in the scripts, and as the
// worker that it starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerArg {
		os.Exit(worker.Main())
	}
	testscript.Main(m, map[string]func(){"qacorpus": main})
}

// TestScripts runs testdata/script: what people see, command by command. The
// scripts start in an empty folder; $CORPUS is the sample corpus.
func TestScripts(t *testing.T) {
	corpus, err := filepath.Abs("../../testdata/QA_corpus")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("CORPUS", corpus)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, ".state"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, ".config"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"eventually": eventually,
			"copyall":    copyAll,
			"put":        put,
			"has":        has,
			"says":       says,
			"copyput":    copyPut,
			"append":     appendTo,
			"stamp":      stamp,
			"unchanged":  unchanged,
		},
	})
}

// patience bounds how long a script waits for what must happen. It is no
// measure of speed: nothing waits longer than it has to.
const patience = 60 * time.Second

// eventually waits for a file: "eventually exists F", "eventually gone F",
// "eventually has F REGEXP".
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually exists|gone|has FILE [REGEXP]")
	}
	file := ts.MkAbs(unquote(ts, args[1]))
	ok := func() bool { _, err := os.Lstat(file); return err == nil }
	switch args[0] {
	case "gone":
		ok = func() bool { _, err := os.Lstat(file); return os.IsNotExist(err) }
	case "has":
		re := regexp.MustCompile("(?m)" + args[2])
		ok = func() bool { data, err := os.ReadFile(file); return err == nil && re.Match(data) }
	}
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for deadline := time.Now().Add(patience); !ok(); <-poll.C {
		if time.Now().After(deadline) {
			ts.Fatalf("not after %v: %q", patience, args)
		}
	}
}

// unquote reads a name that is written as a Go string, so that it can hold any
// byte; other names stand for themselves.
func unquote(ts *testscript.TestScript, s string) string {
	if !strings.HasPrefix(s, `"`) {
		return s
	}
	name, err := strconv.Unquote(s)
	ts.Check(err)
	return name
}

// copyAll copies a folder's content into a new or existing one.
func copyAll(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(copyTree(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
}

// put writes a file of any name: put "NAME" TEXT.
func put(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(unquote(ts, args[0])), []byte(strings.Join(args[1:], " ")), 0o644))
}

// copyPut copies a file to any name.
func copyPut(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(unquote(ts, args[1])), data, 0o644))
}

// appendTo adds a line to a file, as a person would.
func appendTo(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	_, err = fmt.Fprintln(f, strings.Join(args[1:], " "))
	ts.Check(err)
	ts.Check(f.Close())
}

// has checks that a file of any name exists, or with ! that it does not.
func has(ts *testscript.TestScript, neg bool, args []string) {
	for _, a := range args {
		_, err := os.Lstat(ts.MkAbs(unquote(ts, a)))
		if (err == nil) == neg {
			ts.Fatalf("%s: %v", a, err)
		}
	}
}

// says checks that stdout or stderr of the last command holds the bytes of a Go
// string.
func says(ts *testscript.TestScript, neg bool, args []string) {
	if strings.Contains(ts.ReadFile(args[0]), unquote(ts, args[1])) == neg {
		ts.Fatalf("%s is\n%q", args[0], ts.ReadFile(args[0]))
	}
}

// TestGoldenPreviews compares the previews of the sample corpus with those in
// testdata/previews. They are the same on every machine.
func TestGoldenPreviews(t *testing.T) {
	golden, dir := "../../testdata/previews", t.TempDir()
	if err := copyTree("../../testdata/QA_corpus", filepath.Join(dir, "QA_corpus")); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	a := &app{args: []string{"sync", filepath.Join(dir, "QA_corpus")}, out: &stderr, err: &stderr, env: []string{"HOME=" + dir}}
	if status := run(t.Context(), a); status != exitOK {
		t.Fatalf("exit status %d: %s", status, &stderr)
	}
	got := previewsIn(t, filepath.Join(dir, "QA_corpus"))
	if *update {
		for name, data := range got {
			file := filepath.Join(golden, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := previewsIn(t, golden)
	for name, data := range got {
		if !bytes.Equal(data, want[name]) {
			t.Errorf("%s is\n%s\nwant\n%s", name, data, want[name])
		}
	}
	if len(got) != len(want) || len(got) < 10 {
		t.Errorf("%d previews, want %d", len(got), len(want))
	}
}

func previewsIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".preview.md") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		found[rel], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// stampsFile holds what stamp saw, outside of the folders that it looks at.
const stampsFile = ".stamps"

// stamp notes everything about the files below some folders, for unchanged.
func stamp(ts *testscript.TestScript, _ bool, dirs []string) {
	ts.Check(os.WriteFile(ts.MkAbs(stampsFile), []byte(stampOf(ts, dirs)), 0o644))
}

// unchanged checks that nothing about the files has changed since stamp.
func unchanged(ts *testscript.TestScript, _ bool, dirs []string) {
	before, err := os.ReadFile(ts.MkAbs(stampsFile))
	ts.Check(err)
	if now := stampOf(ts, dirs); now != string(before) {
		ts.Fatalf("changed; before:\n%s\nnow:\n%s", before, now)
	}
}

func stampOf(ts *testscript.TestScript, dirs []string) string {
	var b strings.Builder
	for _, dir := range dirs {
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			var data []byte
			if info.Mode().IsRegular() {
				if data, err = os.ReadFile(path); err != nil {
					return err
				}
			}
			fmt.Fprintf(&b, "%q %v %d %d %x\n", path, info.Mode(), info.Size(), info.ModTime().UnixNano(), sha256.Sum256(data))
			return nil
		}))
	}
	return b.String()
}
