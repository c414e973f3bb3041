package sidecar

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"qacorpus/sidecar/preview"
)

// restless reads PDFs as lines does; each of the first ones changes meanwhile.
type restless struct {
	changes int
	change  func(path string, left int) error
}

func (r *restless) Extract(ctx context.Context, f *os.File, pages int, passwords []string) (preview.Preview, error) {
	if r.changes--; r.changes >= 0 {
		if err := r.change(f.Name(), r.changes); err != nil {
			return preview.Preview{}, err
		}
	}
	return lines{}.Extract(ctx, f, pages, passwords)
}

// otherBytes changes what a file holds, but not how much.
func otherBytes(path string, left int) error {
	return errors.Join(os.WriteFile(path, []byte{byte(left)}, 0o644), otherTimes(path, left))
}

func otherTimes(path string, left int) error {
	at := time.Now().Add(time.Duration(left) * time.Second)
	return os.Chtimes(path, at, at)
}

// TestTimesThatMoveAreNoChange: on the mounts of some sync clients each reading moves them until the file is uploaded.
func TestTimesThatMoveAreNoChange(t *testing.T) {
	f := newFolder(t)
	f.Extractor = &restless{9, otherTimes}
	f.drop("x.pdf", "x")
}

// TestPausesGrowWhileAFileChanges: whoever reads a file too often keeps some sync clients from uploading it.
func TestPausesGrowWhileAFileChanges(t *testing.T) {
	f := newFolder(t)
	f.Extractor = &restless{9, otherBytes}
	f.must(os.MkdirAll(f.root, 0o755))
	f.must(os.WriteFile(f.at("x.pdf"), []byte("x"), 0o644))
	for i, want := range []time.Duration{300, 600, 1200, 2400, 4800, 9600, 19200, 30000, 30000} {
		if out := f.does("x.pdf", ""); out.Again != want*time.Millisecond {
			t.Errorf("after %d changes again in %v, want %v ms", i+1, out.Again, int(want))
		}
	}
	f.does("x.pdf", "wrote")
	f.Extractor = &restless{1, otherBytes}
	f.must(os.WriteFile(f.at("x.pdf"), []byte("y"), 0o644))
	if out := f.does("x.pdf", ""); out.Again != soon {
		t.Errorf("again in %v, want %v: it was still meanwhile", out.Again, soon)
	}
	f.Grace, f.Extractor = 0, &restless{3, otherBytes}
	f.must(os.WriteFile(f.at("x.pdf"), []byte("z"), 0o644))
	for _, want := range []time.Duration{600, 1000, 1000} {
		if out := f.does("x.pdf", ""); out.Again != want*time.Millisecond {
			t.Errorf("in a single pass again in %v, want %v ms", out.Again, int(want))
		}
	}
}
