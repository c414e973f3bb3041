//go:build cgo && !nocgo

package mupdf

import (
	"errors"
	"fmt"
)

// selfTestPDF touches every structure that declared.h declares: a page with
// text inside and outside its rectangle, an outline and a page label. Its
// cross-reference table is left out, which MuPDF mends.
const selfTestPDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R/PageLabels<</Nums[0<</S/r/St 4>>]>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 86>>stream
BT /F 12 Tf 10 50 Td (Layout) Tj 0 -20 Td (holds.) Tj 900 0 Td (outside) Tj ET        
endstream endobj
5 0 obj<</First 6 0 R/Last 6 0 R/Count 1>>endobj
6 0 obj<</Title(Here)/Parent 5 0 R/Dest[3 0 R/Fit]>>endobj
trailer<</Root 1 0 R>>
`

// selfTest reads a document whose text is known through every declaration.
func (e *Engine) selfTest() error {
	var p Page
	d, err := e.Read(Request{Data: []byte(selfTestPDF), First: 1, Last: 1}, func(_ int, got Page) error {
		p = got
		return got.Err
	})
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	if p.Text != "Layout\nholds.\n" || p.Label != "iv" || len(d.Outline) != 1 || d.Outline[0] != (item{1, "Here", 1}) {
		return errors.New("self-test: the library's structures are not those of MuPDF " + Version)
	}
	return nil
}
