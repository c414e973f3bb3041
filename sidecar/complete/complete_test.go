package complete

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// aPDF returns the bytes of a PDF that readers take for whole.
func aPDF(linearized int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	if linearized > 0 {
		fmt.Fprintf(&b, "1 0 obj\n<< /Linearized 1 /L %d /H [0 0] >>\nendobj\n", linearized)
	}
	b.WriteString("2 0 obj\n<< /Type /Catalog >>\nendobj\n" + strings.Repeat("% padding\n", 500))
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 2 0 R >>\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes()
}

func write(t *testing.T, base string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), base)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPDF(t *testing.T) {
	whole := aPDF(0)
	for _, c := range []struct {
		what string
		data []byte
		want bool
	}{
		{"whole", whole, true},
		{"whole, with NULs and blanks behind", append(append([]byte{}, whole...), "\x00\x00\r\n "...), true},
		{"whole, after a mail header", append([]byte("From: somebody\n\n"), whole...), true},
		{"linearized, as long as it says", aPDF(5000), true},
		{"linearized, longer to come", aPDF(50000), false},
		{"without its last byte but one", whole[:len(whole)-2], false},
		{"empty", nil, false},
		{"a web page", []byte("<html>%%EOF startxref 1"), false},
		{"an offset behind the end", bytes.Replace(whole, []byte("startxref\n"), []byte("startxref\n9"), 1), false},
	} {
		if got := Check(write(t, "x.pdf", c.data)); got.Whole != c.want || got.Busy || got.Quiet != 0 {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
}

// No beginning of a PDF is taken for the whole, save where only blanks are missing.
func TestEveryBeginningIsIncomplete(t *testing.T) {
	for _, data := range [][]byte{aPDF(0), aPDF(5000)} {
		for n := range len(data) - 2 {
			if pdf(bytes.NewReader(data[:n]), int64(n)) {
				t.Fatalf("the first %d of %d bytes look whole", n, len(data))
			}
		}
	}
}

// An incremental update ends in a second %%EOF; in between the file is whole only
// where the first version ended.
func TestIncrementalUpdate(t *testing.T) {
	first := aPDF(0)
	both := append(append([]byte{}, first...), aPDF(0)[9:]...)
	for n := range len(both) + 1 {
		got := pdf(bytes.NewReader(both[:n]), int64(n))
		whole := bytes.HasSuffix(bytes.TrimRight(both[:n], "\n"), []byte("%%EOF"))
		if got != whole {
			t.Fatalf("%d of %d bytes: %v", n, len(both), got)
		}
	}
}

// badDisk cannot be read.
type badDisk struct{}

func (badDisk) ReadAt([]byte, int64) (int, error) { return 0, syscall.EIO }

// Waiting would not help a file that cannot be read, and one that shrank while it
// was looked at may still grow.
func TestUnreadableIsBroken(t *testing.T) {
	for _, c := range []struct {
		f    io.ReaderAt
		want bool
	}{{badDisk{}, true}, {strings.NewReader("short"), false}} {
		r := &reader{f: c.f}
		whole := pdf(r, 5000)
		lines, _ := qa(r, 5000, true)
		text, _ := qa(r, 5000, false)
		if whole || lines || text || r.broken != c.want {
			t.Errorf("%T: %v %v %v, broken %v", c.f, whole, lines, text, r.broken)
		}
	}
}

func TestHoleIsIncomplete(t *testing.T) {
	data := aPDF(0)
	path := write(t, "x.pdf", nil)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const gap = 1 << 20
	tail := bytes.Replace(data, []byte("startxref\n"), []byte("startxref\n00000"), 1)
	if err := f.Truncate(gap + int64(len(tail))); err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		off  int64
		data []byte
	}{{0, data[:2000]}, {gap, tail}} {
		if _, err := f.WriteAt(w.data, w.off); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if got := Check(path); got.Whole {
		t.Errorf("a file written from its end, with a hole in the middle, looks whole: %+v", got)
	}
}

func TestBusy(t *testing.T) {
	path := write(t, "x.pdf", aPDF(0))
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := Check(path); !got.Whole || !got.Busy {
		t.Errorf("open for writing: %+v", got)
	}
	f.Close()
	if got := Check(path); !got.Whole || got.Busy {
		t.Errorf("closed: %+v", got)
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		base, data string
		whole      bool
		quiet      time.Duration
	}{
		{"x.json", `{"qa_pairs": []}`, true, jsonQuiet},
		{"x.json", `{"qa_pairs": [{"question": "a"}`, false, jsonQuiet},
		{"x.json", `{"a": "}"`, false, jsonQuiet},
		{"x.json", `{"a": "\"}"}`, true, jsonQuiet},
		{"x.json", "", false, jsonQuiet},
		{"x.json", "null", false, jsonQuiet},
		{"x.json", "{\"a\": \"forgotten}\n}", true, jsonQuiet},
		{"x.json", "{} // }\n{ /* } */", false, jsonQuiet},
		{"x.json", "{} // {\n", true, jsonQuiet},
		{"x.json", "\xff\xfe{\x00}\x00", true, linesQuiet},
		{"x.jsonl", "{\"a\":1}\n{\"b\":2}\n", true, linesQuiet},
		{"x.jsonl", "{\"a\":1}\n{\"b\":", false, linesQuiet},
	} {
		if got := Check(write(t, c.base, []byte(c.data))); got.Whole != c.whole || got.Quiet != c.quiet {
			t.Errorf("%s %q: %+v", c.base, c.data, got)
		}
	}
}

func TestOthersAreWhole(t *testing.T) {
	if !Check(write(t, "notes.txt", nil)).Whole || !Check(filepath.Join(t.TempDir(), "none.pdf")).Whole {
		t.Error("a file that is none of ours, or not there, is waited for")
	}
}
