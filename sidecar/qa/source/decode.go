// Package source turns the bytes of a file into text that the scanner can
// trust to be valid UTF-8, and byte offsets of that text into lines, columns
// and excerpts that a person can find in an editor.
package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"qacorpus/sidecar/qa/problem"
)

// Text is a decoded file.
type Text struct {
	// S is valid UTF-8 without a byte order mark. Where the file was not,
	// every offending byte is one U+FFFD, so that columns stay right.
	S string
	// Note says what was done to get there, in plain words; empty where the
	// bytes were plain UTF-8.
	Note string
	// Binary says that so much was not UTF-8 that reading stopped there.
	Binary bool

	lines []uint32 // offsets of line starts, made when first asked for
	last  place    // where At was last, so that long lines are not counted again
}

// place is a column already counted.
type place struct{ offset, line, column int }

// Decode reads UTF-8 with or without a byte order mark, and UTF-16 and UTF-32
// with one. Problems have an offset and no line yet.
func Decode(data []byte) (*Text, []problem.Problem) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		t, probs := fromUTF8(data[3:])
		t.Note = "byte order mark removed"
		return t, probs
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE, 0, 0}):
		return fromUTF32(data[4:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0, 0, 0xFE, 0xFF}):
		return fromUTF32(data[4:], binary.BigEndian)
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return fromUTF16(data[2:], binary.BigEndian)
	}
	if p, wide := looksWide(data); wide {
		return &Text{}, []problem.Problem{p}
	}
	return fromUTF8(data)
}

// looksWide recognises UTF-16 and UTF-32 without a byte order mark: JSON
// starts with two ASCII characters, which leave NUL bytes at fixed places
// (RFC 4627, section 3).
func looksWide(data []byte) (problem.Problem, bool) {
	if len(data) < 4 {
		return problem.Problem{}, false
	}
	name := ""
	switch [4]bool{data[0] == 0, data[1] == 0, data[2] == 0, data[3] == 0} {
	case [4]bool{true, false, true, false}, [4]bool{false, true, false, true}:
		name = "UTF-16"
	case [4]bool{true, true, true, false}, [4]bool{false, true, true, true}:
		name = "UTF-32"
	default:
		return problem.Problem{}, false
	}
	return problem.New("QA_ENCODING",
		"the file looks like "+name+" without a byte order mark",
		"save it as UTF-8"), true
}

// mostBad is how many bytes that are not UTF-8 a text may have and still be
// looked at for other problems.
const mostBad = 100_000

func fromUTF8(data []byte) (*Text, []problem.Problem) {
	if utf8.Valid(data) {
		return &Text{S: string(data)}, nil
	}
	var b strings.Builder
	b.Grow(len(data))
	first, firstOffset, count, binary := byte(0), 0, 0, false
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			if count == 0 {
				first, firstOffset = data[i], b.Len()
			}
			if count++; count > mostBad {
				binary = true
				break
			}
		}
		b.WriteRune(r)
		i += n
	}
	msg := fmt.Sprintf("byte 0x%02X is not UTF-8", first)
	if count > 1 {
		msg += fmt.Sprintf(" (and so are %d more)", count-1)
	}
	p := problem.New("QA_ENCODING", msg, "save the file as UTF-8"+guessCharset(data))
	p.Offset = firstOffset
	return &Text{S: b.String(), Binary: binary}, []problem.Problem{p}
}

// guessCharset names the likely encoding for a hint; nothing is converted by it.
func guessCharset(data []byte) string {
	high := 0
	for _, c := range data {
		if c >= 0x80 {
			high++
		}
	}
	if high*10 < len(data)*3 {
		return "; it is probably in Windows-1252 or Latin-1 now"
	}
	return ""
}

// wide collects the text of UTF-16 and UTF-32.
type wide struct {
	b        strings.Builder
	problems []problem.Problem
}

// bad stands U+FFFD for what is no character and reports the first such place.
func (w *wide) bad(message string) {
	if w.problems == nil {
		p := problem.New("QA_ENCODING", message, "save the file as UTF-8")
		p.Offset = w.b.Len()
		w.problems = append(w.problems, p)
	}
	w.b.WriteRune(utf8.RuneError)
}

func fromUTF16(data []byte, order binary.ByteOrder) (*Text, []problem.Problem) {
	var w wide
	w.b.Grow(len(data))
	i := 0
	for ; i+1 < len(data); i += 2 {
		u := rune(order.Uint16(data[i:]))
		if !utf16.IsSurrogate(u) {
			w.b.WriteRune(u)
			continue
		}
		if i+3 < len(data) {
			if r := utf16.DecodeRune(u, rune(order.Uint16(data[i+2:]))); r != utf8.RuneError {
				w.b.WriteRune(r)
				i += 2
				continue
			}
		}
		w.bad("half of a surrogate pair stands alone in UTF-16")
	}
	if i < len(data) {
		w.bad("the file ends in the middle of a UTF-16 character")
	}
	return &Text{S: w.b.String(), Note: "UTF-16 turned into UTF-8"}, w.problems
}

func fromUTF32(data []byte, order binary.ByteOrder) (*Text, []problem.Problem) {
	var w wide
	w.b.Grow(len(data) / 2)
	i := 0
	for ; i+3 < len(data); i += 4 {
		u := order.Uint32(data[i:])
		if u > utf8.MaxRune || utf16.IsSurrogate(rune(u)) {
			w.bad(fmt.Sprintf("0x%X is not a character", u))
			continue
		}
		w.b.WriteRune(rune(u))
	}
	if i < len(data) {
		w.bad("the file ends in the middle of a UTF-32 character")
	}
	return &Text{S: w.b.String(), Note: "UTF-32 turned into UTF-8"}, w.problems
}
