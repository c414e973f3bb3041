// Package tinypdf promises small PDFs for tests, built from their objects.
package tinypdf

import (
	"bytes"
	"fmt"
	"strings"
)

// Build makes a PDF of objects, numbered from 1, the first of which is the
// catalogue. trailer is added to the trailer, such as an /Info reference.
func Build(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return b.Bytes()
}

// Stream is an object with a stream.
func Stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// Doc is a document that is mostly pages.
type Doc struct {
	Pages   []string // content streams, see Text
	Catalog string   // more of the catalogue, such as "/PageLabels …"
	Trailer string   // more of the trailer
	More    []string // more objects; the first is number 4 + 2*len(Pages)
}

// PageObject is the number of the object of page n, counted from 1.
func PageObject(n int) int { return 2 + 2*n }

// Bytes is the file. Objects 1 to 3 are catalogue, page tree and font.
func (d Doc) Bytes() []byte {
	var kids []string
	objects := []string{"", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
	for i, content := range d.Pages {
		n := PageObject(i + 1)
		kids = append(kids, fmt.Sprintf("%d 0 R", n))
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>", n+1),
			Stream("", content))
	}
	objects[0] = "<</Type/Catalog/Pages 2 0 R" + d.Catalog + ">>"
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(d.Pages), strings.Join(kids, " "))
	return Build(d.Trailer, append(objects, d.More...)...)
}

// Text is a content stream that shows lines, one below the other.
func Text(lines ...string) string {
	var b strings.Builder
	b.WriteString("BT /F 12 Tf 14 TL 72 700 Td\n")
	for _, l := range lines {
		l = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(l)
		fmt.Fprintf(&b, "(%s) Tj T*\n", l)
	}
	b.WriteString("ET")
	return b.String()
}

// Endless is a document of 3 KB that takes for ever: forms that show the next
// form four times, 24 deep.
func Endless() []byte {
	const depth = 24
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
		Stream("", "/X Do"),
	}
	for i := range depth {
		dict := "/Type/XObject/Subtype/Form/BBox[0 0 612 792]"
		if i < depth-1 {
			dict += fmt.Sprintf("/Resources<</XObject<</X %d 0 R>>>>", len(objects)+2)
		}
		objects = append(objects, Stream(dict, strings.Repeat("/X Do ", 4)))
	}
	return Build("", objects...)
}
