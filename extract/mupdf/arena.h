//go:build cgo && !nocgo

/*
 * Memory for MuPDF's small objects, of which reading a paper takes and gives back
 * some hundred thousand. One engine's, and so used by one thread at a time.
 */
#ifndef QA_ARENA_H
#define QA_ARENA_H

#include <stddef.h>

typedef struct qa_arena qa_arena;

/* NULL for want of memory, and where memory is watched by a sanitizer. */
qa_arena *qa_arena_new(void);

/* Everything that came from the arena must have been given back. */
void qa_arena_free(qa_arena *a);

/* As malloc, realloc and free, from which large blocks come; arena is a qa_arena. */
void *qa_arena_malloc(void *arena, size_t n);
void *qa_arena_realloc(void *arena, void *p, size_t n);
void qa_arena_give(void *arena, void *p);

#endif
