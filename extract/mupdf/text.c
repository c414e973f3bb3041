//go:build cgo && !nocgo

/*
 * Text as PyMuPDF's page.get_text() walks it.
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
static int put(fz_context *ctx, qa_bytes *b, size_t max, int c) {
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
		if (!p) fz_throw(ctx, FZ_ERROR_SYSTEM, "realloc of the text failed");
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

static int is_blank(int c) { return c == ' ' || c == 0xa0 || c == 0x3000; }

/* 1 when a line holds nothing but blanks. */
static int walk(fz_context *ctx, const fz_stext_page *t, fz_rect r, int raw, size_t max, qa_bytes *out) {
	int blank = 0;
	const fz_stext_block *b;
	const fz_stext_line *l;
	const fz_stext_char *c;
	for (b = t->first_block; b; b = b->next) {
		if (b->type != 0) continue;
		for (l = b->u.t.first_line; l; l = l->next) {
			int last = 0, some = 0, ink = 0;
			for (c = l->first_char; c; c = c->next) {
				if (outside(r, &c->quad)) continue;
				last = c->c;
				if (c->c == 0 && !raw) continue;
				if (!put(ctx, out, max, c->c)) return blank;
				some = 1;
				ink |= !is_blank(c->c);
			}
			blank |= some && !ink;
			if (last != '\n' && last > 0 && !put(ctx, out, max, '\n')) return blank;
		}
	}
	return blank;
}

static void by_list(fz_context *ctx, fz_page *page, fz_device *dev) {
	static const fz_rect everything = {-2147483648.0f, -2147483648.0f, 2147483520.0f, 2147483520.0f};
	fz_display_list *list = fz_new_display_list_from_page(ctx, page);
	fz_try(ctx) { fz_run_display_list(ctx, list, dev, identity, everything, NULL); }
	fz_always(ctx) { fz_drop_display_list(ctx, list); }
	fz_catch(ctx) { fz_rethrow(ctx); }
}

/* 1 when a line of the page holds nothing but blanks. */
static int interpret(fz_context *ctx, fz_page *page, int listed, int raw, size_t max, qa_bytes *out) {
	fz_stext_options opts = {FLAGS};
	fz_rect r = fz_bound_page(ctx, page);
	fz_stext_page *text = fz_new_stext_page(ctx, r);
	fz_device *dev = NULL;
	int blank = 0;
	fz_var(dev);
	fz_var(blank);
	fz_try(ctx) {
		dev = fz_new_stext_device(ctx, text, &opts);
		if (listed) by_list(ctx, page, dev);
		else fz_run_page(ctx, page, dev, identity, NULL);
		fz_close_device(ctx, dev);
		out->len = 0;
		out->cut = 0;
		blank = walk(ctx, text, r, raw, max, out);
	}
	fz_always(ctx) {
		fz_drop_device(ctx, dev);
		fz_drop_stext_page(ctx, text);
	}
	fz_catch(ctx) { fz_rethrow(ctx); }
	return blank;
}

/*
 * Run straight into the text device, as PyMuPDF does it, a page keeps blanks that
 * are clipped away; word processors leave many. Run through a display list, as
 * MuPDF's own bindings do it, it loses text objects that draw nothing. That costs
 * a tenth more, so only pages with such lines are read again that way.
 */
void qa_read_page(qa_engine *e, qa_doc *d, int n, int raw, size_t max, qa_page *p) {
	fz_page *page = NULL;
	memset(p, 0, sizeof *p);
	fz_var(page);
	fz_try(e->ctx) {
		page = fz_load_page(e->ctx, d->doc, n);
		if (interpret(e->ctx, page, 0, raw, max, &p->text) && !raw) interpret(e->ctx, page, 1, raw, max, &p->text);
		if (!fz_page_label(e->ctx, page, p->label, sizeof p->label)) p->label[0] = 0;
		p->label[sizeof p->label - 1] = 0;
	}
	fz_always(e->ctx) { fz_drop_page(e->ctx, page); }
	fz_catch(e->ctx) {
		qa_caught(e, &p->error);
		free(p->text.data);
		memset(&p->text, 0, sizeof p->text);
		p->label[0] = 0;
		p->failed = 1;
	}
}
