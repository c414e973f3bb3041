package doctor

// Reading PDFs: a worker is started, shuts itself in and reads a document whose
// text is known.

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"qacorpus/extract"
	"qacorpus/sidecar/preview"
)

// A document of one page. Its cross-reference table is left out, which MuPDF mends.
const (
	testDocument = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 40>>stream
BT /F 12 Tf 10 50 Td (All is well.) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
`
	testText = "All is well.\n"
)

// reading tells whether documents can be read, and how far workers are shut in.
func (d *doctor) reading(ctx context.Context) {
	f, err := os.CreateTemp("", "qacorpus-doctor-*.pdf")
	if err != nil {
		d.fix("reading", "make room there, or set TMPDIR to another folder", "no temporary file can be made: %v", err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := f.WriteString(testDocument); err != nil {
		d.fix("reading", "make room there, or set TMPDIR to another folder", "no temporary file can be written: %v", err)
		return
	}
	log := &listener{}
	o := d.o.Reader
	o.Workers, o.OCR, o.Log = 1, "off", slog.New(log)
	start := time.Now()
	doc, err := readOne(ctx, o, f)
	spent := time.Since(start)
	if ctx.Err() != nil {
		return
	}
	c := judgeReading(doc, err, spent)
	d.add(c)
	if err == nil {
		d.add(judgeSandbox(o.Sandbox, log.about("sandbox"), abilities()))
	}
}

func readOne(ctx context.Context, o extract.Options, f *os.File) (doc extract.Document, err error) {
	pool, err := extract.New(o)
	if err != nil {
		return doc, err
	}
	doc, err = pool.Extract(ctx, f, extract.Request{})
	if cerr := pool.Close(); err == nil {
		err = cerr
	}
	return doc, err
}

// judgeReading compares what came of the test document with what it holds.
func judgeReading(doc extract.Document, err error, spent time.Duration) Check {
	c := Check{Name: "reading", Level: ok, Milliseconds: milliseconds(spent), Said: fmt.Sprintf("a test document was read by MuPDF %s, in %s", preview.MuPDF, took(spent))}
	switch {
	case err != nil:
		c.Level, c.Said = fix, fmt.Sprintf("no worker reads PDFs here: %v", err)
		c.Do = "if extract.sandbox is \"required\", see what is missing; else report this with the output of: qacorpus version"
	case len(doc.Texts) != 1 || doc.Texts[0] != testText:
		c.Level, c.Said = fix, fmt.Sprintf("a test document was not read as it should be: %s, %q", doc.Status, doc.Texts)
		c.Do = "this program and its MuPDF do not fit together; install it anew"
	}
	return c
}

// judgeSandbox tells what the walls around the workers lack. missing is what the
// pool said of it, able what the system says it has.
func judgeSandbox(mode string, missing []string, able string) Check {
	c := Check{Name: "sandbox", Level: ok, Said: "workers are cut off from files, network and other programs"}
	if able != "" {
		c.Said += " (" + able + ")"
	}
	switch {
	case mode == "off":
		c.Level, c.Said = note, "switched off: a hostile PDF could do what you can do"
		c.Do = `set extract.sandbox = "auto"`
	case len(missing) > 0:
		c.Level, c.Said = note, "not complete on this system: "+strings.Join(missing, "; ")
		c.Do = "a newer kernel (Linux 5.13 is the first with all of it) closes this; read PDFs that you trust, or in a virtual machine"
	}
	return c
}

// listener keeps what was logged. It is shared by goroutines.
type listener struct {
	mu   sync.Mutex
	said []slog.Record // guarded by mu
}

func (l *listener) Enabled(context.Context, slog.Level) bool { return true }
func (l *listener) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *listener) WithGroup(string) slog.Handler            { return l }

func (l *listener) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, r)
	return nil
}

// about returns the values of what was said in warnings and notes whose message
// begins with a word, or the messages where they have none.
func (l *listener) about(word string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for _, r := range l.said {
		if r.Level < slog.LevelInfo || !strings.HasPrefix(r.Message, word) {
			continue
		}
		values := 0
		r.Attrs(func(a slog.Attr) bool {
			values++
			if list, ok := a.Value.Any().([]string); ok {
				found = append(found, list...)
			} else {
				found = append(found, a.Value.String())
			}
			return true
		})
		if values == 0 {
			found = append(found, r.Message)
		}
	}
	return found
}
