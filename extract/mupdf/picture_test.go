//go:build cgo && !nocgo

package mupdf

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"qacorpus/extract/internal/tinypdf"
)

// colour draws the first page of q, which has one page, and returns what is in its middle.
func colour(t *testing.T, e *Engine, q Request, want image.Point) (r, g, b uint32) {
	t.Helper()
	data, pages, err := e.PNG(q, want.X, 0, false)
	if err != nil || pages != 1 {
		t.Fatal(pages, err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Size() != want {
		t.Errorf("picture is %v, want %v", m.Bounds(), want)
	}
	r, g, b, _ = m.At(want.X/2, want.Y/2).RGBA()
	return r >> 8, g >> 8, b >> 8
}

func TestPNG(t *testing.T) {
	e, q := engine(t), Request{Data: tinypdf.Doc{Pages: []string{"1 0 0 rg 0 0 612 792 re f"}}.Bytes(), First: 1}
	if r, g, b := colour(t, e, q, image.Pt(306, 396)); r != 255 || g != 0 || b != 0 {
		t.Errorf("red is %x %x %x", r, g, b)
	}
	q.First = 2
	if _, pages, err := e.PNG(q, 306, 0, true); err == nil || pages != 1 || strings.Contains(err.Error(), "open") {
		t.Error("page 2 of", pages, "gives", err)
	}
}

// TestProfiles: pictures show colours as their profiles say, before and after text
// is read; plain arithmetic makes of cyan ink 0, 255, 255.
func TestProfiles(t *testing.T) {
	e, q := engine(t), Request{Data: tinypdf.Doc{Pages: []string{"1 0 0 0 k 0 0 612 792 re f"}}.Bytes(), First: 1, Last: 1}
	for range 2 {
		if _, g, _ := colour(t, e, q, image.Pt(306, 396)); g < 160 || g > 185 {
			t.Errorf("the green of cyan is %d", g)
		}
		if _, _, err := read(t, e, q); err != nil {
			t.Error(err)
		}
	}
}
