//go:build cgo && !nocgo

/*
 * How far a glyph reaches needs its outline, which costs more than all else that
 * text asks of a font. MuPDF wants it for each glyph twice: for where a run of text
 * lies, and for whether the glyph is on the page at all.
 */
#include "standin.h"

int __real_pdf_tos_make_trm(fz_context *, pdf_text_object_state *, void *text, void *font, int code, fz_matrix *, float *);
void __real_pdf_tos_reset(fz_context *, pdf_text_object_state *, int mode);
fz_rect __real_fz_bound_glyph(fz_context *, fz_font *, int glyph, fz_matrix);
int __real_fz_lookup_blendmode(const char *name);
int __real_fz_colorspace_is_cmyk(fz_context *, fz_colorspace *);
void *__real_pdf_load_pattern(fz_context *, fz_document *, pdf_obj *);
void *__real_pdf_load_shading(fz_context *, fz_document *, pdf_obj *);
int __real_fz_glyph_entirely_outside_box(fz_context *, fz_matrix *, fz_text_span *, fz_text_item *, fz_rect *);

/*
 * Where a run lies matters where it is painted through a soft mask, with a blend
 * mode, a pattern or a shading, filled and stroked together, or is clipped to
 * (pdf_flush_text_imp in pdf/pdf-op-run.c is the only one to ask). On most pages
 * there is none of that. Glyphs are measured from where the first comes: each takes
 * one of the functions below before the text that it applies to, after the text
 * before it was flushed.
 */
static void measure(void) {
	if (qa_at_work) qa_at_work->measure = 1;
}

int __wrap_fz_lookup_blendmode(const char *name) {
	int mode = __real_fz_lookup_blendmode(name);
	if (mode != 0) measure(); /* 0 is Normal */
	return mode;
}

/* While text is read, asked of the colours of soft masks only. */
int __wrap_fz_colorspace_is_cmyk(fz_context *ctx, fz_colorspace *cs) {
	measure();
	return __real_fz_colorspace_is_cmyk(ctx, cs);
}

void *__wrap_pdf_load_pattern(fz_context *ctx, fz_document *doc, pdf_obj *o) {
	measure();
	return __real_pdf_load_pattern(ctx, doc, o);
}

void *__wrap_pdf_load_shading(fz_context *ctx, fz_document *doc, pdf_obj *o) {
	measure();
	return __real_pdf_load_shading(ctx, doc, o);
}

/* Begins a run, whose first glyph has been placed already. Of the modes only filled, stroked and invisible need no more. */
void __wrap_pdf_tos_reset(fz_context *ctx, pdf_text_object_state *tos, int mode) {
	qa_kept *k = qa_at_work;
	__real_pdf_tos_reset(ctx, tos, mode);
	if (!k || k->measure || mode == 0 || mode == 1 || mode == 3) return;
	k->measure = 1;
	tos->char_bbox = fz_expand_rect(__real_fz_bound_glyph(ctx, k->placed.font, k->placed.glyph, k->placed.trm), 1);
}

/* Places a glyph. */
int __wrap_pdf_tos_make_trm(fz_context *ctx, pdf_text_object_state *tos, void *text, void *font, int code, fz_matrix *trm, float *width) {
	int glyph;
	if (!qa_at_work || qa_at_work->measure) return __real_pdf_tos_make_trm(ctx, tos, text, font, code, trm, width);
	qa_at_work->placing = 1;
	glyph = __real_pdf_tos_make_trm(ctx, tos, text, font, code, trm, width); /* throws nothing once the font is loaded */
	qa_at_work->placing = 0;
	return glyph;
}

fz_rect __wrap_fz_bound_glyph(fz_context *ctx, fz_font *font, int glyph, fz_matrix trm) {
	qa_kept *k = qa_at_work;
	fz_rect unused = {0, 0, 0, 0};
	if (!k || !k->placing) return __real_fz_bound_glyph(ctx, font, glyph, trm);
	k->placing = 0;
	k->placed.font = font;
	k->placed.glyph = glyph;
	k->placed.trm = trm;
	return unused;
}

static float size(float a, float b) { return (a < 0 ? -a : a) + (b < 0 ? -b : b); }

/*
 * Whether outlines lie within a few times their size around their origin. Type 3
 * fonts have no size, a substitute is stretched to whatever width the document says,
 * and of tiny units FreeType makes larger ones.
 */
static int compact(fz_context *ctx, fz_font *font) {
	const FT_FaceRec *face = fz_font_ft_face(ctx, font);
	return face && face->units_per_em >= 64 && !fz_font_flags(font)->ft_stretch;
}

/*
 * A glyph whose origin is further inside the box than FAR times its size is not
 * entirely outside. Only in a damaged font may its outline lie further away; MuPDF
 * drops such a character, and this keeps it (1 of 4,410 mutated PDFs).
 */
int __wrap_fz_glyph_entirely_outside_box(fz_context *ctx, fz_matrix *ctm, fz_text_span *span, fz_text_item *item, fz_rect *box) {
	enum { FAR = 4 };
	if (qa_at_work && compact(ctx, span->font)) {
		fz_matrix m = span->trm;
		float x, y;
		m.e += item->x;
		m.f += item->y;
		m = fz_concat(m, *ctm);
		x = FAR * size(m.a, m.c);
		y = FAR * size(m.b, m.d);
		if (m.e - x > box->x0 && m.e + x < box->x1 && m.f - y > box->y0 && m.f + y < box->y1) return 0;
	}
	return __real_fz_glyph_entirely_outside_box(ctx, ctm, span, item, box);
}
