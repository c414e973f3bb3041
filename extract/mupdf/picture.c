//go:build cgo && !nocgo

/* Pages as pictures. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static float scale(fz_rect r, int width, double maxpixels) {
	double w = r.x1 - r.x0, h = r.y1 - r.y0;
	double s = w > 0 ? width / w : 1;
	while (w * s * h * s > maxpixels) s /= 2;
	return (float)s;
}

/* The drawn page, in memory of the caller's. */
static void draw(fz_context *ctx, qa_doc *d, qa_drawing *r) {
	fz_page *page = NULL;
	fz_pixmap *pix = NULL;
	fz_buffer *buf = NULL;
	fz_color_params params = {1, 1, 0, 0}; /* relative colorimetric, black point compensation: the library's defaults */
	fz_var(page);
	fz_var(pix);
	fz_var(buf);
	fz_try(ctx) {
		fz_matrix m = {1, 0, 0, 1, 0, 0};
		unsigned char *p;
		size_t len;
		r->pages = fz_count_pages(ctx, d->doc);
		if (r->pages < 1) fz_throw(ctx, FZ_ERROR_FORMAT, "the document has no pages");
		page = fz_load_page(ctx, d->doc, r->page);
		m.a = m.d = scale(fz_bound_page(ctx, page), r->width, r->maxpixels);
		pix = fz_new_pixmap_from_page(ctx, page, m, r->grey ? fz_device_gray(ctx) : fz_device_rgb(ctx), 0);
		buf = fz_new_buffer_from_pixmap_as_png(ctx, pix, params);
		len = fz_buffer_storage(ctx, buf, &p);
		r->png.data = malloc(len ? len : 1);
		if (!r->png.data) fz_throw(ctx, FZ_ERROR_SYSTEM, "malloc of the picture failed");
		memcpy(r->png.data, p, len);
		r->png.len = len;
	}
	fz_always(ctx) {
		fz_drop_buffer(ctx, buf);
		fz_drop_pixmap(ctx, pix);
		fz_drop_page(ctx, page);
	}
	fz_catch(ctx) { fz_rethrow(ctx); }
}

/*
 * Colour profiles are on for pictures only: text has no use for colours, whose
 * tables cost a seventh of its instructions.
 */
int qa_draw(qa_engine *e, const qa_source *src, qa_drawing *r) {
	qa_doc *d = NULL;
	int how = qa_open(e, src, &d, &r->error);
	if (how != QA_OK) return how;
	fz_enable_icc(e->ctx);
	fz_try(e->ctx) { draw(e->ctx, d, r); }
	fz_always(e->ctx) {
		fz_disable_icc(e->ctx);
		qa_close(e, d);
	}
	fz_catch(e->ctx) {
		qa_caught(e, &r->error);
		return QA_SPOILT;
	}
	return QA_OK;
}
