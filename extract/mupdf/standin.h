//go:build cgo && !nocgo

/*
 * Stand-ins: functions of this package that the linker puts in the place of
 * MuPDF's and FreeType's of the same name (--wrap, see standin_linux.go). Each gives
 * exactly the answer of the one it stands in for, which it calls where it is not
 * sure. They work between qa_enter and qa_leave only.
 */
#ifndef QA_STANDIN_H
#define QA_STANDIN_H

#include "declared.h"

typedef struct { uint32_t hash, glyph; } qa_slot; /* glyph counts from 1; 0 is free */
typedef struct { const unsigned char *data; long *widths; } qa_base14;
enum { QA_NAME = 28, QA_PLACES = 1024 };
typedef struct { char name[QA_NAME]; int32_t is; } qa_answer;

/* What stand-ins keep for an engine. Zeroed is empty. */
typedef struct {
	int off; /* MuPDF's and FreeType's own functions are to be called */
	const void *face; /* whose glyph names are in slots; NULL is none's */
	const void *refused; /* a face whose names cannot be kept */
	qa_slot *slots;
	size_t cap, mask; /* of slots; of those in use */
	qa_base14 base14[14];
	qa_answer unicode[QA_PLACES], standard[QA_PLACES]; /* a name's place is its hash's; the last one there stays */
} qa_kept;

#ifdef __linux__
extern __thread qa_kept *qa_at_work; /* NULL: no stand-in */
void qa_kept_init(fz_context *ctx, qa_kept *k);
void qa_kept_free(qa_kept *k);
uint32_t qa_hash(const char *s);

/* The place of a name's answer, where another name's may be; NULL for empty and long names. */
qa_answer *qa_recall(qa_answer *kept, const char *name);

/* What is kept of a face holds within one call: between calls faces come and go unseen. */
static inline void qa_enter(qa_kept *k) {
	k->face = k->refused = NULL;
	qa_at_work = k->off ? NULL : k;
}
static inline void qa_leave(void) { qa_at_work = NULL; }
#else
#define qa_kept_init(CTX, K) (void)(K)
#define qa_kept_free(K) (void)(K)
#define qa_enter(K) (void)(K)
#define qa_leave() (void)0
#endif

#endif
