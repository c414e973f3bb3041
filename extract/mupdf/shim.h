//go:build cgo && !nocgo

/* What Go calls: every function returns, whatever MuPDF throws inside. */
#ifndef QA_SHIM_H
#define QA_SHIM_H

#include <stddef.h>
#include <stdint.h>

typedef struct qa_engine qa_engine;
typedef struct qa_doc qa_doc;
typedef struct { unsigned char *data; size_t len, cap; int cut; } qa_bytes;

qa_engine *qa_new(const char *version, size_t store, char *err, size_t errlen);
void qa_free(qa_engine *e);
const char *qa_error(qa_engine *e);  /* what the last failing call said */
int qa_out_of_memory(qa_engine *e);  /* whether it failed for want of memory */

/* Where the document's len bytes are: in a file, to be mapped or not, or in memory. */
qa_doc *qa_open(qa_engine *e, int fd, const unsigned char *data, int64_t len);
void qa_close(qa_engine *e, qa_doc *d);
int qa_needs_password(qa_engine *e, qa_doc *d);             /* -1 on error */
int qa_password(qa_engine *e, qa_doc *d, const char *word); /* 1 if it opens */
int qa_pages(qa_engine *e, qa_doc *d);                      /* -1 on error */
int qa_repaired(qa_engine *e, qa_doc *d);
int qa_info(qa_engine *e, qa_doc *d, const char *key, char *buf, size_t len);
/* Text and label of page n (from 0). 0 on success; out->data is to be freed. */
enum { QA_RAW = 1 /* keep U+0000 */, QA_LIST = 2 /* through a display list */ };
int qa_text(qa_engine *e, qa_doc *d, int n, int how, size_t max, qa_bytes *out, char *label, int labellen);
int qa_png(qa_engine *e, qa_doc *d, int n, int width, int grey, double maxpixels, qa_bytes *out);

/* The outline, one item at a time: 1 an item, 0 the end, -1 an error. */
typedef struct qa_outline qa_outline;
qa_outline *qa_outline_start(qa_engine *e, qa_doc *d);
int qa_outline_next(qa_engine *e, qa_doc *d, qa_outline *o, int maxdepth, char *title, size_t len, int *level, int *page);
void qa_outline_end(qa_engine *e, qa_outline *o);

#endif
