//go:build cgo && !nocgo

/* What the C files of this package share with each other. */
#ifndef QA_INTERNAL_H
#define QA_INTERNAL_H

#include "declared.h"
#include "shim.h"

enum { QA_STREAM_BUFFER = 8192 };

struct qa_engine {
	fz_context *ctx;
	int nomem;
	char error[256];
};
struct qa_doc { fz_document *doc; };

void qa_caught(qa_engine *e); /* to be called first in every fz_catch */

#endif
