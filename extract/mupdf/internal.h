//go:build cgo && !nocgo

/* What the C files of this package share with each other. */
#ifndef QA_INTERNAL_H
#define QA_INTERNAL_H

#include "arena.h"
#include "declared.h"
#include "shim.h"
#include "standin.h"

struct qa_engine {
	fz_context *ctx;
	qa_arena *arena; /* NULL: MuPDF uses the C library's memory */
	fz_alloc_context memory;
	qa_kept kept;
};
struct qa_doc {
	fz_document *doc;
};

fz_stream *qa_open_source(fz_context *ctx, int fd, int64_t size);

/* To be called first in every fz_catch. */
void qa_caught(qa_engine *e, qa_error *err);

/* QA_OK: doc is open and to be closed. */
int qa_open(qa_engine *e, const qa_source *src, qa_doc **doc, qa_error *err);
void qa_close(qa_engine *e, qa_doc *d);

void qa_read_page(qa_engine *e, qa_doc *d, int n, int raw, size_t max, qa_page *p);

/* At most max items of the outline, as far as it can be read; how many there are. */
int qa_outline(qa_engine *e, qa_doc *d, qa_item *items, int max, int maxdepth, qa_error *err);

#endif
