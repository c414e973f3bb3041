//go:build cgo && !nocgo

/*
 * Pages of 16 KiB, each for blocks of one size, in multiples of 16 bytes. A block's
 * page, and so its size, is known from its address. Because a document gives all of
 * its blocks back, pages soon lie free again, and what is used stays within the
 * processor's cache: that, no lock and no search for a fitting block take a tenth off
 * the time that a paper costs (8 % in a process with one thread, where the C library
 * takes no lock either).
 *
 * Where it is noticed that a document has overwritten a free block, or gives one back
 * twice, the process ends, as it would in the C library: what it has read so far may
 * be wrong.
 */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	UNIT = 16,
	SIZES = 64,            /* blocks of at most 1,024 bytes */
	PAGE = 16 << 10,
	TOTAL = 8 << 20,       /* the papers measured took 1 MiB, the oddest PDFs 2.2 */
	HUGE_PAGE = 2 << 20,
};

typedef struct block {
	struct block *next;
	uintptr_t mark; /* mark_of(block) while it is free */
} block;

typedef struct page {
	struct page *next, *prev; /* among the pages of the size that have room */
	block *free;
	char *fresh; /* no block from here on has been used */
	int used, units, listed;
} page;

struct qa_arena {
	char *memory, *fresh; /* no page from fresh on has been used */
	page *room[SIZES + 1]; /* by units */
	page *idle; /* pages for any size */
};

#if defined(__has_feature) /* clang; gcc defines __SANITIZE_ADDRESS__ */
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define WATCHED
#endif
#endif

#if defined(_WIN32) || defined(__SANITIZE_ADDRESS__) || defined(WATCHED)
qa_arena *qa_arena_new(void) { return NULL; }
void qa_arena_free(qa_arena *a) {}
#else
qa_arena *qa_arena_new(void) {
	qa_arena *a = calloc(1, sizeof *a);
	void *p;
	if (!a) return NULL;
	if (posix_memalign(&p, HUGE_PAGE, TOTAL) != 0) {
		free(a);
		return NULL;
	}
	a->memory = a->fresh = p;
	return a;
}

void qa_arena_free(qa_arena *a) {
	if (!a) return;
	free(a->memory);
	free(a);
}
#endif

static uintptr_t mark_of(const void *p) { return (uintptr_t)p ^ (uintptr_t)0x9e3779b97f4a7c15u; }

static page *page_of(const void *p) { return (page *)((uintptr_t)p & ~(uintptr_t)(PAGE - 1)); }

static int ours(const qa_arena *a, const void *p) { return (uintptr_t)p - (uintptr_t)a->memory < TOTAL; }

static void list(qa_arena *a, page *g) {
	g->prev = NULL;
	g->next = a->room[g->units];
	if (g->next) g->next->prev = g;
	a->room[g->units] = g;
	g->listed = 1;
}

static void unlist(qa_arena *a, page *g) {
	if (g->prev) g->prev->next = g->next;
	else a->room[g->units] = g->next;
	if (g->next) g->next->prev = g->prev;
	g->listed = 0;
}

static page *new_page(qa_arena *a, int units) {
	page *g = a->idle;
	if (g) {
		a->idle = g->next;
	} else {
		if (a->fresh == a->memory + TOTAL) return NULL;
		g = (page *)a->fresh;
		a->fresh += PAGE;
	}
	g->free = NULL;
	g->fresh = (char *)g + (sizeof *g + UNIT - 1) / UNIT * UNIT;
	g->used = 0;
	g->units = units;
	list(a, g);
	return g;
}

void *qa_arena_malloc(void *arena, size_t n) {
	qa_arena *a = arena;
	int units = (int)((n + UNIT - 1) / UNIT);
	if (n == 0 || n > UNIT * SIZES) return malloc(n);
	for (;;) {
		page *g = a->room[units];
		block *b;
		if (!g && !(g = new_page(a, units))) return malloc(n);
		if ((b = g->free)) {
			if (b->mark != mark_of(b) || (b->next && page_of(b->next) != g)) abort();
			g->free = b->next;
			b->mark = 0;
			g->used++;
			return b;
		}
		if (g->fresh + units * UNIT <= (char *)g + PAGE) {
			b = (block *)g->fresh;
			g->fresh += units * UNIT;
			b->mark = 0;
			g->used++;
			return b;
		}
		unlist(a, g);
	}
}

void qa_arena_give(void *arena, void *p) {
	qa_arena *a = arena;
	block *b = p, *o;
	page *g;
	if (!ours(a, p)) {
		free(p);
		return;
	}
	g = page_of(p);
	if (b->mark == mark_of(b)) /* by chance, or because it is free already */
		for (o = g->free; o; o = o->next)
			if (o == b) abort();
	b->next = g->free;
	b->mark = mark_of(b);
	g->free = b;
	g->used--;
	if (!g->listed) {
		list(a, g);
	} else if (g->used == 0 && (g->next || g->prev)) { /* the last one of its size stays */
		unlist(a, g);
		g->next = a->idle;
		a->idle = g;
	}
}

void *qa_arena_realloc(void *arena, void *p, size_t n) {
	qa_arena *a = arena;
	size_t old;
	void *q;
	if (!p) return qa_arena_malloc(a, n);
	if (!ours(a, p)) return realloc(p, n);
	old = (size_t)page_of(p)->units * UNIT;
	if (n <= old && n > old / 2) return p;
	q = qa_arena_malloc(a, n);
	if (!q) return NULL;
	memcpy(q, p, n < old ? n : old);
	qa_arena_give(a, p);
	return q;
}
