//go:build cgo && !nocgo

/* What MuPDF asks of fonts, without asking again. */
#include "standin.h"

#include <stdlib.h>
#include <string.h>

unsigned __real_FT_Get_Name_Index(FT_FaceRec *face, const char *name);
int __real_FT_Done_Face(FT_FaceRec *face);
int __real_FT_Get_Advance(FT_FaceRec *face, unsigned glyph, int32_t flags, long *width);
int __real_pdf_lookup_cmap_full(pdf_cmap *map, unsigned code, int *out);
int __real_fz_unicode_from_glyph_name(const char *name);

/*
 * The glyph of a name. FreeType compares it with the name of one glyph after the
 * other, and MuPDF asks for up to 256 names of a font, some with several spellings.
 * Here the names of one face are hashed at the first question. A name of LONG bytes
 * or more may have been cut by FreeType, and is left to it; so are empty ones, which
 * are also said of glyphs without a name, and faces whose names are made to collide.
 */
enum { LONG = 63, SAME = 8, CROWDED = 1024 }; /* harmless names lie 48 places away at most */

/* Where name is, or would be; NULL where too many others are in the way. */
static qa_slot *find(qa_kept *k, FT_FaceRec *face, const char *name, uint32_t h) {
	char other[LONG + 1];
	size_t i = h & k->mask;
	int n, same = 0;
	for (n = 0; n < CROWDED; n++, i = (i + 1) & k->mask) {
		qa_slot *s = &k->slots[i];
		if (s->glyph == 0) return s;
		if (s->hash != h) continue;
		if (FT_Get_Glyph_Name(face, s->glyph - 1, other, sizeof other) == 0 && strcmp(name, other) == 0) return s;
		if (++same == SAME) break;
	}
	return NULL;
}

/* Room for the names of n glyphs. */
static int make_room(qa_kept *k, long n) {
	size_t cap = 64;
	if (n < 1 || n > 65536) return 0;
	while (cap < (size_t)n * 2) cap *= 2;
	if (cap > k->cap) {
		free(k->slots);
		k->slots = malloc(cap * sizeof *k->slots);
		k->cap = k->slots ? cap : 0;
	}
	if (!k->slots) return 0;
	k->mask = cap - 1;
	memset(k->slots, 0, cap * sizeof *k->slots);
	return 1;
}

/* Of glyphs with the same name the first counts, as it does for FreeType. */
static int learn(qa_kept *k, FT_FaceRec *face) {
	char name[LONG + 1];
	long i;
	k->face = NULL;
	k->refused = face;
	if (!make_room(k, face->num_glyphs)) return 0;
	for (i = 0; i < face->num_glyphs; i++) {
		uint32_t h;
		qa_slot *s;
		if (FT_Get_Glyph_Name(face, i, name, sizeof name) != 0 || !name[0] || strlen(name) >= LONG) continue;
		h = qa_hash(name);
		s = find(k, face, name, h);
		if (!s) return 0;
		if (s->glyph) continue;
		s->hash = h;
		s->glyph = i + 1;
	}
	k->face = face;
	k->refused = NULL;
	return 1;
}

unsigned __wrap_FT_Get_Name_Index(FT_FaceRec *face, const char *name) {
	qa_kept *k = qa_at_work;
	qa_slot *s;
	if (!k || !face || face == k->refused || !name || !name[0] || strlen(name) >= LONG) return __real_FT_Get_Name_Index(face, name);
	if (k->face != face && !learn(k, face)) return __real_FT_Get_Name_Index(face, name);
	s = find(k, face, name, qa_hash(name));
	if (!s) return __real_FT_Get_Name_Index(face, name);
	return s->glyph ? s->glyph - 1 : 0;
}

/* Another face may come to lie where this one was. */
int __wrap_FT_Done_Face(FT_FaceRec *face) {
	qa_kept *k = qa_at_work;
	if (k && k->face == face) k->face = NULL;
	if (k && k->refused == face) k->refused = NULL;
	return __real_FT_Done_Face(face);
}

/*
 * How wide a glyph of a built-in font is: that needs its outline, and MuPDF asks it
 * for all 256 codes whenever a document uses such a font and gives no widths.
 */
int __wrap_FT_Get_Advance(FT_FaceRec *face, unsigned glyph, int32_t flags, long *width) {
	enum { NO_SCALE = 1 << 0, NO_HINTING = 1 << 1, NO_BITMAP = 1 << 3, IGNORE_TRANSFORM = 1 << 11 }; /* FT_LOAD_ */
	enum { UNKNOWN = -0x7fffffff };
	int unscaled = (flags | NO_BITMAP) == (NO_SCALE | NO_HINTING | NO_BITMAP | IGNORE_TRANSFORM); /* the first implies the third */
	qa_kept *k = qa_at_work;
	long j;
	int i, err;
	if (!k || !unscaled || !face || !face->stream || !face->stream->base || glyph >= (unsigned long)face->num_glyphs)
		return __real_FT_Get_Advance(face, glyph, flags, width);
	for (i = 0; i < 14 && k->base14[i].data != face->stream->base; i++) {}
	if (i < 14 && !k->base14[i].widths) {
		k->base14[i].widths = malloc(face->num_glyphs * sizeof(long));
		for (j = 0; k->base14[i].widths && j < face->num_glyphs; j++) k->base14[i].widths[j] = UNKNOWN;
	}
	if (i == 14 || !k->base14[i].widths) return __real_FT_Get_Advance(face, glyph, flags, width);
	if (k->base14[i].widths[glyph] == UNKNOWN) {
		if ((err = __real_FT_Get_Advance(face, glyph, flags, width)) != 0) return err;
		k->base14[i].widths[glyph] = *width;
	}
	*width = k->base14[i].widths[glyph];
	return 0;
}

/*
 * What a code stands for. To turn a map around, MuPDF looks for each of 65,536
 * codes, most of which lie beyond the last entry of the three sorted tables.
 */
int __wrap_pdf_lookup_cmap_full(pdf_cmap *map, unsigned code, int *out) {
	if (qa_at_work && !map->usecmap && (!map->rlen || code > map->ranges[map->rlen - 1].high) &&
	    (!map->xlen || code > map->xranges[map->xlen - 1].high) && (!map->mlen || code > map->mranges[map->mlen - 1].low))
		return 0;
	return __real_pdf_lookup_cmap_full(map, code, out);
}

/* The character that a glyph's name stands for: some names come hundreds of times. */
int __wrap_fz_unicode_from_glyph_name(const char *name) {
	qa_answer *a = qa_at_work ? qa_recall(qa_at_work->unicode, name) : NULL;
	if (!a) return __real_fz_unicode_from_glyph_name(name);
	if (strcmp(a->name, name) != 0) {
		a->is = __real_fz_unicode_from_glyph_name(name);
		strcpy(a->name, name);
	}
	return a->is;
}
