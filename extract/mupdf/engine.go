//go:build cgo && !nocgo

package mupdf

/*
#include "shim.h"
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	_ "github.com/gen2brain/go-fitz" // links MuPDF
)

// Engine is one MuPDF context. It is used by one goroutine at a time.
type Engine struct {
	c *C.qa_engine
}

// New starts MuPDF with a cache of at most store bytes and makes sure that the
// library is the one this package was written for.
func New(store int64) (*Engine, error) {
	version := C.CString(Version)
	defer C.free(unsafe.Pointer(version))
	const errLen = 256
	buf := (*C.char)(C.calloc(1, errLen))
	defer C.free(unsafe.Pointer(buf))
	c := C.qa_new(version, C.size_t(store), buf, errLen)
	if c == nil {
		return nil, fmt.Errorf("start MuPDF: %s", C.GoString(buf))
	}
	e := &Engine{c: c}
	if err := e.selfTest(); err != nil {
		e.Close()
		return nil, fmt.Errorf("start MuPDF: %w", err)
	}
	return e, nil
}

// Close frees the context. Its documents have been closed before.
func (e *Engine) Close() {
	C.qa_free(e.c)
	e.c = nil
}

// OutOfMemory says whether the last error was for want of memory.
func (e *Engine) OutOfMemory() bool { return C.qa_out_of_memory(e.c) != 0 }

func (e *Engine) failure() error {
	s := clean(C.GoString(C.qa_error(e.c)), 200)
	if s == "" {
		s = "out of memory"
	}
	return errors.New(s)
}

// Doc is an open document.
type Doc struct {
	e     *Engine
	c     *C.qa_doc
	bytes unsafe.Pointer // C memory that holds the document, or nil
	pages int
}

// OpenFile opens the document that descriptor fd, of a regular file of size
// bytes, holds. The descriptor stays the caller's and its position does not
// matter; it is read until Close. A file that is cut short meanwhile is a damaged
// document. ErrPassword where none of the passwords, nor the empty one, opens it.
func (e *Engine) OpenFile(fd uintptr, size int64, passwords []string) (*Doc, error) {
	return e.opened(C.qa_open(e.c, C.int(fd), nil, C.int64_t(size)), nil, passwords)
}

// OpenBytes opens a document that is held in memory, which it copies.
func (e *Engine) OpenBytes(data []byte, passwords []string) (*Doc, error) {
	p := C.CBytes(data)
	return e.opened(C.qa_open(e.c, -1, (*C.uchar)(p), C.int64_t(len(data))), p, passwords)
}

func (e *Engine) opened(c *C.qa_doc, bytes unsafe.Pointer, passwords []string) (*Doc, error) {
	if c == nil {
		C.free(bytes)
		return nil, fmt.Errorf("open document: %w", e.failure())
	}
	d := &Doc{e: e, c: c, bytes: bytes}
	if err := d.unlock(passwords); err != nil {
		d.Close()
		return nil, err
	}
	n := int(C.qa_pages(e.c, d.c))
	if n < 0 {
		err := fmt.Errorf("count pages: %w", e.failure())
		d.Close()
		return nil, err
	}
	d.pages = n
	return d, nil
}

func (d *Doc) unlock(passwords []string) error {
	// The empty password is tried by MuPDF itself when it opens the document.
	switch C.qa_needs_password(d.e.c, d.c) {
	case 0:
		return nil
	case -1:
		return fmt.Errorf("open document: %w", d.e.failure())
	}
	for _, w := range passwords {
		p := C.CString(w)
		ok := C.qa_password(d.e.c, d.c, p) != 0
		C.free(unsafe.Pointer(p))
		if ok {
			return nil
		}
	}
	return ErrPassword
}

// Close frees the document.
func (d *Doc) Close() {
	C.qa_close(d.e.c, d.c)
	C.free(d.bytes)
	d.c, d.bytes = nil, nil
}

// Pages is how many pages the document says it has, at least 0.
func (d *Doc) Pages() int { return d.pages }

// Repaired says whether the document's structure was damaged and rebuilt.
func (d *Doc) Repaired() bool { return C.qa_repaired(d.e.c, d.c) != 0 }

// Page is what one page says.
type Page struct {
	Text  string // as page.get_text() gives it, valid UTF-8
	Label string // the number printed on it
	Cut   bool   // the text was longer than 1 MiB, of which Text is the beginning
}

// Page reads page n, counted from 1. With raw, U+0000 is kept, and so is every
// line that holds nothing but blanks.
//
// Run straight into the text device, as PyMuPDF does it, a page keeps blanks that
// are clipped away; word processors leave many. Run through a display list, as
// MuPDF's own bindings do it, it does not. That costs a tenth more, so only pages
// with such lines are read again that way.
func (d *Doc) Page(n int, raw bool) (Page, error) {
	if raw {
		return d.page(n, C.QA_RAW)
	}
	p, err := d.page(n, 0)
	if err != nil || !hasBlankLine(p.Text) {
		return p, err
	}
	return d.page(n, viaList)
}

// hasBlankLine reports whether a line of s holds only spaces.
func hasBlankLine(s string) bool {
	for line := range strings.Lines(s) {
		if rest := strings.TrimSuffix(line, "\n"); rest != "" && strings.Trim(rest, " \u00a0\u3000") == "" {
			return true
		}
	}
	return false
}

// viaList reads a page through a display list.
const viaList = C.QA_LIST

func (d *Doc) page(n, how int) (Page, error) {
	var out C.qa_bytes
	var label [maxLabel * 4]C.char
	if C.qa_text(d.e.c, d.c, C.int(n-1), C.int(how), maxPageText, &out, &label[0], C.int(len(label))) != 0 {
		return Page{}, d.e.failure()
	}
	defer C.free(unsafe.Pointer(out.data))
	return Page{
		Text:  C.GoStringN((*C.char)(unsafe.Pointer(out.data)), C.int(out.len)),
		Label: clean(C.GoString(&label[0]), maxLabel),
		Cut:   out.cut != 0,
	}, nil
}

// PNG draws page n, counted from 1, width pixels wide (less, where the page is
// so long that the picture would exceed the given number of pixels; 0 is 25
// million), in colour or grey.
func (d *Doc) PNG(n, width, pixels int, grey bool) ([]byte, error) {
	if pixels <= 0 || pixels > maxPixels {
		pixels = maxPixels
	}
	var out C.qa_bytes
	without := C.int(0)
	if grey {
		without = 1
	}
	if C.qa_png(d.e.c, d.c, C.int(n-1), C.int(width), without, C.double(pixels), &out) != 0 {
		return nil, d.e.failure()
	}
	defer C.free(unsafe.Pointer(out.data))
	return C.GoBytes(unsafe.Pointer(out.data), C.int(out.len)), nil
}

// Info is the document's metadata under a key such as "Title", cleaned.
func (d *Doc) Info(key string) string {
	k := C.CString("info:" + key)
	defer C.free(unsafe.Pointer(k))
	var buf [maxInfo * 4]C.char
	C.qa_info(d.e.c, d.c, k, &buf[0], C.size_t(len(buf)))
	return clean(C.GoString(&buf[0]), maxInfo)
}

// Outline is the document's table of contents: at most 1,000 items, 12 levels
// deep, as far as it can be read. Loops end where they begin.
func (d *Doc) Outline() []Item {
	o := C.qa_outline_start(d.e.c, d.c)
	if o == nil {
		return nil
	}
	defer C.qa_outline_end(d.e.c, o)
	var title [maxItemTitle * 4]C.char
	var level, page C.int
	var items []Item
	for len(items) < maxItems {
		if C.qa_outline_next(d.e.c, d.c, o, maxDepth, &title[0], C.size_t(len(title)), &level, &page) <= 0 {
			break
		}
		it := Item{Level: int(level), Title: clean(C.GoString(&title[0]), maxItemTitle), Page: int(page)}
		if it.Page < 0 || it.Page > d.pages {
			it.Page = 0
		}
		if it.Title != "" {
			items = append(items, it)
		}
	}
	return items
}
