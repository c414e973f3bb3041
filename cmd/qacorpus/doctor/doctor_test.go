package doctor

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"qacorpus/extract"
	"qacorpus/extract/worker"
	"qacorpus/install"
	"qacorpus/install/config"
	"qacorpus/install/report"
)

// TestMain makes the test binary serve as the worker that it starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerArg {
		os.Exit(worker.Main())
	}
	os.Exit(m.Run())
}

func options(t *testing.T, file string, folders ...string) Options {
	t.Helper()
	dir := t.TempDir()
	in := config.Input{Home: dir, WorkDir: dir, Dirs: folders}
	if file != "" {
		in.File = filepath.Join(dir, "config.toml")
		if err := os.WriteFile(in.File, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := config.Load(in)
	if err != nil {
		t.Fatal(err)
	}
	c.State = filepath.Join(dir, "state", "qacorpus")
	return Options{Config: c, Folders: c.Folders, Version: "v1", Holder: func(string) int { return 0 },
		Service: func(context.Context) (install.Status, error) { return install.Status{}, nil },
		Reader:  extract.Options{Timeout: time.Minute, Memory: 512 << 20, Sandbox: "auto"}}
}

// find returns the finding of that name about a folder.
func find(t *testing.T, r Report, folder, name string) Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Folder == folder && c.Name == name {
			return c
		}
	}
	t.Fatalf("nothing was found about %q of %q: %+v", name, folder, r.Checks)
	return Check{}
}

func write(t *testing.T, mode os.FileMode, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("[]"), 0o644), os.Chmod(file, mode)); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestHealthy(t *testing.T) {
	dir := t.TempDir()
	write(t, 0o644, dir, "a.pdf")
	write(t, 0o644, dir, "sub", "a.json")
	write(t, 0o644, dir, ".git", "hidden.json")
	r := Run(t.Context(), options(t, "", dir))
	if !r.Healthy || r.Version != "v1" {
		t.Errorf("%+v", r)
	}
	is(t, find(t, r, "", "reading"), ok, "was read by MuPDF", "")
	is(t, find(t, r, "", "configuration"), ok, "the defaults hold", "")
	is(t, find(t, r, "", "state"), ok, "will be made", "")
	is(t, find(t, r, dir, "content"), ok, "1 PDF and 1 JSON file in 2 folders", "")
	is(t, find(t, r, dir, "permissions"), ok, "you can read and write it", "")
	is(t, find(t, r, dir, "watching"), ok, "was seen after", "")
	is(t, find(t, r, dir, "daemon"), note, "no process", "qacorpus watch")
	if c := find(t, r, dir, "watching"); c.Milliseconds <= 0 {
		t.Errorf("no time was taken: %+v", c)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 3 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func TestWhatLiesInAFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, 0o644, dir, "paper.sync-conflict-20261126-101112-ABCDEFG.json")
	write(t, 0o444, dir, "fixed.json")
	linked := write(t, 0o644, dir, "linked.json")
	if err := errors.Join(os.Link(linked, filepath.Join(dir, "other.json")), os.Symlink("linked.json", filepath.Join(dir, "soft.json"))); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(write(t, 0o600, dir, ".qacorpus-w-0-0-0-old.tmp"), old, old); err != nil {
		t.Fatal(err)
	}
	write(t, 0o600, dir, ".qacorpus-w-0-0-0-young.tmp")
	r := Run(t.Context(), options(t, "", dir))
	is(t, find(t, r, dir, "conflict copies"), note, "paper.sync-conflict", "merge")
	is(t, find(t, r, dir, "read-only files"), note, "fixed.json", "chmod u+w")
	is(t, find(t, r, dir, "links"), note, "linked.json and 2 more", "replace each")
	is(t, find(t, r, dir, "leftovers"), note, "old.tmp", "qacorpus sync")
	if !r.Healthy {
		t.Errorf("notes make it ill: %+v", r.Checks)
	}
}

