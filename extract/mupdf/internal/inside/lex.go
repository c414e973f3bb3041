//go:build linux && cgo && !nocgo

package inside

/*
#include "../../standin.h"
#include <stdlib.h>
#include <string.h>

int pdf_lex(fz_context *, fz_stream *, pdf_lexbuf *);
void pdf_lexbuf_init(fz_context *, pdf_lexbuf *, int);
void pdf_lexbuf_fin(fz_context *, pdf_lexbuf *);

enum { FAILED = -1, BROKEN, OVER, STRING = 11 }; // OVER is the end of the data, FAILED an error that is thrown

static qa_kept kept;
static fz_context *ctx; // for as long as the process

static void quiet(void *user, const char *message) {}

// The token that begins at the stream's place; how much of it is left is in rest.
static int next(fz_stream *s, int ours, pdf_lexbuf *b) {
	int t = FAILED;
	fz_var(t);
	kept.off = !ours;
	qa_enter(&kept);
	fz_try(ctx) { t = pdf_lex(ctx, s, b); }
	fz_catch(ctx) { fz_caught_message(ctx); }
	qa_leave();
	return t;
}

typedef struct { int kind; int64_t i; float f; size_t len; size_t left; char text[300]; } token;

// A stream whose buffer never holds more than chunk bytes.
typedef struct { const unsigned char *data; size_t len, chunk; } pieces;

static int pieces_next(fz_context *ctx, fz_stream *s, size_t want) {
	pieces *p = s->state;
	size_t left = p->len - s->pos, n = left < p->chunk ? left : p->chunk;
	if (n == 0) return -1;
	s->rp = (unsigned char *)p->data + s->pos;
	s->wp = s->rp + n;
	s->pos += n;
	return *s->rp++;
}

static void pieces_drop(fz_context *ctx, void *state) {}

// At most max tokens; how many there are.
static int tokens(const unsigned char *data, size_t len, size_t chunk, int ours, token *out, int max) {
	pieces p = {data, len, chunk};
	fz_stream *s;
	pdf_lexbuf b;
	int n = 0;
	if (!ctx) {
		ctx = fz_new_context_imp(NULL, NULL, 0, "1.28.0");
		fz_set_error_callback(ctx, quiet, NULL);
		fz_set_warning_callback(ctx, quiet, NULL);
	}
	s = fz_new_stream(ctx, &p, pieces_next, pieces_drop);
	pdf_lexbuf_init(ctx, &b, 256);
	while (n < max) {
		token *t = &out[n++];
		b.i = 0;
		b.f = 0;
		b.len = 0;
		memset(b.scratch, 0, b.size);
		t->kind = next(s, ours, &b);
		if (t->kind == FAILED || t->kind == OVER) break;
		t->left = s->wp - s->rp;
		t->i = b.i;
		t->f = b.f;
		t->len = b.len;
		// A string ends where b.len says, a broken one nowhere, all else with a zero.
		size_t text = t->kind == STRING ? b.len : t->kind == BROKEN ? 0 : strnlen(b.scratch, b.size);
		memcpy(t->text, b.scratch, text < sizeof t->text ? text : sizeof t->text - 1);
	}
	pdf_lexbuf_fin(ctx, &b);
	fz_drop_stream(ctx, s);
	return n;
}
*/
import "C"

import (
	"math"
	"unsafe"
)

// Token is what MuPDF's reader of PDF syntax finds.
type Token struct {
	Kind  int // as MuPDF numbers them; -1 is an error
	Int   int64
	Float uint32 // the bits of it
	Text  string
	Len   int // of Text, as told
	Left  int // bytes behind it in the buffer
}

// Tokens reads all tokens of data, at most 10,000, with this package's stand-in or
// with MuPDF's own function, from a stream that buffers chunk bytes. Not for several
// goroutines at once.
func Tokens(data []byte, chunk int, ours bool) []Token {
	const most = 10000
	out := (*C.token)(C.calloc(most, C.size_t(unsafe.Sizeof(C.token{}))))
	defer C.free(unsafe.Pointer(out))
	p := C.CBytes(data)
	defer C.free(p)
	var with C.int
	if ours {
		with = 1
	}
	n := C.tokens((*C.uchar)(p), C.size_t(len(data)), C.size_t(chunk), with, out, most)
	var all []Token
	for _, t := range unsafe.Slice(out, int(n)) {
		all = append(all, Token{int(t.kind), int64(t.i), math.Float32bits(float32(t.f)), C.GoString(&t.text[0]), int(t.len), int(t.left)})
	}
	return all
}
