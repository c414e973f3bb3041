//go:build cgo && !nocgo

/*
 * Text as PyMuPDF's page.get_text() walks it, and pages as pictures.
 * https://pymupdf.readthedocs.io/en/latest/app1.html: flags 195 are ligatures
 * kept (1), white space kept (2), clipped to the page (64), character codes for
 * characters without Unicode (128).
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { FLAGS = 1 | 2 | 64 | 128 };

static const fz_matrix identity = {1, 0, 0, 1, 0, 0};

/* 0 when the text is full: a character that does not fit ends it. */
static int put(qa_bytes *b, size_t max, int c) {
	unsigned char u[4];
	size_t n;
	if (c < 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) c = 0xfffd;
	if (c < 0x80) u[0] = c, n = 1;
	else if (c < 0x800) u[0] = 0xc0 | c >> 6, u[1] = 0x80 | (c & 63), n = 2;
	else if (c < 0x10000) u[0] = 0xe0 | c >> 12, u[1] = 0x80 | (c >> 6 & 63), u[2] = 0x80 | (c & 63), n = 3;
	else u[0] = 0xf0 | c >> 18, u[1] = 0x80 | (c >> 12 & 63), u[2] = 0x80 | (c >> 6 & 63), u[3] = 0x80 | (c & 63), n = 4;
	if (b->len + n > max) {
		b->cut = 1;
		return 0;
	}
	if (b->len + n > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 8192;
		unsigned char *p = realloc(b->data, cap);
		if (!p) {
			b->cut = 1;
			return 0;
		}
		b->data = p;
		b->cap = cap;
	}
	memcpy(b->data + b->len, u, n);
	b->len += n;
	return 1;
}

static float least(float a, float b, float c, float d) {
	float m = a < b ? a : b, n = c < d ? c : d;
	return m < n ? m : n;
}

static float most(float a, float b, float c, float d) {
	float m = a > b ? a : b, n = c > d ? c : d;
	return m > n ? m : n;
}

static int outside(fz_rect r, const fz_quad *q) {
	return r.x0 >= most(q->ul.x, q->ur.x, q->ll.x, q->lr.x) || r.y0 >= most(q->ul.y, q->ur.y, q->ll.y, q->lr.y) ||
	       r.x1 <= least(q->ul.x, q->ur.x, q->ll.x, q->lr.x) || r.y1 <= least(q->ul.y, q->ur.y, q->ll.y, q->lr.y);
}

static void walk(const fz_stext_page *t, fz_rect r, int raw, size_t max, qa_bytes *out) {
	const fz_stext_block *b;
	const fz_stext_line *l;
	const fz_stext_char *c;
	for (b = t->first_block; b; b = b->next) {
		if (b->type != 0) continue;
		for (l = b->u.t.first_line; l; l = l->next) {
			int last = 0;
			for (c = l->first_char; c; c = c->next) {
				if (outside(r, &c->quad)) continue;
				last = c->c;
				if (c->c == 0 && !raw) continue;
				if (!put(out, max, c->c)) return;
			}
			if (last != '\n' && last > 0 && !put(out, max, '\n')) return;
		}
	}
}

/* PyMuPDF runs the page into the text device; other tools run it into a display
 * list first, which loses clipped text objects that draw nothing. */
static void run(fz_context *ctx, fz_page *page, fz_device *dev, int how) {
	static const fz_rect everything = {-2147483648.0f, -2147483648.0f, 2147483520.0f, 2147483520.0f};
	fz_display_list *list = NULL;
	if (!(how & QA_LIST)) {
		fz_run_page(ctx, page, dev, identity, NULL);
		return;
	}
	fz_var(list);
	fz_try(ctx) {
		list = fz_new_display_list_from_page(ctx, page);
		fz_run_display_list(ctx, list, dev, identity, everything, NULL);
	}
	fz_always(ctx) { fz_drop_display_list(ctx, list); }
	fz_catch(ctx) { fz_rethrow(ctx); }
}

int qa_text(qa_engine *e, qa_doc *d, int n, int how, size_t max, qa_bytes *out, char *label, int labellen) {
	fz_page *page = NULL;
	fz_stext_page *text = NULL;
	fz_device *dev = NULL;
	fz_stext_options opts;
	fz_rect r;
	memset(out, 0, sizeof *out);
	memset(&opts, 0, sizeof opts);
	opts.flags = FLAGS;
	label[0] = 0;
	fz_var(page);
	fz_var(text);
	fz_var(dev);
	fz_try(e->ctx) {
		page = fz_load_page(e->ctx, d->doc, n);
		r = fz_bound_page(e->ctx, page);
		text = fz_new_stext_page(e->ctx, r);
		dev = fz_new_stext_device(e->ctx, text, &opts);
		run(e->ctx, page, dev, how);
		fz_close_device(e->ctx, dev);
		walk(text, r, how & QA_RAW, max, out);
		if (!fz_page_label(e->ctx, page, label, labellen)) label[0] = 0;
		label[labellen - 1] = 0;
	}
	fz_always(e->ctx) {
		fz_drop_device(e->ctx, dev);
		fz_drop_stext_page(e->ctx, text);
		fz_drop_page(e->ctx, page);
	}
	fz_catch(e->ctx) {
		qa_caught(e);
		free(out->data);
		memset(out, 0, sizeof *out);
		return -1;
	}
	return 0;
}

static float scale(fz_rect r, int width, double maxpixels) {
	double w = r.x1 - r.x0, h = r.y1 - r.y0;
	double s = w > 0 ? width / w : 1;
	while (w * s * h * s > maxpixels) s /= 2;
	return (float)s;
}

int qa_png(qa_engine *e, qa_doc *d, int n, int width, int grey, double maxpixels, qa_bytes *out) {
	fz_page *page = NULL;
	fz_pixmap *pix = NULL;
	fz_buffer *buf = NULL;
	fz_color_params params = {1, 1, 0, 0}; /* relative colorimetric, black point compensation: the library's defaults */
	memset(out, 0, sizeof *out);
	fz_var(page);
	fz_var(pix);
	fz_var(buf);
	fz_try(e->ctx) {
		fz_matrix m = identity;
		unsigned char *p;
		size_t len;
		page = fz_load_page(e->ctx, d->doc, n);
		m.a = m.d = scale(fz_bound_page(e->ctx, page), width, maxpixels);
		pix = fz_new_pixmap_from_page(e->ctx, page, m, grey ? fz_device_gray(e->ctx) : fz_device_rgb(e->ctx), 0);
		buf = fz_new_buffer_from_pixmap_as_png(e->ctx, pix, params);
		len = fz_buffer_storage(e->ctx, buf, &p);
		out->data = malloc(len ? len : 1);
		if (!out->data) fz_throw(e->ctx, FZ_ERROR_SYSTEM, "malloc of the picture failed");
		memcpy(out->data, p, len);
		out->len = len;
	}
	fz_always(e->ctx) {
		fz_drop_buffer(e->ctx, buf);
		fz_drop_pixmap(e->ctx, pix);
		fz_drop_page(e->ctx, page);
	}
	fz_catch(e->ctx) {
		qa_caught(e);
		free(out->data);
		memset(out, 0, sizeof *out);
		return -1;
	}
	return 0;
}
