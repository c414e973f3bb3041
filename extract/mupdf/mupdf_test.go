//go:build cgo && !nocgo

package mupdf

import "testing"

func TestStarts(t *testing.T) {
	e, err := New(32 << 20)
	if err != nil {
		t.Fatal(err)
	}
	e.Close()
}
