//go:build cgo && !nocgo

/* What stand-ins keep, from one call to the next. */
#include "standin.h"

#include <stdlib.h>
#include <string.h>

__thread qa_kept *qa_at_work;

void qa_kept_init(fz_context *ctx, qa_kept *k) {
	static const char *const names[] = {
		"Courier", "Courier-Oblique", "Courier-Bold", "Courier-BoldOblique", "Helvetica", "Helvetica-Oblique", "Helvetica-Bold",
		"Helvetica-BoldOblique", "Times-Roman", "Times-Italic", "Times-Bold", "Times-BoldItalic", "Symbol", "ZapfDingbats",
	};
	int i, len;
	for (i = 0; i < 14; i++) k->base14[i].data = fz_lookup_base14_font(ctx, names[i], &len);
}

void qa_kept_free(qa_kept *k) {
	int i;
	for (i = 0; i < 14; i++) free(k->base14[i].widths);
	free(k->slots);
}

uint32_t qa_hash(const char *s) {
	uint32_t h = 2166136261u; /* FNV-1a */
	while (*s) h = (h ^ (unsigned char)*s++) * 16777619u;
	return h ^ h >> 15;
}

qa_answer *qa_recall(qa_answer *kept, const char *name) {
	size_t len = strlen(name);
	return len > 0 && len < QA_NAME ? &kept[qa_hash(name) & (QA_PLACES - 1)] : NULL;
}
