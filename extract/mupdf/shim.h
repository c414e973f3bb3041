//go:build cgo && !nocgo

/*
 * What Go calls: every function returns, whatever MuPDF throws inside. They are
 * few and do much at once: Go's scheduler looks after every call that takes longer
 * than 20 microseconds, with several switches between threads. A document's first
 * pages cost one call, with all that is told of it.
 */
#ifndef QA_SHIM_H
#define QA_SHIM_H

#include <stddef.h>
#include <stdint.h>

typedef struct qa_engine qa_engine;
typedef struct qa_doc qa_doc;
typedef struct { unsigned char *data; size_t len, cap; int cut; } qa_bytes;
typedef struct { int nomem; char text[256]; } qa_error; /* nomem: for want of memory */

qa_engine *qa_new(const char *version, size_t store, qa_error *err);
void qa_free(qa_engine *e);
void qa_plain(qa_engine *e, int plain); /* without stand-ins (standin.h), which is as if there were none */

/* A document's len bytes, in a file (data is NULL) or in memory, and the passwords to try. */
typedef struct {
	int fd;
	const unsigned char *data;
	int64_t len;
	char **words;
	int nwords;
} qa_source;

typedef struct {
	qa_bytes text;
	int failed; /* then error says why */
	char label[160]; /* this and the lengths below are four times Go's limits, which shortens by characters */
	qa_error error;
} qa_page;

typedef struct {
	int level, page; /* from 1; page 0 is none */
	char title[1200];
} qa_item;

enum { QA_BATCH = 16 };
enum { QA_OK, QA_LOCKED, QA_FAILED, QA_SPOILT }; /* failed when it was opened, or later */

typedef struct {
	/* asked for */
	int first, last;     /* pages from 0; those that there are not are left out. first moves on with each batch */
	int raw;             /* keep U+0000 and lines of nothing but blanks */
	int plain;           /* leave title, author and outline out */
	size_t max;          /* bytes of a page's text */
	int maxitems, maxdepth;
	/* found */
	int pages, repaired;
	int nomem; /* something below is left out for want of memory */
	char title[4000], author[4000];
	qa_item *items;
	int nitems;
	/* pages from first on; more are to come while doc is not NULL */
	qa_page page[QA_BATCH];
	int npages;
	qa_doc *doc;
	qa_error error;
} qa_reading;

int qa_read(qa_engine *e, const qa_source *src, qa_reading *r);
void qa_read_on(qa_engine *e, qa_reading *r);   /* the next batch instead of the last one */
void qa_read_stop(qa_engine *e, qa_reading *r); /* no more pages; the rest of the document */
void qa_read_end(qa_engine *e, qa_reading *r);  /* frees what the reading holds */

typedef struct {
	/* asked for */
	int page, width, grey; /* from 0; in pixels */
	double maxpixels;
	/* found */
	int pages;
	qa_bytes png; /* data is to be freed */
	qa_error error;
} qa_drawing;

int qa_draw(qa_engine *e, const qa_source *src, qa_drawing *r);

#endif
