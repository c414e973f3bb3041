//go:build unix && cgo && !nocgo

package extract

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"qacorpus/extract/internal/tinypdf"
	"qacorpus/extract/wire"
)

// TestCutShort says that a file is longer than it is, as it was before somebody
// cut it: what there is is read, and no worker is lost.
func TestCutShort(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.pdf")
	data := tinypdf.Doc{Pages: []string{tinypdf.Text("what is left")}}.Bytes()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	log := &countingHandler{Handler: slog.DiscardHandler}
	p, err := New(Options{Workers: 1, Log: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	a, err := p.ask(t.Context(), f, wire.Request{First: 1, Last: 4, Size: int64(len(data)) + 1<<20})
	if err != nil || a.status != statusOK || len(a.pages) != 1 || a.pages[0].Text != "what is left\n" {
		t.Errorf("%+v, %v", a, err)
	}
	if log.lost != 0 {
		t.Errorf("%d workers were lost", log.lost)
	}
}
