//go:build cgo && !nocgo

/* Contexts and documents. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void quiet(void *user, const char *message) {}

qa_engine *qa_new(const char *version, size_t store, qa_error *err) {
	qa_engine *e = calloc(1, sizeof *e);
	if (!e) {
		err->nomem = 1;
		return NULL;
	}
	e->arena = qa_arena_new();
	e->memory = (fz_alloc_context){e->arena, qa_arena_malloc, qa_arena_realloc, qa_arena_give};
	e->ctx = fz_new_context_imp(e->arena ? &e->memory : NULL, NULL, store, version);
	if (!e->ctx) {
		snprintf(err->text, sizeof err->text, "the library is not MuPDF %s", version);
		qa_arena_free(e->arena);
		free(e);
		return NULL;
	}
	fz_disable_icc(e->ctx); /* see picture.c */
	qa_kept_init(e->ctx, &e->kept);
	fz_set_error_callback(e->ctx, quiet, NULL);
	fz_set_warning_callback(e->ctx, quiet, NULL);
	return e;
}

void qa_plain(qa_engine *e, int plain) { e->kept.off = plain; }

void qa_free(qa_engine *e) {
	if (!e) return;
	fz_drop_context(e->ctx);
	qa_kept_free(&e->kept);
	qa_arena_free(e->arena);
	free(e);
}

void qa_caught(qa_engine *e, qa_error *err) {
	const char *m = fz_caught_message(e->ctx);
	snprintf(err->text, sizeof err->text, "%s", m ? m : "unknown error");
	err->nomem = fz_caught(e->ctx) == FZ_ERROR_SYSTEM && (strstr(err->text, "alloc") || strstr(err->text, "memory"));
}

/* Whether the document is open: MuPDF has tried the empty password itself. */
static int unlock(fz_context *ctx, qa_doc *d, const qa_source *src) {
	int i;
	if (!fz_needs_password(ctx, d->doc)) return 1;
	for (i = 0; i < src->nwords; i++)
		if (fz_authenticate_password(ctx, d->doc, src->words[i])) return 1;
	return 0;
}

int qa_open(qa_engine *e, const qa_source *src, qa_doc **doc, qa_error *err) {
	qa_doc *d = calloc(1, sizeof *d);
	fz_stream *s = NULL;
	int how = QA_FAILED;
	if (!d) {
		err->nomem = 1;
		return QA_FAILED;
	}
	fz_var(s);
	fz_var(how);
	fz_try(e->ctx) {
		s = src->data ? fz_open_memory(e->ctx, src->data, (size_t)src->len) : qa_open_source(e->ctx, src->fd, src->len);
		d->doc = pdf_open_document_with_stream(e->ctx, s);
		how = unlock(e->ctx, d, src) ? QA_OK : QA_LOCKED;
	}
	fz_always(e->ctx) { fz_drop_stream(e->ctx, s); }
	fz_catch(e->ctx) { qa_caught(e, err); }
	if (how == QA_OK) *doc = d;
	else qa_close(e, d);
	return how;
}

void qa_close(qa_engine *e, qa_doc *d) {
	qa_error ignored;
	if (!d) return;
	fz_try(e->ctx) { fz_drop_document(e->ctx, d->doc); }
	fz_catch(e->ctx) { qa_caught(e, &ignored); }
	free(d);
}
