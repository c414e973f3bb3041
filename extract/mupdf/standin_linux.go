//go:build cgo && !nocgo

package mupdf

// A third of the time that MuPDF takes over the first pages of a paper goes into a
// handful of small functions: a call for each byte of a page's operators, a search
// through all glyphs of a font for each name, 65,536 searches in a nearly empty map,
// the widths of the same built-in font again for each document, outlines whose extent
// nobody asks for. The linker puts stand-ins in their place (standin.h): 21 papers,
// four pages each, take 2.47 billion instructions instead of 3.55. The
// linkers of macOS cannot do that, and on Windows it has not been tried; there MuPDF's
// own are called.

/*
#cgo LDFLAGS: -Wl,--wrap=pdf_lex -Wl,--wrap=pdf_new_name
#cgo LDFLAGS: -Wl,--wrap=pdf_lookup_cmap_full
#cgo LDFLAGS: -Wl,--wrap=FT_Get_Name_Index -Wl,--wrap=FT_Done_Face
#cgo LDFLAGS: -Wl,--wrap=FT_Get_Advance -Wl,--wrap=fz_unicode_from_glyph_name
#cgo LDFLAGS: -Wl,--wrap=pdf_tos_make_trm -Wl,--wrap=pdf_tos_reset
#cgo LDFLAGS: -Wl,--wrap=fz_bound_glyph -Wl,--wrap=fz_glyph_entirely_outside_box
#cgo LDFLAGS: -Wl,--wrap=fz_lookup_blendmode -Wl,--wrap=fz_colorspace_is_cmyk
#cgo LDFLAGS: -Wl,--wrap=pdf_load_pattern -Wl,--wrap=pdf_load_shading
*/
import "C"
