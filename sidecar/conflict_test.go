package sidecar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// asideOf is two machines' folders after a sync client found that both had made a preview of one paper: each has both aside and
// none in its place.
func asideOf(t *testing.T) (machines [2]folder, aside []string) {
	for i := range machines {
		f := newFolder(t)
		f.Settings = func(string) Settings { return Settings{Pages: i + 1} }
		f.Conflicts = func(string) (copies []string) {
			copies, _ = filepath.Glob(f.at("x.preview.md.*"))
			return copies
		}
		f.drop("x.pdf", "paper")
		data, err := os.ReadFile(f.at("x.preview.md"))
		f.must(err)
		f.must(os.Remove(f.at("x.preview.md")))
		aside = append(aside, string(data))
		machines[i] = f
	}
	for _, f := range machines {
		f.must(os.WriteFile(f.at("x.preview.md.conflict1"), []byte(aside[0]), 0o644))
		f.must(os.WriteFile(f.at("x.preview.md.conflict2"), []byte(aside[1]), 0o644))
	}
	return machines, aside
}

func TestPreviewsPutAsideAreSettledAlike(t *testing.T) {
	machines, aside := asideOf(t)
	for _, f := range machines {
		f.Grace = 0 // as if it had passed: a preview went
		f.does("x.pdf", "wrote")
		f.Grace = time.Minute
		if got, err := os.ReadFile(f.at("x.preview.md")); string(got) != aside[1] {
			t.Errorf("%v, not the one with most pages:\n%s", err, got)
		}
		if out := f.does("x.pdf", ""); out.Later == 0 || out.Again > 0 {
			t.Errorf("later %v, again %v", out.Later, out.Again)
		}
	}
}

func TestCopyOfAnotherPaperIsNotTaken(t *testing.T) {
	machines, aside := asideOf(t)
	f := machines[0]
	for i, data := range []string{strings.Replace(aside[1], "two", "mine", 1), strings.Replace(aside[1], "sha256: ", "sha256: 0", 1)} {
		f.must(os.WriteFile(f.at("x.preview.md.conflict"+string(rune('1'+i))), []byte(data), 0o644))
	}
	f.Grace = 0
	f.does("x.pdf", "wrote")
	if got, err := os.ReadFile(f.at("x.preview.md")); string(got) != aside[0] {
		t.Errorf("%v, not this machine's own:\n%s", err, got)
	}
}

// TestCopiesAreClearedUp in the end, save one that somebody edited.
func TestCopiesAreClearedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		machines, _ := asideOf(t)
		f := machines[1]
		f.Grace = 0
		f.does("x.pdf", "wrote")
		f.Grace = time.Minute
		edited, err := os.OpenFile(f.at("x.preview.md.conflict1"), os.O_APPEND|os.O_WRONLY, 0)
		f.must(err)
		_, err = edited.WriteString("my note\n")
		f.must(err)
		f.must(edited.Close())
		info, err := os.Stat(f.at("x.preview.md.conflict2"))
		f.must(err)
		time.Sleep(time.Until(info.ModTime())) // the file system knows nothing of this clock
		if out := f.does("x.pdf", ""); out.Later < strangerGrace-time.Minute {
			t.Errorf("later: %v", out.Later)
		}
		time.Sleep(strangerGrace + time.Minute)
		if out := f.does("x.pdf", "removed"); out.Later > 0 || out.Changes[0].Path != f.at("x.preview.md.conflict2") {
			t.Errorf("%+v", out)
		}
		f.does("x.pdf", "")
	})
}
