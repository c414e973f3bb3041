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

static int draw(qa_engine *e, qa_doc *d, int n, int width, int grey, double maxpixels, int *pages, qa_bytes *out, qa_error *err) {
	fz_page *page = NULL;
	fz_pixmap *pix = NULL;
	fz_buffer *buf = NULL;
	fz_color_params params = {1, 1, 0, 0}; /* relative colorimetric, black point compensation: the library's defaults */
	memset(out, 0, sizeof *out);
	fz_var(page);
	fz_var(pix);
	fz_var(buf);
	fz_try(e->ctx) {
		fz_matrix m = {1, 0, 0, 1, 0, 0};
		unsigned char *p;
		size_t len;
		*pages = fz_count_pages(e->ctx, d->doc);
		page = fz_load_page(e->ctx, d->doc, n);
		m.a = m.d = scale(fz_bound_page(e->ctx, page), width, maxpixels);
		/* It is off else: text has no use for colours, whose tables cost a seventh of its instructions. */
		fz_enable_icc(e->ctx);
		pix = fz_new_pixmap_from_page(e->ctx, page, m, grey ? fz_device_gray(e->ctx) : fz_device_rgb(e->ctx), 0);
		buf = fz_new_buffer_from_pixmap_as_png(e->ctx, pix, params);
		len = fz_buffer_storage(e->ctx, buf, &p);
		out->data = malloc(len ? len : 1);
		if (!out->data) fz_throw(e->ctx, FZ_ERROR_SYSTEM, "malloc of the picture failed");
		memcpy(out->data, p, len);
		out->len = len;
	}
	fz_always(e->ctx) {
		fz_disable_icc(e->ctx);
		fz_drop_buffer(e->ctx, buf);
		fz_drop_pixmap(e->ctx, pix);
		fz_drop_page(e->ctx, page);
	}
	fz_catch(e->ctx) {
		qa_caught(e, err);
		free(out->data);
		memset(out, 0, sizeof *out);
		return QA_FAILED;
	}
	return QA_OK;
}

int qa_png(qa_engine *e, const qa_source *src, int n, int width, int grey, double maxpixels, int *pages, qa_bytes *out, qa_error *err) {
	qa_doc *d = NULL;
	int how = qa_open(e, src, &d, err);
	if (how == QA_OK) how = draw(e, d, n, width, grey, maxpixels, pages, out, err);
	qa_close(e, d);
	return how;
}
