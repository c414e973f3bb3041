package sidecar

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/safefile"
)

// lines reads every PDF as three pages of one line each.
type lines struct{}

func (lines) Extract(_ context.Context, _ *os.File, pages int, _ []string) (preview.Preview, error) {
	return preview.Preview{Status: preview.OK, Pages: 3, First: 1, Texts: []string{"one", "two", "three"}[:pages]}, nil
}

// folder is one that a reconciler sees to as the daemon's does.
type folder struct {
	*testing.T
	*Reconciler
	root string
}

func newFolder(t *testing.T) folder {
	c, err := cache.Open(filepath.Join(t.TempDir(), "cache"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return folder{t, &Reconciler{
		Extractor: lines{}, Sidecars: &safefile.Writer{Always: true}, Grace: time.Minute,
		Cache: func(string) *cache.Cache { return c }, Settings: func(string) Settings { return Settings{Pages: 2} },
	}, filepath.Join(t.TempDir(), "root")}
}

func (f folder) at(name string) string { return filepath.Join(f.root, filepath.FromSlash(name)) }

func (f folder) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// drop writes a PDF and has its preview written.
func (f folder) drop(name, data string) {
	f.Helper()
	f.must(os.MkdirAll(filepath.Dir(f.at(name)), 0o755))
	f.must(os.WriteFile(f.at(name), []byte(data), 0o644))
	f.does(name, "wrote")
}

// does looks at the source and wants one change, or none where verb is "".
func (f folder) does(name, verb string) Outcome {
	f.Helper()
	out, err := f.Reconcile(f.Context(), f.at(name))
	f.must(err)
	if got := fmt.Sprint(out.Changes); verb == "" && len(out.Changes) > 0 || verb != "" && (len(out.Changes) != 1 || out.Changes[0].Verb != verb) {
		f.Fatalf("%s: %s, want %q; again after %v", name, got, verb, out.Again)
	}
	return out
}

func TestPreviewGoesThoughItsFolderMovedFirst(t *testing.T) {
	for _, order := range [][]string{{"a/x.pdf", "b/x.pdf"}, {"b/x.pdf", "a/x.pdf"}} {
		f := newFolder(t)
		f.drop("a/x.pdf", "paper")
		f.drop("a/other.pdf", "paper")
		f.must(os.Remove(f.at("a/x.pdf")))
		f.must(os.Rename(f.at("a"), f.at("b")))
		for _, name := range order {
			verb := ""
			if name == "b/x.pdf" {
				verb = "removed"
			}
			if out := f.does(name, verb); out.Again > 0 {
				t.Errorf("%q: %s is waited for", order, name)
			}
		}
		f.does("b/other.pdf", "")
	}
}

func TestPreviewGoesThoughItsFolderWasAway(t *testing.T) {
	f := newFolder(t)
	f.drop("x.pdf", "paper")
	f.drop("y.pdf", "paper")
	f.must(os.Remove(f.at("x.pdf")))
	f.must(os.Rename(f.root, f.root+" away"))
	f.does("x.pdf", "")
	f.does("y.pdf", "")
	f.must(os.Rename(f.root+" away", f.root))
	f.does("x.pdf", "removed")
	f.does("y.pdf", "")
	if _, err := os.Stat(f.at("y.preview.md")); err != nil {
		t.Error(err)
	}
}

// TestPreviewOfAPaperToComeIsWaitedFor: a sync client brings small files first, also of a paper that was here once.
func TestPreviewOfAPaperToComeIsWaitedFor(t *testing.T) {
	f := newFolder(t)
	f.drop("a/x.pdf", "paper")
	data, err := os.ReadFile(f.at("a/x.preview.md"))
	f.must(err)
	f.must(os.Mkdir(f.at("b"), 0o755))
	f.must(os.WriteFile(f.at("b/x.preview.md"), data, 0o644))
	if out := f.does("b/x.pdf", ""); out.Again == 0 {
		t.Error("not waited for while the paper is elsewhere")
	}
	f.must(os.RemoveAll(f.at("a")))
	f.does("a/x.pdf", "")
	if out := f.does("b/x.pdf", ""); out.Again == 0 {
		t.Error("not waited for once the paper is gone elsewhere")
	}
}

// TestPaperThatReturnsIsReadAtOnce: its preview went with it, so there is nothing to wait for.
func TestPaperThatReturnsIsReadAtOnce(t *testing.T) {
	f := newFolder(t)
	f.drop("x.pdf", "paper")
	f.must(os.Remove(f.at("x.preview.md")))
	if out := f.does("x.pdf", ""); out.Again == 0 {
		t.Error("a preview that vanished is written again at once")
	}
	f.must(os.Remove(f.at("x.pdf")))
	f.does("x.pdf", "")
	f.drop("x.pdf", "paper")
}

func TestDepartedAreForgottenInTheEnd(t *testing.T) {
	var d departed
	now := time.Now()
	for i := range mostDeparted + 2 {
		d.add(fmt.Sprint(i), now.Add(time.Duration(i)*time.Millisecond))
	}
	if got := fmt.Sprint(d.over(now)); got != "[0 1]" {
		t.Errorf("beyond the bound: %s", got)
	}
	if got := fmt.Sprint(d.over(now.Add(strangerGrace + 4*time.Millisecond))); got != "[2 3]" {
		t.Errorf("after the grace: %s", got)
	}

	f := newFolder(t)
	f.drop("x.pdf", "paper")
	f.must(os.RemoveAll(f.root))
	f.does("x.pdf", "")
	f.departed.list[0].at = now.Add(-2 * strangerGrace)
	f.does("y.pdf", "")
	if e, known := f.Cache("").Get(f.at("x.pdf")); known {
		t.Errorf("still remembered: %+v", e)
	}
}
