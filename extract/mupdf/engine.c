//go:build cgo && !nocgo

/* Contexts and documents. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void quiet(void *user, const char *message) {}

qa_engine *qa_new(const char *version, size_t store, char *err, size_t errlen) {
	qa_engine *e = calloc(1, sizeof *e);
	if (!e) return NULL;
	e->ctx = fz_new_context_imp(NULL, NULL, store, version);
	if (!e->ctx) {
		snprintf(err, errlen, "the library is not MuPDF %s", version);
		free(e);
		return NULL;
	}
	fz_set_error_callback(e->ctx, quiet, NULL);
	fz_set_warning_callback(e->ctx, quiet, NULL);
	return e;
}

void qa_free(qa_engine *e) {
	if (!e) return;
	fz_drop_context(e->ctx);
	free(e);
}

const char *qa_error(qa_engine *e) { return e->error; }
int qa_out_of_memory(qa_engine *e) { return e->nomem; }

void qa_caught(qa_engine *e) {
	const char *m = fz_caught_message(e->ctx);
	snprintf(e->error, sizeof e->error, "%s", m ? m : "unknown error");
	e->nomem = fz_caught(e->ctx) == FZ_ERROR_SYSTEM && (strstr(e->error, "alloc") || strstr(e->error, "memory"));
}

qa_doc *qa_open(qa_engine *e, int fd, const unsigned char *data, int64_t len) {
	qa_doc *d = calloc(1, sizeof *d);
	fz_stream *s = NULL;
	if (!d) return NULL;
	fz_var(s);
	fz_try(e->ctx) {
		s = data ? fz_open_memory(e->ctx, data, (size_t)len) : qa_open_source(e->ctx, fd, len);
		d->doc = pdf_open_document_with_stream(e->ctx, s);
	}
	fz_always(e->ctx) { fz_drop_stream(e->ctx, s); }
	fz_catch(e->ctx) {
		qa_caught(e);
		free(d);
		return NULL;
	}
	return d;
}

void qa_close(qa_engine *e, qa_doc *d) {
	if (!d) return;
	fz_try(e->ctx) { fz_drop_document(e->ctx, d->doc); }
	fz_catch(e->ctx) { qa_caught(e); }
	free(d);
}

int qa_needs_password(qa_engine *e, qa_doc *d) {
	int r = -1;
	fz_var(r);
	fz_try(e->ctx) { r = fz_needs_password(e->ctx, d->doc); }
	fz_catch(e->ctx) { qa_caught(e); }
	return r;
}

int qa_password(qa_engine *e, qa_doc *d, const char *word) {
	int r = 0;
	fz_var(r);
	fz_try(e->ctx) { r = fz_authenticate_password(e->ctx, d->doc, word) != 0; }
	fz_catch(e->ctx) { qa_caught(e); }
	return r;
}

int qa_pages(qa_engine *e, qa_doc *d) {
	int r = -1;
	fz_var(r);
	fz_try(e->ctx) { r = fz_count_pages(e->ctx, d->doc); }
	fz_catch(e->ctx) {
		qa_caught(e);
		r = -1;
	}
	return r;
}

int qa_repaired(qa_engine *e, qa_doc *d) {
	int r = 0;
	fz_var(r);
	fz_try(e->ctx) { r = pdf_was_repaired(e->ctx, d->doc); }
	fz_catch(e->ctx) { qa_caught(e); }
	return r;
}

int qa_info(qa_engine *e, qa_doc *d, const char *key, char *buf, size_t len) {
	int r = -1;
	fz_var(r);
	buf[0] = 0;
	fz_try(e->ctx) { r = fz_lookup_metadata(e->ctx, d->doc, key, buf, len); }
	fz_catch(e->ctx) {
		qa_caught(e);
		buf[0] = 0;
		return -1;
	}
	buf[len - 1] = 0;
	return r;
}
