//go:build heavy && linux && cgo && !nocgo

package extract_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os/exec"
	"strings"
	"testing"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

// TestTesseract recognises a page that has been drawn and scanned. It needs
// Debian's package tesseract-ocr.
func TestTesseract(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Fatal("install Debian's package tesseract-ocr: ", err)
	}
	p := pool(t, extract.Options{Workers: 1, OCR: "auto", Sandbox: "required"})
	lines := []string{"Low-rank adaptation of large language models", "keeps the weights frozen."}
	picture, err := p.Render(t.Context(), file(t, tinypdf.Doc{Pages: []string{tinypdf.Text(lines...)}}.Bytes()), 1, 2000, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	grey := make([]byte, 0, w*h)
	for y := range h {
		for x := range w {
			r, _, _, _ := m.At(x, y).RGBA()
			grey = append(grey, byte(r>>8))
		}
	}
	scan := tinypdf.Build("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
		tinypdf.Stream("", "612 0 0 792 0 0 cm /I Do"),
		tinypdf.Stream(fmt.Sprintf("/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray", w, h), string(grey)))
	d, err := p.Extract(t.Context(), file(t, scan), extract.Request{})
	if err != nil || d.Status != "ok" || !d.Recognised || strings.TrimSpace(d.Texts[0]) != strings.Join(lines, "\n") {
		t.Errorf("%+v, %v", d, err)
	}
}
