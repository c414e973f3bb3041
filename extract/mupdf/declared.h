//go:build cgo && !nocgo

/*
 * The part of MuPDF 1.28.0, and of the FreeType in it, that this package calls,
 * declared here because the headers of another Go module are not on the include
 * path. Names and layouts are the libraries'; selftest.go checks them at every start.
 */
#ifndef QA_DECLARED_H
#define QA_DECLARED_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fz_context fz_context;
typedef struct fz_document fz_document;
typedef struct fz_page fz_page;
typedef struct fz_device fz_device;
typedef struct fz_buffer fz_buffer;
typedef struct fz_pixmap fz_pixmap;
typedef struct fz_colorspace fz_colorspace;
typedef struct fz_display_list fz_display_list;
typedef struct fz_outline_iterator fz_outline_iterator;
typedef struct pdf_obj pdf_obj;

typedef struct { float x, y; } fz_point;
typedef struct { float x0, y0, x1, y1; } fz_rect;
typedef struct { float a, b, c, d, e, f; } fz_matrix;
typedef struct { fz_point ul, ur, ll, lr; } fz_quad;
typedef struct { int chapter, page; } fz_location;
typedef struct { uint8_t ri, bp, op, opm; } fz_color_params;

typedef struct fz_stext_char {
	int c;
	uint16_t bidi, flags;
	uint32_t argb;
	fz_point origin;
	fz_quad quad;
	float size;
	void *font;
	struct fz_stext_char *next;
} fz_stext_char;

typedef struct fz_stext_line {
	uint8_t wmode, flags;
	fz_point dir;
	fz_rect bbox;
	fz_stext_char *first_char, *last_char;
	struct fz_stext_line *prev, *next;
} fz_stext_line;

typedef struct fz_stext_block {
	int type, id;
	fz_rect bbox;
	union {
		struct { fz_stext_line *first_line, *last_line; int flags; } t;
		struct { fz_matrix transform; void *image; } i;
		struct { void *xs, *ys, *info; } b;
	} u;
	struct fz_stext_block *prev, *next;
} fz_stext_block;

typedef struct {
	int refs;
	void *pool;
	fz_rect mediabox;
	fz_stext_block *first_block;
} fz_stext_page;

/* Larger than the library's own, which reads flags, scale and clip. */
typedef struct { int flags; float scale; fz_rect clip; int spare[16]; } fz_stext_options;

typedef struct {
	char *title, *uri;
	int is_open, flags;
	float r, g, b;
} fz_outline_item;

typedef struct fz_stream fz_stream;
typedef int(fz_stream_next_fn)(fz_context *, fz_stream *, size_t);
typedef void(fz_stream_drop_fn)(fz_context *, void *);
typedef void(fz_stream_seek_fn)(fz_context *, fz_stream *, int64_t, int);
struct fz_stream {
	int refs, error, eof, progressive;
	int64_t pos;
	int avail, bits;
	unsigned char *rp, *wp;
	void *state;
	fz_stream_next_fn *next;
	fz_stream_drop_fn *drop;
	fz_stream_seek_fn *seek;
};

/* pdf/parse.h: the tokens that standin_lex_linux.c gives. */
typedef struct {
	size_t size, base_size, len;
	int64_t i;
	float f;
	char *scratch;
	char buffer[256];
} pdf_lexbuf;
enum { PDF_TOK_OPEN_ARRAY = 2, PDF_TOK_CLOSE_ARRAY, PDF_TOK_NAME = 8, PDF_TOK_INT, PDF_TOK_REAL, PDF_TOK_KEYWORD = 12 };

/* pdf/cmap.h */
typedef struct pdf_cmap {
	struct { int refs; void (*drop)(void), (*droppable)(void); } storable;
	char cmap_name[32], usecmap_name[32];
	struct pdf_cmap *usecmap;
	int wmode, codespace_len;
	struct { int n; unsigned low, high; } codespace[40];
	int rlen, rcap;
	struct { uint16_t low, high, out; } *ranges;
	int xlen, xcap;
	struct { unsigned low, high, out; } *xranges;
	int mlen, mcap;
	struct { unsigned low, out; } *mranges;
} pdf_cmap;

/* The beginning of FreeType's public structures. */
typedef struct { unsigned char *base; } FT_StreamRec;
typedef struct {
	long num_faces, face_index, face_flags, style_flags, num_glyphs;
	char *family_name, *style_name;
	int num_fixed_sizes;
	void *available_sizes;
	int num_charmaps;
	void *charmaps;
	struct { void *data, *finalizer; } generic;
	struct { long xmin, ymin, xmax, ymax; } bbox;
	uint16_t units_per_em;
	int16_t ascender, descender, height, max_advance_width, max_advance_height, underline_position, underline_thickness;
	void *glyph, *size, *charmap, *driver, *memory;
	FT_StreamRec *stream;
} FT_FaceRec;

