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

// plainly has the engine do without the stand-ins, or with them again.
func (e *Engine) plainly(plain bool) {
	var c C.int
	if plain {
		c = 1
	}
	C.qa_plain(e.c, c)
}

// failure is what C says of a call that failed.
func failure(said *C.qa_error) error {
	s := clean(C.GoString(&said.text[0]), 200)
	switch {
	case said.nomem != 0:
		return memoryError(s)
	case s == "":
		return errors.New("unknown error")
	}
	return errors.New(s)
}

// failed turns a result of C into an error; verb is what was done after opening.
func failed(how C.int, verb string, said *C.qa_error) error {
	switch how {
	case C.QA_OK:
		return nil
	case C.QA_LOCKED:
		return ErrPassword
	case C.QA_FAILED:
		verb = "open document"
	}
	return fmt.Errorf("%s: %w", verb, failure(said))
}

// source copies what C keeps of q into C's memory; free gives it back.
func source(q Request) (src *C.qa_source, free func()) {
	src = &C.qa_source{fd: C.int(q.File), len: C.int64_t(q.Size), nwords: C.int(len(q.Passwords))}
	var data unsafe.Pointer
	if q.Data != nil {
		data = C.CBytes(q.Data)
		src.data, src.len = (*C.uchar)(data), C.int64_t(len(q.Data))
	}
	src.words = (**C.char)(C.calloc(C.size_t(len(q.Passwords)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	if src.words == nil {
		src.nwords = 0
	}
	words := unsafe.Slice(src.words, int(src.nwords))
	for i := range words {
		words[i] = C.CString(q.Passwords[i])
	}
	return src, func() {
		for _, w := range words {
			C.free(unsafe.Pointer(w))
		}
		C.free(unsafe.Pointer(src.words))
		C.free(data)
	}
}

// Read gives the pages asked for, in order, to each, and then what is told of the
// document. Where each returns an error, reading ends and that error is returned
// beside the document. ErrPassword where it needs another password, ErrMemory
// (wrapped) where memory did not suffice.
func (e *Engine) Read(q Request, each func(number int, p Page) error) (Document, error) {
	src, free := source(q)
	defer free()
	r := &C.qa_reading{first: C.int(q.First - 1), last: C.int(q.Last - 1), max: maxPageText, maxitems: maxItems, maxdepth: maxDepth}
	if q.Raw {
		r.raw = 1
	}
	if q.Plain {
		r.plain = 1
	}
	defer C.qa_read_end(e.c, r)
	if err := failed(C.qa_read(e.c, src, r), "count pages", &r.error); err != nil {
		return Document{}, err
	}
	for {
		for i := range int(r.npages) {
			if err := each(int(r.first)+i+1, page(&r.page[i])); err != nil {
				C.qa_read_stop(e.c, r)
				return document(r), err
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
		Short:    r.nomem != 0,
		Title:    clean(C.GoString(&r.title[0]), maxInfo),
		Author:   clean(C.GoString(&r.author[0]), maxInfo),
	}
	items := unsafe.Slice(r.items, int(r.nitems))
	for i := range items {
		it := item{Level: int(items[i].level), Title: clean(C.GoString(&items[i].title[0]), maxItemTitle), Page: int(items[i].page)}
		if it.Page < 0 || it.Page > d.Pages {
			it.Page = 0
		}
		if it.Title != "" {
			d.Outline = append(d.Outline, it)
		}
	}
	return d
}

// PNG draws the first page asked for, width pixels wide (less, where the page is
// so long that the picture would exceed the given number of pixels; 0 is 25
// million), in colour or grey. pages is how many the document has, 0 where that is
// not known.
func (e *Engine) PNG(q Request, width, pixels int, grey bool) (picture []byte, pages int, err error) {
	if pixels <= 0 || pixels > maxPixels {
		pixels = maxPixels
	}
	src, free := source(q)
	defer free()
	r := &C.qa_drawing{page: C.int(q.First - 1), width: C.int(width), maxpixels: C.double(pixels)}
	if grey {
		r.grey = 1
	}
	if err := failed(C.qa_draw(e.c, src, r), "draw page", &r.error); err != nil {
		return nil, int(r.pages), err
	}
	defer C.free(unsafe.Pointer(r.png.data))
	return C.GoBytes(unsafe.Pointer(r.png.data), C.int(r.png.len)), int(r.pages), nil
}
