//go:build cgo && !nocgo

/* The outline, walked with an iterator so that depth and number stay bounded. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct qa_outline {
	fz_outline_iterator *it;
	int depth;
	int state; /* 0 before the first item, 1 at an item, 2 at the end */
};

qa_outline *qa_outline_start(qa_engine *e, qa_doc *d) {
	qa_outline *o = calloc(1, sizeof *o);
	if (!o) return NULL;
	o->depth = 1;
	fz_try(e->ctx) { o->it = fz_new_outline_iterator(e->ctx, d->doc); }
	fz_catch(e->ctx) {
		qa_caught(e);
		free(o);
		return NULL;
	}
	return o;
}

void qa_outline_end(qa_engine *e, qa_outline *o) {
	if (!o) return;
	fz_try(e->ctx) { fz_drop_outline_iterator(e->ctx, o->it); }
	fz_catch(e->ctx) { qa_caught(e); }
	free(o);
}

/* To the next item in reading order; 0 at the end. */
static int advance(fz_context *ctx, qa_outline *o, int maxdepth) {
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

int qa_outline_next(qa_engine *e, qa_doc *d, qa_outline *o, int maxdepth, char *title, size_t len, int *level, int *page) {
	int found = 0;
	if (!o->it || o->state == 2) return 0;
	fz_var(found);
	fz_try(e->ctx) {
		fz_outline_item *item = NULL;
		if (o->state == 0 || advance(e->ctx, o, maxdepth)) item = fz_outline_iterator_item(e->ctx, o->it);
		o->state = 1;
		if (item) {
			found = 1;
			*level = o->depth;
			*page = 0;
			title[0] = 0;
			if (item->title) {
				strncpy(title, item->title, len - 1);
				title[len - 1] = 0;
			}
			if (item->uri && item->uri[0] == '#') {
				fz_location at = fz_resolve_link(e->ctx, d->doc, item->uri, NULL, NULL);
				if (at.page >= 0) *page = fz_page_number_from_location(e->ctx, d->doc, at) + 1;
			}
		}
	}
	fz_catch(e->ctx) {
		qa_caught(e);
		o->state = 2;
		return -1;
	}
	if (!found) o->state = 2;
	return found;
}
