//go:build cgo && !nocgo

/* What the C files of this package share with each other. */
#ifndef QA_INTERNAL_H
#define QA_INTERNAL_H

#include "declared.h"
#include "shim.h"

struct qa_engine {
	fz_context *ctx;
	int nomem;
	char error[256];
};
struct qa_doc {
	fz_document *doc;
};

fz_stream *qa_open_source(fz_context *ctx, int fd, int64_t size);

void qa_caught(qa_engine *e); /* to be called first in every fz_catch */

#endif
