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
	var said C.qa_error
	c := C.qa_new(version, C.size_t(store), &said)
	if c == nil {
		return nil, fmt.Errorf("start MuPDF: %w", failure(&said))
	}
	e := &Engine{c: c}
	if err := e.selfTest(); err != nil {
		e.Close()
		return nil, fmt.Errorf("start MuPDF: %w", err)
	}
	return e, nil
}

// Close frees the context.
func (e *Engine) Close() {
	C.qa_free(e.c)
	e.c = nil
}

// failure is what C says of a call that failed.
func failure(said *C.qa_error) error {
	s := clean(C.GoString(&said.text[0]), 200)
	switch {
	case said.nomem != 0 && s != "":
		return fmt.Errorf("%w: %s", ErrMemory, s)
	case s == "":
		return ErrMemory
	}
	return errors.New(s)
}

// opened turns a result of C into an error.
func opened(how C.int, said *C.qa_error) error {
	switch how {
	case C.QA_OK:
		return nil
	case C.QA_LOCKED:
		return ErrPassword
	}
	return fmt.Errorf("open document: %w", failure(said))
}

// source copies src into C's memory; free gives it back.
func source(src Source) (c *C.qa_source, free func()) {
	c = (*C.qa_source)(C.calloc(1, C.sizeof_qa_source))
	c.fd, c.len = C.int(src.File), C.int64_t(src.Size)
	var data unsafe.Pointer
	if src.Data != nil {
		data = C.CBytes(src.Data)
		c.data, c.len = (*C.uchar)(data), C.int64_t(len(src.Data))
	}
	n := len(src.Passwords)
	words := (**C.char)(C.calloc(C.size_t(n)+1, C.size_t(unsafe.Sizeof(uintptr(0)))))
	c.words, c.nwords = words, C.int(n)
	list := unsafe.Slice(words, n)
	for i, w := range src.Passwords {
		list[i] = C.CString(w)
	}
	return c, func() {
		for _, w := range list {
			C.free(unsafe.Pointer(w))
		}
		C.free(unsafe.Pointer(words))
		C.free(data)
		C.free(unsafe.Pointer(c))
	}
}

// Read gives the pages asked for, in order, to each, and then what is told of the
// document. An error of each ends it and is returned, with the number of pages. ErrPassword where the
// document needs another password, ErrMemory (wrapped) where memory did not
// suffice.
func (e *Engine) Read(src Source, o Options, each func(number int, p Page) error) (Document, error) {
	c, free := source(src)
	defer free()
	r := &C.qa_reading{first: C.int(o.First - 1), last: C.int(o.Last - 1), max: maxPageText, maxitems: maxItems, maxdepth: maxDepth}
	if o.Raw {
		r.raw = 1
	}
	if o.Plain {
		r.plain = 1
	}
	defer C.qa_read_end(e.c, r)
	if err := opened(C.qa_read(e.c, c, r), &r.error); err != nil {
		return Document{}, err
	}
	for {
		for i := range int(r.npages) {
			if err := each(int(r.first)+i+1, page(&r.page[i])); err != nil {
				return Document{Pages: int(r.pages)}, err
			}
		}
		if r.doc == nil {
			return document(r), nil
		}
		C.qa_read_on(e.c, r)
	}
}

func page(p *C.qa_page) Page {
	if p.failed != 0 {
		return Page{Err: failure(&p.error)}
	}
	return Page{
		Text:  C.GoStringN((*C.char)(unsafe.Pointer(p.text.data)), C.int(p.text.len)),
		Label: clean(C.GoString(&p.label[0]), maxLabel),
		Cut:   p.text.cut != 0,
	}
}

func document(r *C.qa_reading) Document {
	d := Document{
		Pages:    int(r.pages),
		Repaired: r.repaired != 0,
		Title:    clean(C.GoString(&r.title[0]), maxInfo),
		Author:   clean(C.GoString(&r.author[0]), maxInfo),
	}
	items := unsafe.Slice(r.items, int(r.nitems))
	for i := range items {
		it := Item{Level: int(items[i].level), Title: clean(C.GoString(&items[i].title[0]), maxItemTitle), Page: int(items[i].page)}
		if it.Page < 0 || it.Page > d.Pages {
			it.Page = 0
		}
		if it.Title != "" {
			d.Outline = append(d.Outline, it)
		}
	}
	return d
}

// PNG draws page n, counted from 1, width pixels wide (less, where the page is
// so long that the picture would exceed the given number of pixels; 0 is 25
// million), in colour or grey. pages is how many the document has.
func (e *Engine) PNG(src Source, n, width, pixels int, grey bool) (picture []byte, pages int, err error) {
	if pixels <= 0 || pixels > maxPixels {
		pixels = maxPixels
	}
	c, free := source(src)
	defer free()
	var out C.qa_bytes
	var said C.qa_error
	var count C.int
	without := C.int(0)
	if grey {
		without = 1
	}
	how := C.qa_png(e.c, c, C.int(n-1), C.int(width), without, C.double(pixels), &count, &out, &said)
	if err := opened(how, &said); err != nil {
		return nil, int(count), err
	}
	defer C.free(unsafe.Pointer(out.data))
	return C.GoBytes(unsafe.Pointer(out.data), C.int(out.len)), int(count), nil
}
