package main

// The corpus: which file is made of which paper, and how.

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"embed"
)

//go:embed scan/*.png
var scanFiles embed.FS

// password opens Confidential_Review_Copy.pdf; testdata/README.md names it too.
const password = "adapter-2024"

func corpus() (map[string][]byte, error) {
	fonts, err := loadFonts()
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for _, f := range []struct{ file, paper string }{
		{"AdaRank.pdf", "adarank"},
		{"Spectral_Bounds_for_Low-Rank_Updates.pdf", "spectral"},
		{"Sufficient_Affine_Offsets.pdf", "affine"},
		{"Multilingual_Adapters_多语言.pdf", "multilingual"},
		{"Adapters_in_Practice_Report.pdf", "report"},
		{"2024/Quantised_Adapters.PDF", "quantised"},
		{"Confidential_Review_Copy.pdf", "review"},
	} {
		if files[f.file], err = paperFile(fonts, f.paper); err != nil {
			return nil, fmt.Errorf("make %s: %w", f.file, err)
		}
	}
	if files["Scanned_Memo.pdf"], err = scanned(fonts); err != nil {
		return nil, fmt.Errorf("make Scanned_Memo.pdf: %w", err)
	}
	// A download that stopped: the page tree and the catalogue are at the end of the file, so nothing can be recovered.
	whole := files["Spectral_Bounds_for_Low-Rank_Updates.pdf"]
	files["Interrupted_Download.pdf"] = whole[:len(whole)*2/5]
	// What a browser saves when the publisher wants a login first.
	files["Publisher_Login.pdf"] = []byte("<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body><h1>Sign in to read this article</h1>\n" +
		"<p>Your institution's subscription could not be confirmed.</p></body></html>\n")
	return files, nil
}

func paperFile(fonts map[string]*font, name string) ([]byte, error) {
	p, err := readPaper(name)
	if err != nil {
		return nil, err
	}
	d := newDocument(fonts)
	if p.head["encrypted"] == "yes" {
		d.crypt = newEncryption(password, "owner of the review copy", name)
	}
	return build(d, p)
}

// scanSource is the paper that was rendered into scan/*.png.
func scanSource() ([]byte, error) {
	fonts, err := loadFonts()
	if err != nil {
		return nil, err
	}
	return paperFile(fonts, "memo")
}

// scanned makes a document of the pictures alone, one bit a dot, as office scanners do.
func scanned(fonts map[string]*font) ([]byte, error) {
	d := newDocument(fonts)
	for i := 1; ; i++ {
		data, err := scanFiles.ReadFile(fmt.Sprintf("scan/memo-%d.png", i))
		if err != nil {
			break
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		num := d.reserve()
		size := img.Bounds().Size()
		d.packed(num, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray", size.X, size.Y), oneBit(img))
		d.page(pageWidth, pageHeight, fmt.Sprintf("<< /XObject << /Im %d 0 R >> >>", num), "", []byte("q 612 0 0 792 0 0 cm /Im Do Q\n"))
	}
	d.info = [][2]string{{"Producer", "qacorpus testdata/gen"}}
	return d.finish()
}

// speck says whether dirt covers a dot: about one in eight thousand, without a pattern.
func speck(x, y int) bool {
	h := uint32(x)*0x9e3779b1 ^ uint32(y)*0x85ebca77
	h ^= h >> 15
	h *= 0xc2b2ae3d
	return (h^h>>13)%8191 == 0
}

func oneBit(img image.Image) []byte {
	r := img.Bounds()
	stride := (r.Dx() + 7) / 8
	out := make([]byte, stride*r.Dy())
	for y := range r.Dy() {
		for x := range r.Dx() {
			// The paper lay a little askew on the glass, and the glass was not clean.
			from := r.Min.X + max(0, x-y/140)
			if speck(x, y) {
				continue
			}
			if color.GrayModel.Convert(img.At(from, r.Min.Y+y)).(color.Gray).Y > 127 {
				out[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return out
}
