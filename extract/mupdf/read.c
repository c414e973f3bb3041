//go:build cgo && !nocgo

/* All that is asked of a document, in as few calls as its pages allow. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static int count(qa_engine *e, qa_reading *r) {
	fz_try(e->ctx) { r->pages = fz_count_pages(e->ctx, r->doc->doc); }
	fz_catch(e->ctx) {
		qa_caught(e, &r->error);
		return QA_SPOILT;
	}
	return QA_OK;
}

/* One entry of the metadata; empty where it cannot be read. */
static void info(qa_engine *e, qa_reading *r, const char *key, char *buf, size_t len) {
	qa_error why;
	fz_try(e->ctx) {
		if (fz_lookup_metadata(e->ctx, r->doc->doc, key, buf, len) < 0) buf[0] = 0;
	}
	fz_catch(e->ctx) {
		qa_caught(e, &why);
		r->nomem |= why.nomem;
		buf[0] = 0;
	}
	buf[len - 1] = 0;
}

static void describe(qa_engine *e, qa_reading *r) {
	qa_error why = {0};
	info(e, r, "info:Title", r->title, sizeof r->title);
	info(e, r, "info:Author", r->author, sizeof r->author);
	r->items = malloc(r->maxitems * sizeof *r->items);
	if (r->items) r->nitems = qa_outline(e, r->doc, r->items, r->maxitems, r->maxdepth, &why);
	r->nomem |= !r->items || why.nomem;
}

/* What can be told at the end only: reading may be what finds the damage. */
static void finish(qa_engine *e, qa_reading *r) {
	qa_error why;
	if (!r->plain) describe(e, r);
	fz_try(e->ctx) { r->repaired = pdf_was_repaired(e->ctx, r->doc->doc); }
	fz_catch(e->ctx) {
		qa_caught(e, &why);
		r->nomem |= why.nomem;
	}
	qa_close(e, r->doc);
	r->doc = NULL;
}

static void drop_pages(qa_reading *r) {
	int i;
	for (i = 0; i < r->npages; i++) free(r->page[i].text.data);
	memset(r->page, 0, sizeof r->page);
	r->npages = 0;
}

/* The pages from r->first on, and the rest of the document after the last one. */
static void batch(qa_engine *e, qa_reading *r) {
	int end = r->last < r->pages ? r->last + 1 : r->pages;
	for (; r->npages < QA_BATCH && r->first + r->npages < end; r->npages++)
		qa_read_page(e, r->doc, r->first + r->npages, r->raw, r->max, &r->page[r->npages]);
	if (r->first + r->npages >= end) finish(e, r);
}

int qa_read(qa_engine *e, const qa_source *src, qa_reading *r) {
	int how;
	qa_enter(&e->kept);
	how = qa_open(e, src, &r->doc, &r->error);
	if (how == QA_OK) how = count(e, r);
	if (how == QA_OK) batch(e, r);
	qa_leave();
	return how;
}

void qa_read_on(qa_engine *e, qa_reading *r) {
	r->first += r->npages;
	drop_pages(r);
	qa_enter(&e->kept);
	batch(e, r);
	qa_leave();
}

void qa_read_stop(qa_engine *e, qa_reading *r) {
	if (r->doc) finish(e, r);
}

void qa_read_end(qa_engine *e, qa_reading *r) {
	drop_pages(r);
	free(r->items);
	r->items = NULL;
	qa_close(e, r->doc);
	r->doc = NULL;
}
