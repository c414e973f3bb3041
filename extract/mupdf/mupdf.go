// Package mupdf promises the text of a PDF exactly as PyMuPDF's
// page.get_text() gives it, from the MuPDF library that go-fitz bundles, with
// no C error that ends the process.
//
// # Design notes
//
// go-fitz brings and links MuPDF, and is imported for nothing else: its own
// calls run outside MuPDF's try blocks (an error there ends the process), make
// a context per document (a third of the speed) and walk text differently from
// PyMuPDF. Headers of another module are not on cgo's include path without an
// environment variable, so the few functions and structures that are needed
// are declared in declared.h. MuPDF refuses a caller compiled for another
// version, and New reads a built-in document through these declarations, so a
// library that does not fit is an error at start and not a wrong text later.
//
// An Engine belongs to one goroutine at a time. A file is read where it lies, and
// only the pages asked for are interpreted. One call into C does all that is asked
// of up to 16 pages: Go's scheduler hands a thread's work on while a call is out,
// which cost a twentieth of the time when each page, and each thing told of a
// document, was a call of its own.
//
// MuPDF's own small functions and its memory are the rest of the time. Some of the
// first are replaced where the linker can do it (standin.h), and small blocks come
// from memory of the engine's own (arena.h); together that is a quarter less.
package mupdf

import (
	"cmp"
	"errors"
	"strings"
	"unicode/utf8"
)

// Version is the MuPDF release that the declarations were written for
// (include/mupdf/fitz/version.h of go-fitz v1.28.1).
const Version = "1.28.0"

// What a document may make the engine hold. A line of an outline or of
// metadata that is longer than a few hundred characters helps nobody.
const (
	maxPageText  = 1 << 20 // bytes of UTF-8 for one page
	maxInfo      = 1000    // bytes of a title or an author
	maxLabel     = 40      // bytes of a page label
	maxItems     = 1000    // lines of an outline
	maxDepth     = 12      // levels of an outline
	maxItemTitle = 300     // bytes of one line of an outline
	maxPixels    = 25e6    // of one rendered page
)

// Request is what is to be read of which document.
type Request struct {
	// File is the descriptor of a regular file of Size bytes. It stays the
	// caller's, and its position does not matter. A file that is cut short while
	// it is read is a damaged document.
	File uintptr
	Size int64
	// Data is the document itself, if it is not nil; it is copied.
	Data []byte
	// Passwords are tried after the empty one.
	Passwords []string

	First, Last int  // pages from 1; those that there are not are left out
	Raw         bool // keep U+0000, and every line that holds nothing but blanks
	Plain       bool // leave out title, author and outline
}

// Page is what one page says.
type Page struct {
	Text  string // as page.get_text() gives it, valid UTF-8
	Label string // the number printed on it
	Cut   bool   // the text was longer than 1 MiB, of which Text is the beginning
	Err   error  // why the page could not be read
}

// Document is what is told of a document. Strings are clean lines of at most
// 1,000 bytes.
type Document struct {
	Pages         int  // as many as it says, at least 0
	Repaired      bool // its structure was damaged and rebuilt
	Short         bool // some of what follows is left out for want of memory
	Title, Author string
	Outline       []item // at most 1,000, 12 levels deep, as far as it can be read; a loop ends where it begins
}

// item is one line of an outline. Level counts from 1, Page from 1; Page 0
// leads to no page of this document.
type item = struct {
	Level int
	Title string
	Page  int
}

// ErrPassword says that a document is encrypted and no password opened it.
var ErrPassword = errors.New("open document: a password is needed")

// ErrMemory says that a call failed for want of memory.
var ErrMemory = errors.New("out of memory")

// memoryError is ErrMemory in the library's words.
type memoryError string

func (e memoryError) Error() string        { return cmp.Or(string(e), ErrMemory.Error()) }
func (e memoryError) Is(target error) bool { return target == ErrMemory }

// clean makes one line of a string from a document: valid UTF-8 without
// control characters, runs of white space as one space, none at the ends, cut
// at a character to at most max bytes.
func clean(s string, max int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case r < 0x20:
			return ' '
		case r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\uFEFF':
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimRight(cut(s, max), " ")
}

// cut shortens s to at most max bytes without splitting a character.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}
