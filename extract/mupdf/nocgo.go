//go:build !cgo || nocgo

package mupdf

import "errors"

// Engine is MuPDF, which this build is without.
type Engine struct{}

var errNoMuPDF = errors.New("start MuPDF: this program was built without cgo and cannot read PDFs")

// New refuses.
func New(int64) (*Engine, error) { return nil, errNoMuPDF }

// Close does nothing.
func (*Engine) Close() {}

// Read refuses.
func (*Engine) Read(Request, func(int, Page) error) (Document, error) {
	return Document{}, errNoMuPDF
}

// PNG refuses.
func (*Engine) PNG(Request, int, int, bool) ([]byte, int, error) { return nil, 0, errNoMuPDF }