#ifdef __unix__
typedef sigjmp_buf fz_jmp_buf;
#define fz_setjmp(BUF) sigsetjmp(BUF, 0)
#else
typedef jmp_buf fz_jmp_buf;
#define fz_setjmp(BUF) setjmp(BUF)
#endif
#define fz_try(ctx) if (!fz_setjmp(*fz_push_try(ctx))) if (fz_do_try(ctx)) do
#define fz_always(ctx) while (0); if (fz_do_always(ctx)) do
#define fz_catch(ctx) while (0); if (fz_do_catch(ctx))
#define fz_var(var) fz_var_imp((void *)&(var))

enum { FZ_ERROR_SYSTEM = 2, FZ_ERROR_FORMAT = 7 }; /* of fitz/context.h; MuPDF checks the version that they are of */

typedef struct {
	void *user;
	void *(*malloc)(void *, size_t);
	void *(*realloc)(void *, void *, size_t);
	void (*free)(void *, void *);
} fz_alloc_context;

fz_context *fz_new_context_imp(const fz_alloc_context *, const void *, size_t, const char *);
void fz_drop_context(fz_context *);
void fz_disable_icc(fz_context *);
void fz_enable_icc(fz_context *);
void fz_set_error_callback(fz_context *, void (*)(void *, const char *), void *);
void fz_set_warning_callback(fz_context *, void (*)(void *, const char *), void *);
fz_jmp_buf *fz_push_try(fz_context *);
int fz_do_try(fz_context *);
int fz_do_always(fz_context *);
int fz_do_catch(fz_context *);
void fz_var_imp(void *);
const char *fz_caught_message(fz_context *);
int fz_caught(fz_context *);
void fz_rethrow(fz_context *);
void fz_throw(fz_context *, int, const char *, ...);

fz_stream *fz_new_stream(fz_context *, void *, fz_stream_next_fn *, fz_stream_drop_fn *);
fz_stream *fz_open_memory(fz_context *, const unsigned char *, size_t);
void fz_drop_stream(fz_context *, fz_stream *);
fz_document *pdf_open_document_with_stream(fz_context *, fz_stream *);
void fz_drop_document(fz_context *, fz_document *);
int fz_needs_password(fz_context *, fz_document *);
int fz_authenticate_password(fz_context *, fz_document *, const char *);
int fz_count_pages(fz_context *, fz_document *);
int fz_lookup_metadata(fz_context *, fz_document *, const char *, char *, size_t);
int pdf_was_repaired(fz_context *, fz_document *);

fz_page *fz_load_page(fz_context *, fz_document *, int);
void fz_drop_page(fz_context *, fz_page *);
fz_rect fz_bound_page(fz_context *, fz_page *);
const char *fz_page_label(fz_context *, fz_page *, char *, int);
void fz_run_page(fz_context *, fz_page *, fz_device *, fz_matrix, void *);
fz_display_list *fz_new_display_list_from_page(fz_context *, fz_page *);
void fz_run_display_list(fz_context *, fz_display_list *, fz_device *, fz_matrix, fz_rect, void *);
void fz_drop_display_list(fz_context *, fz_display_list *);
fz_stext_page *fz_new_stext_page(fz_context *, fz_rect);
void fz_drop_stext_page(fz_context *, fz_stext_page *);
fz_device *fz_new_stext_device(fz_context *, fz_stext_page *, const fz_stext_options *);
void fz_close_device(fz_context *, fz_device *);
void fz_drop_device(fz_context *, fz_device *);

fz_outline_iterator *fz_new_outline_iterator(fz_context *, fz_document *);
void fz_drop_outline_iterator(fz_context *, fz_outline_iterator *);
fz_outline_item *fz_outline_iterator_item(fz_context *, fz_outline_iterator *);
int fz_outline_iterator_next(fz_context *, fz_outline_iterator *);
int fz_outline_iterator_up(fz_context *, fz_outline_iterator *);
int fz_outline_iterator_down(fz_context *, fz_outline_iterator *);
fz_location fz_resolve_link(fz_context *, fz_document *, const char *, float *, float *);
int fz_page_number_from_location(fz_context *, fz_document *, fz_location);

const unsigned char *fz_lookup_base14_font(fz_context *, const char *, int *);
int FT_Get_Glyph_Name(FT_FaceRec *, unsigned, void *, unsigned);

fz_pixmap *fz_new_pixmap_from_page(fz_context *, fz_page *, fz_matrix, fz_colorspace *, int);
void fz_drop_pixmap(fz_context *, fz_pixmap *);
fz_colorspace *fz_device_rgb(fz_context *);
fz_colorspace *fz_device_gray(fz_context *);
fz_buffer *fz_new_buffer_from_pixmap_as_png(fz_context *, fz_pixmap *, fz_color_params);
size_t fz_buffer_storage(fz_context *, fz_buffer *, unsigned char **);
void fz_drop_buffer(fz_context *, fz_buffer *);

#endif