func TestFoldersThatCannotBeWatched(t *testing.T) {
	dir := t.TempDir()
	file, gone := write(t, 0o644, dir, "a.pdf"), filepath.Join(dir, "gone")
	o := options(t, "")
	o.Folders = []config.Folder{{Path: file}, {Path: gone}}
	r := Run(t.Context(), o)
	is(t, find(t, r, file, "folder"), fix, "it is a file", "name the folder")
	is(t, find(t, r, gone, "folder"), fix, "it is not there", "mount")
	if r.Healthy {
		t.Error("healthy all the same")
	}
}

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	o := options(t, "[extract]\nocr = \"auto\"\n[hooks]\non_change = [\"no-such-command\"]\n[watch]\npoll = \"always\"\n[qa]\nnormalise = \"never\"\n", dir)
	o.Config.State = filepath.Join(dir, "state")
	t.Setenv("PATH", t.TempDir())
	r := Run(t.Context(), o)
	is(t, find(t, r, "", "hook"), fix, "no-such-command", "hooks.on_change")
	is(t, find(t, r, "", "recognition"), fix, "no tesseract", "apt-get install tesseract-ocr")
	is(t, find(t, r, "", "state"), fix, "lies in the watched folder", "another one")
	is(t, find(t, r, dir, "watching"), ok, `by looking from time to time (watch.poll = "always")`, "")
	is(t, find(t, r, dir, "tidying"), ok, "switched off", "")

	o = options(t, "")
	o.ConfigErr = errors.New("c.toml:1:1: unknown key a\nc.toml:2:1: unknown key b")
	r = Run(t.Context(), o)
	is(t, find(t, r, "", "configuration"), fix, "c.toml:1:1: unknown key a", "")
	is(t, find(t, r, "", "folders"), note, "no folder was named", "qacorpus doctor")
}

// A recogniser that is there but broken, and one without languages.
func TestRecognisers(t *testing.T) {
	for script, said := range map[string]string{"exit 3": "does not run", "echo List:": "knows no language", "echo List:; echo eng": "knows eng"} {
		bin := t.TempDir()
		program := write(t, 0o755, bin, "tesseract")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", bin)
		o := options(t, "[extract]\nocr = \"auto\"\n")
		d := &doctor{o: o}
		d.recognising(t.Context())
		if len(d.checks) != 1 || !strings.Contains(d.checks[0].Said, said) {
			t.Errorf("with %q: %+v", script, d.checks)
		}
	}
}

func TestHolders(t *testing.T) {
	for _, c := range []struct {
		pid, daemon int
		level, said string
	}{
		{0, 0, note, "no process"},
		{5, 5, ok, "by the service, process 5"},
		{5, 0, ok, "by process 5"},
		{5, 7, note, "process 5, which is not the service (7)"},
		{9, 9, note, "process 9, which is version v0; this program is v1"},
	} {
		d := &doctor{o: Options{Holder: func(string) int { return c.pid }, Version: "v1"}, daemon: c.daemon, last: report.Report{PID: 9, Version: "v0"}}
		d.holder("/x")
		if got := d.checks[0]; got.Level != c.level || !strings.Contains(got.Said, c.said) {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// Ended while a probe lies there, nothing is left.
func TestEndedInTheMiddle(t *testing.T) {
	for range 5 {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		var g errgroup.Group
		g.Go(func() error { // the person at the keyboard
			defer cancel()
			poll := time.NewTicker(100 * time.Microsecond)
			defer poll.Stop()
			for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-poll.C {
				if all, err := filepath.Glob(filepath.Join(dir, ".qacorpus-*")); len(all) > 0 || err != nil {
					return err
				}
			}
			return errors.New("no probe was seen")
		})
		f := options(t, "", dir).Folders[0]
		f.Watch.Poll, f.Watch.PollInterval = "always", time.Hour // without the end the second probe would not be seen
		d := &doctor{o: options(t, "", dir)}
		d.watching(ctx, f)
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if len(d.checks) != 0 {
			t.Errorf("it judged: %+v", d.checks)
		}
		if names, err := os.ReadDir(dir); err != nil || len(names) != 0 {
			t.Errorf("left behind: %v, %v", names, err)
		}
	}
}

func TestWriteText(t *testing.T) {
	r := Report{Checks: []Check{
		{Name: "reading", Level: ok, Said: "a test document was read"},
		{Name: "space", Folder: "/data/QA:\ncorpus", Level: fix, Said: "only 3 B free on the disk that this folder lies on", Do: "make room"},
		{Name: "clock", Level: note, Said: "late"},
	}}
	var b strings.Builder
	if err := r.WriteText(&b, 40, false); err != nil {
		t.Fatal(err)
	}
	want := `  ok    reading  a test document was
                 read
  note  clock    late

/data/QA:\ncorpus
  fix   space    only 3 B free on the
                 disk that this folder
                 lies on
                 → make room

1 thing needs doing
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := r.WriteText(&b, 80, true); err != nil || !strings.Contains(b.String(), "\x1b[31mfix \x1b[0m") {
		t.Errorf("%v %q", err, b.String())
	}
}
