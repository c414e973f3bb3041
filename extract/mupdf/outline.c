//go:build cgo && !nocgo

/* The outline, walked with an iterator so that depth and number stay bounded. */
#include "internal.h"

#include <string.h>

typedef struct {
	fz_outline_iterator *it;
	int depth;
} walker;

/* To the next item in reading order; 0 at the end. */
static int advance(fz_context *ctx, walker *o, int maxdepth) {
	int r;
	if (o->depth < maxdepth) {
		r = fz_outline_iterator_down(ctx, o->it);
		if (r >= 0) o->depth++;
		if (r == 0) return 1;
		if (r > 0) { /* below an item without children */
			if (fz_outline_iterator_up(ctx, o->it) < 0) return 0;
			o->depth--;
		}
	}
	for (;;) {
		r = fz_outline_iterator_next(ctx, o->it);
		if (r == 0) return 1;
		if (o->depth == 1 || fz_outline_iterator_up(ctx, o->it) < 0) return 0;
		o->depth--;
	}
}

/* What item says; its page is looked up in the document. */
static void describe(fz_context *ctx, qa_doc *d, const fz_outline_item *item, qa_item *to) {
	to->page = 0;
	to->title[0] = 0;
	if (item->title) {
		strncpy(to->title, item->title, sizeof to->title - 1);
		to->title[sizeof to->title - 1] = 0;
	}
	if (item->uri && item->uri[0] == '#') {
		fz_location at = fz_resolve_link(ctx, d->doc, item->uri, NULL, NULL);
		if (at.page >= 0) to->page = fz_page_number_from_location(ctx, d->doc, at) + 1;
	}
}

int qa_outline(qa_engine *e, qa_doc *d, qa_item *items, int max, int maxdepth, qa_error *err) {
	walker w = {NULL, 1};
	int n = 0;
	fz_var(w);
	fz_var(n);
	fz_try(e->ctx) {
		w.it = fz_new_outline_iterator(e->ctx, d->doc);
		while (w.it && n < max && (n == 0 || advance(e->ctx, &w, maxdepth))) {
			fz_outline_item *item = fz_outline_iterator_item(e->ctx, w.it);
			if (!item) break;
			describe(e->ctx, d, item, &items[n]);
			items[n].level = w.depth;
			n++;
		}
	}
	fz_always(e->ctx) { fz_drop_outline_iterator(e->ctx, w.it); }
	fz_catch(e->ctx) { qa_caught(e, err); }
	return n;
}
