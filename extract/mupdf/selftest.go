//go:build cgo && !nocgo

package mupdf

import "fmt"

// selfTestPDF touches every structure that declared.h declares: a page with
// text inside and outside its rectangle, in a built-in font with names and without
// widths, an outline and a page label. Its cross-reference table is left out, which
// MuPDF mends.
const selfTestPDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R/PageLabels<</Nums[0<</S/r/St 4>>]>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 7 0 R>>>>>>endobj
4 0 obj<</Length 131>>stream
BT /F 12 Tf 10 50 Td (Layout) Tj 0 -20.5 Td (holds.) Tj 900 0 Td (outside) Tj ET
BT 7 Tr /F 10 Tf 10 70 Td (\1) Tj 20 0 Td (\2) Tj ET
endstream endobj
5 0 obj<</First 6 0 R/Last 6 0 R/Count 1>>endobj
6 0 obj<</Title(Here)/Parent 5 0 R/Dest[3 0 R/Fit]>>endobj
7 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[1/alpha/eacute]>>/ToUnicode 8 0 R>>endobj
8 0 obj<</Length 91>>stream
1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <01> <03b1> endbfchar
      endstream endobj
trailer<</Root 1 0 R>>
`

// selfTest reads a document whose text is known through every declaration, with the
// stand-ins and without.
func (e *Engine) selfTest() error {
	defer e.plainly(false)
	for _, plain := range []bool{true, false} {
		e.plainly(plain)
		if err := e.readSelfTest(); err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
	}
	return nil
}

func (e *Engine) readSelfTest() error {
	var p Page
	d, err := e.Read(Request{Data: []byte(selfTestPDF), First: 1, Last: 1}, func(_ int, got Page) error {
		p = got
		return got.Err
	})
	if err != nil {
		return err
	}
	if p.Text != "Layout\nholds.\nα\né\n" || p.Label != "iv" || len(d.Outline) != 1 || d.Outline[0] != (item{1, "Here", 1}) {
		return fmt.Errorf("the library's structures are not those of MuPDF %s: %q", Version, p.Text)
	}
	return nil
}
