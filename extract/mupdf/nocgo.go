//go:build !cgo || nocgo

package mupdf

import "errors"

// Engine is MuPDF, which this build is without.
type Engine struct{}

// Doc is an open document, of which there are none.
type Doc struct{}

// Page is what one page says.
type Page struct {
	Text  string
	Label string
	Cut   bool
}

var errNoMuPDF = errors.New("start MuPDF: this program was built without cgo and cannot read PDFs")

// New refuses.
func New(int64) (*Engine, error) { return nil, errNoMuPDF }

// Close does nothing.
func (*Engine) Close() {}

// OutOfMemory is never so.
func (*Engine) OutOfMemory() bool { return false }

// OpenFile refuses.
func (*Engine) OpenFile(uintptr, int64, []string) (*Doc, error) { return nil, errNoMuPDF }

// OpenBytes refuses.
func (*Engine) OpenBytes([]byte, []string) (*Doc, error) { return nil, errNoMuPDF }

// Close does nothing.
func (*Doc) Close() {}

// Pages is none.
func (*Doc) Pages() int { return 0 }

// Repaired is never so.
func (*Doc) Repaired() bool { return false }

// Page refuses.
func (*Doc) Page(int, bool) (Page, error) { return Page{}, errNoMuPDF }

// PNG refuses.
func (*Doc) PNG(int, int, int, bool) ([]byte, error) { return nil, errNoMuPDF }

// Info is nothing.
func (*Doc) Info(string) string { return "" }

// Outline is nothing.
func (*Doc) Outline() []Item { return nil }
