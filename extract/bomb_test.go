//go:build unix && cgo && !nocgo

package extract_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

// bomb is a document whose font takes size MiB when it is unpacked.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	zeros := make([]byte, 1<<20)
	var z bytes.Buffer
	z.WriteString("\x78\x01") // RFC 1950
	w, err := flate.NewWriter(&z, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	// The second MiB says "as before" of the first; so do copies of it.
	var from int
	for range 2 {
		from = z.Len()
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	z.Write(bytes.Repeat(z.Bytes()[from:], size-2))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z.Write(binary.BigEndian.AppendUint32(nil, uint32(size<<20%65521)<<16|1)) // Adler-32 of zeros
	return tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		tinypdf.Stream("", tinypdf.Text("text")),
		"<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor 6 0 R>>",
		"<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 7 0 R>>",
		tinypdf.Stream("/Filter/FlateDecode", z.String()))
}

// TestBomb reads a document that needs more memory than there is: that is an
// error of the document and no crash, and the next one has a fresh worker.
func TestBomb(t *testing.T) {
	p := pool(t, extract.Options{Workers: 1, Memory: bombMemory << 20})
	d, err := p.Extract(t.Context(), file(t, bomb(t, bombMemory+30)), extract.Request{})
	if err != nil || d.Status != "ok" && d.Status != "damaged" {
		t.Errorf("%+v, %v", d, err)
	}
	if d.Status == "damaged" && !strings.Contains(d.Detail, "needs more memory than a worker may use: ") {
		t.Errorf("it is told to be damaged by %q", d.Detail)
	}
	if d, err := p.Extract(t.Context(), file(t, numbered(1)), extract.Request{}); err != nil || d.Status != "ok" {
		t.Errorf("afterwards: %+v, %v", d, err)
	}
}

// TestDeepOutline reads a document whose outline is so deep that MuPDF's
// recursion overflows the stack: the text is worth having all the same.
func TestDeepOutline(t *testing.T) {
	const depth = 100_000
	more := make([]string, 0, depth+1)
	more = append(more, "<</First 7 0 R/Last 7 0 R>>")
	for n := range depth {
		more = append(more, fmt.Sprintf("<</Title(x)/Parent %d 0 R/First %d 0 R/Last %d 0 R>>", n+6, n+8, n+8))
	}
	data := tinypdf.Doc{Pages: []string{tinypdf.Text("text")}, Catalog: "/Outlines 6 0 R", More: more}.Bytes()
	p := pool(t, extract.Options{Workers: 1})
	d, err := p.Extract(t.Context(), file(t, data), extract.Request{})
	if err != nil || d.Status != "ok" || len(d.Texts) != 1 || d.Texts[0] != "text\n" || !strings.Contains(d.Detail, "outline") {
		t.Errorf("%+v, %v", d, err)
	}
}
