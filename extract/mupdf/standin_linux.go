//go:build cgo && !nocgo

package mupdf

// A quarter of the time that MuPDF takes over the first pages of a paper goes into a
// handful of small functions: a call for each byte of a page's operators, a search
// through all glyphs of a font for each name, 65,536 searches in a nearly empty map,
// the widths of the same built-in font again for each document. The linker puts
// stand-ins in their place (standin.h): 21 papers, four pages each, take 2.74 billion
// instructions instead of 3.55. The linkers of macOS cannot do that, and on Windows it
// has not been tried; there MuPDF's own are called.
//
// Left as it is: MuPDF draws the outline of every glyph to learn how far it reaches,
// which takes another tenth. Nothing cheaper tells it exactly: a guess kept characters
// that MuPDF drops, in damaged fonts.

/*
#cgo LDFLAGS: -Wl,--wrap=pdf_lex -Wl,--wrap=pdf_new_name
#cgo LDFLAGS: -Wl,--wrap=pdf_lookup_cmap_full
#cgo LDFLAGS: -Wl,--wrap=FT_Get_Name_Index -Wl,--wrap=FT_Done_Face
#cgo LDFLAGS: -Wl,--wrap=FT_Get_Advance -Wl,--wrap=fz_unicode_from_glyph_name
*/
import "C"
