//go:build cgo && !nocgo

/* Where a document's bytes come from. */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef _WIN32
/* Never called: there documents come as bytes. */
static int pread(int fd, void *p, size_t n, int64_t at) {
	errno = ENOSYS;
	return -1;
}
#endif

/*
 * A stream over pread. Mapping the file instead is slower, by a tenth where a
 * page fault is dear, as in a virtual machine, and ends the process where
 * somebody cuts the file short. The descriptor's offset is left alone, because
 * the parent shares it and may be reading the same file. PDFs are read here and
 * there, so what has been read is kept, in windows; a window's place is its
 * number modulo the number of places.
 */
enum { WINDOW = 65536, PLACES = 64 };

typedef struct {
	int fd;
	int64_t size;
	struct { unsigned char *data; int64_t number; size_t len; } kept[PLACES];
} source;

static void fill(fz_context *ctx, source *src, int64_t number) {
	int at = number % PLACES;
	size_t len = 0;
	if (!src->kept[at].data && !(src->kept[at].data = malloc(WINDOW))) fz_throw(ctx, FZ_ERROR_SYSTEM, "malloc of a read buffer failed");
	src->kept[at].len = 0;
	while (len < WINDOW) {
		ssize_t n = pread(src->fd, src->kept[at].data + len, WINDOW - len, number * WINDOW + len);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) fz_throw(ctx, FZ_ERROR_SYSTEM, "read document: %s", strerror(errno));
		if (n == 0) break;
		len += n;
	}
	src->kept[at].number = number;
	src->kept[at].len = len;
}

static int source_next(fz_context *ctx, fz_stream *s, size_t want) {
	source *src = s->state;
	int64_t number = s->pos / WINDOW;
	size_t from = s->pos % WINDOW;
	int at = number % PLACES;
	if (src->kept[at].len == 0 || src->kept[at].number != number) fill(ctx, src, number);
	if (from >= src->kept[at].len) {
		s->rp = s->wp = src->kept[at].data;
		return -1;
	}
	s->rp = src->kept[at].data + from;
	s->wp = src->kept[at].data + src->kept[at].len;
	s->pos += s->wp - s->rp;
	return *s->rp++;
}

static void source_seek(fz_context *ctx, fz_stream *s, int64_t offset, int whence) {
	source *src = s->state;
	if (whence == SEEK_END) offset += src->size;
	else if (whence == SEEK_CUR) offset += s->pos;
	s->pos = offset < 0 ? 0 : offset;
	s->rp = s->wp;
}

static void source_drop(fz_context *ctx, void *state) {
	source *src = state;
	int i;
	for (i = 0; i < PLACES; i++) free(src->kept[i].data);
	free(src);
}

fz_stream *qa_open_source(fz_context *ctx, int fd, int64_t size) {
	source *src = calloc(1, sizeof *src);
	fz_stream *s;
	if (!src) fz_throw(ctx, FZ_ERROR_SYSTEM, "malloc of a read buffer failed");
	src->fd = fd;
	src->size = size;
	s = fz_new_stream(ctx, src, source_next, source_drop); /* drops state itself when it throws */
	s->seek = source_seek;
	return s;
}
