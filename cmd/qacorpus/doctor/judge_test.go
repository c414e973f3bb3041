package doctor

import (
	"errors"
	"strings"
	"testing"
	"time"

	"qacorpus/extract"
	"qacorpus/install"
)

// is checks a finding's level, what it says and what it advises.
func is(t *testing.T, c Check, level, said, do string) {
	t.Helper()
	if c.Level != level || !strings.Contains(c.Said, said) || !strings.Contains(c.Do, do) || (do == "") != (c.Do == "") {
		t.Errorf("got %+v\nwant %s, %q, %q", c, level, said, do)
	}
}

func TestJudgeService(t *testing.T) {
	for _, c := range []struct {
		st              install.Status
		level, said, do string
	}{
		{install.Status{}, note, "not installed", "qacorpus install DIR"},
		{install.Status{Installed: true, State: "running", PID: 12, Version: "v1"}, ok, "running, process 12", ""},
		{install.Status{Installed: true, State: "running", Version: "v0"}, note, "version v0 is running, this program is v1", "qacorpus install"},
		{install.Status{Installed: true, State: "running", Version: "v1", Restarts: 3}, fix, "crashed 3 times", "qacorpus logs"},
		{install.Status{Installed: true, State: "stopped"}, note, "installed, and stopped", "qacorpus start"},
		{install.Status{Installed: true, State: "failed", Reason: "exit-code"}, fix, "failed (exit-code)", "qacorpus logs"},
		{install.Status{Installed: true, State: "restarting"}, fix, "restarting", "qacorpus logs"},
	} {
		is(t, judgeService(c.st, "v1"), c.level, c.said, c.do)
	}
}

func TestJudgeReading(t *testing.T) {
	good := extract.Document{Status: "ok", Pages: 1, Texts: []string{testText}}
	is(t, judgeReading(good, nil, 3*time.Millisecond), ok, "in 3.0 ms", "")
	is(t, judgeReading(extract.Document{Status: "crashed"}, nil, 0), fix, "not read as it should be: crashed", "install it anew")
	is(t, judgeReading(extract.Document{}, errors.New("enter sandbox: no seccomp"), 0), fix, "no seccomp", "extract.sandbox")
}

func TestJudgeSandbox(t *testing.T) {
	is(t, judgeSandbox("auto", nil, "Landlock 7"), ok, "cut off from files, network and other programs (Landlock 7)", "")
	is(t, judgeSandbox("auto", []string{"file system (Landlock): none"}, ""), note, "file system (Landlock): none", "newer kernel")
	is(t, judgeSandbox("off", []string{"everything"}, ""), note, "switched off", "extract.sandbox")
}

func TestJudgeSight(t *testing.T) {
	is(t, judgeSight(sight{seen: true, took: 420 * time.Microsecond}, "auto", time.Second), ok, "after 0.4 ms, by the system's event", "")
	is(t, judgeSight(sight{seen: true, took: time.Second, polled: []string{"no events"}}, "auto", time.Second), ok, "after 1.0 s; what others change", "")
	is(t, judgeSight(sight{seen: true, took: 50 * time.Millisecond, polled: []string{`watch.poll = "always"`}}, "always", time.Second), ok, "after 50 ms, by looking", "")
	is(t, judgeSight(sight{}, "auto", 20*time.Second), fix, "not seen within 20s", `watch.poll = "always"`)
	is(t, judgeSight(sight{}, "never", 20*time.Second), fix, "not seen within 20s", `set it to "auto"`)
	is(t, judgeSight(sight{err: errors.New("disk full")}, "auto", time.Second), fix, "disk full", "space")
}

func TestJudgeWatches(t *testing.T) {
	usual := limits{known: true, watches: 8192, instances: 128, queue: 16384, usedWatches: 100, usedInstances: 3}
	with := func(change func(*limits)) limits { l := usual; change(&l); return l }
	for _, c := range []struct {
		name            string
		l               limits
		need            int
		held            bool
		level, said, do string
	}{
		{"usual", usual, 40, false, ok, "100 of 8192 watches and 3 of 128 instances", ""},
		{"many folders", usual, 9000, false, fix, "the folders need 9000", "max_user_watches=1048576"},
		{"many folders, watched already", with(func(l *limits) { l.usedWatches = 8192 }), 8100, true, ok, "8192 of 8192", ""},
		{"nearly full", usual, 6000, false, note, "little room", "max_user_watches="},
		{"more than a million", with(func(l *limits) { l.watches, l.usedWatches = 1<<20, 1<<20-5 }), 10, false, fix, "need 10", "max_user_watches=2097162"},
		{"no instances", with(func(l *limits) { l.usedInstances = 128 }), 1, false, fix, "none is left", "max_user_instances=1024"},
		{"short queue", with(func(l *limits) { l.queue = 16 }), 1, false, note, "only 16 events", "max_queued_events=16384"},
		{"other users", with(func(l *limits) { l.partly = true }), 1, false, ok, "at least 100 of", ""},
	} {
		all := judgeWatches(c.l, c.need, c.held)
		if len(all) != 1 {
			t.Errorf("%s: %+v", c.name, all)
			continue
		}
		is(t, all[0], c.level, c.said, c.do)
	}
	if all := judgeWatches(limits{}, 10, false); all != nil {
		t.Errorf("where nothing is known: %+v", all)
	}
}

func TestJudgeSpace(t *testing.T) {
	is(t, judgeSpace("space", 70<<30, 1e6), ok, "70.0 GiB free", "")
	is(t, judgeSpace("space", 100<<20, -1), note, "only 100.0 MiB free", "soon")
	is(t, judgeSpace("space", 1000, -1), fix, "only 1000 B free", "make room")
	is(t, judgeSpace("space", 70<<30, 5), fix, "room for 5 more files", "delete")
	is(t, judgeSpace("space", 70<<30, -1), ok, "70.0 GiB free", "")
}

func TestJudgeDescriptors(t *testing.T) {
	is(t, judgeDescriptors(1024, false, 1e6), ok, "1024 files", "")
	is(t, judgeDescriptors(64, false, 0), fix, "only 64 files", "ulimit -n")
	is(t, judgeDescriptors(1024, true, 5000), fix, "5256 may be needed", "ulimit -n")
}

func TestClock(t *testing.T) {
	d := &doctor{}
	d.clock(time.Date(1970, 1, 1, 0, 5, 0, 0, time.UTC))
	d.clock(time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC))
	is(t, d.checks[0], fix, "1 January 1970", "set it")
	is(t, d.checks[1], ok, "2026-12-01 10:00:00 UTC", "")
}
