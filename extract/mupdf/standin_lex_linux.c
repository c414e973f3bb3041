//go:build cgo && !nocgo

/*
 * Tokens of PDF syntax, from what already lies in the stream's buffer. Plain
 * numbers, names and operators are most of a page; every other token, and one that
 * the buffer does not hold to its end, is left to MuPDF.
 */
#include "standin.h"

#include <string.h>

int __real_pdf_lex(fz_context *ctx, fz_stream *f, pdf_lexbuf *buf);
pdf_obj *__real_pdf_new_name(fz_context *ctx, const char *name);

enum { REGULAR, WHITE, DELIMITER, ESCAPE };

/* ISO 32000-1, 7.2.2; a number sign is an escape in names. */
static const unsigned char kind[256] = {
	['\0'] = WHITE, ['\t'] = WHITE, ['\n'] = WHITE, ['\f'] = WHITE, ['\r'] = WHITE, [' '] = WHITE,
	['('] = DELIMITER, [')'] = DELIMITER, ['<'] = DELIMITER, ['>'] = DELIMITER, ['['] = DELIMITER,
	[']'] = DELIMITER, ['{'] = DELIMITER, ['}'] = DELIMITER, ['/'] = DELIMITER, ['%'] = DELIMITER,
	['#'] = ESCAPE,
};

static int ends(int c) { return kind[c] == WHITE || kind[c] == DELIMITER; }

/*
 * At most nine digits, eight of them behind the point. MuPDF rounds these to the
 * nearest float (fitz/strtof.c), and so does this: digits and power of ten are exact
 * as doubles, and their quotient is never so close to the middle between two floats
 * that rounding it to a double first could matter, because it misses that middle by
 * 2^-25 * 10^-8 of itself or more.
 */
static int number(fz_stream *f, pdf_lexbuf *b) {
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
	const unsigned char *p = f->rp, *end = f->wp;
	char *s = b->scratch;
	int neg = *p == '-', digits = 0, point = 0, behind = 0;
	uint32_t n = 0;
	if (neg) *s++ = *p++;
	for (; p < end; p++) {
		if (*p >= '0' && *p <= '9') {
			if (++digits > 9) return -1;
			n = n * 10 + (*p - '0');
			behind += point;
		} else if (*p == '.' && !point) {
			point = 1;
		} else {
			break;
		}
		*s++ = *p;
	}
	if (p == end || !ends(*p) || digits == 0 || behind > 8) return -1;
	*s = 0;
	f->rp = (unsigned char *)p;
	if (!point) {
		b->i = neg ? -(int64_t)n : n;
		return PDF_TOK_INT;
	}
	b->f = (float)(n / power[behind]);
	if (neg) b->f = -b->f;
	return PDF_TOK_REAL;
}

/* A name, whose slash is the first byte, or an operator. */
static int word(fz_stream *f, pdf_lexbuf *b) {
	enum { LONGEST = 100 }; /* MuPDF shortens from 127 bytes on */
	int name = *f->rp == '/';
	const unsigned char *first = f->rp + name, *p = first, *end = f->wp;
	char *s = b->scratch;
	if (end - p > LONGEST) end = p + LONGEST;
	for (; p < end && kind[*p] == REGULAR; p++) {
		if (!name && (*p < ' ' || *p > '~')) return -1;
		*s++ = *p;
	}
	if (p == end || !ends(*p)) return -1;
	/* All words that are more than an operator have three letters, but for the R of references. */
	if (!name && (p - first > 2 || *first == 'R')) return -1;
	*s = 0;
	b->len = p - first;
	f->rp = (unsigned char *)p;
	return name ? PDF_TOK_NAME : PDF_TOK_KEYWORD;
}

static int token(fz_stream *f, pdf_lexbuf *b) {
	while (f->rp < f->wp && kind[*f->rp] == WHITE) f->rp++;
	if (f->rp == f->wp || b->size < 128) return -1;
	switch (*f->rp) {
	case '[':
		f->rp++;
		return PDF_TOK_OPEN_ARRAY;
	case ']':
		f->rp++;
		return PDF_TOK_CLOSE_ARRAY;
	case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9': case '-': case '.':
		return number(f, b);
	case '+': case '#': /* begin a number, and an operator with an escape */
		return -1;
	case '/':
		return word(f, b);
	}
	return kind[*f->rp] == REGULAR ? word(f, b) : -1;
}

int __wrap_pdf_lex(fz_context *ctx, fz_stream *f, pdf_lexbuf *b) {
	int t = qa_at_work ? token(f, b) : -1;
	return t >= 0 ? t : __real_pdf_lex(ctx, f, b);
}

/*
 * The object of a name. Those that MuPDF knows are small numbers in the place of a
 * pointer (pdf/object.h), which it finds with ten comparisons; others are made.
 */
pdf_obj *__wrap_pdf_new_name(fz_context *ctx, const char *name) {
	qa_answer *a = qa_at_work ? qa_recall(qa_at_work->standard, name) : NULL;
	pdf_obj *o;
	if (a && strcmp(a->name, name) == 0) return (pdf_obj *)(intptr_t)a->is;
	o = __real_pdf_new_name(ctx, name);
	if (a && (uintptr_t)o < 4096) {
		a->is = (int32_t)(uintptr_t)o;
		strcpy(a->name, name);
	}
	return o;
}
