//go:build linux && cgo && !nocgo

// Package inside promises tests a look at C functions of package mupdf that Go has
// no other use for.
package inside

// #include "../../arena.h"
import "C"

import (
	"unsafe"

	_ "qacorpus/extract/mupdf" // links them
)

// Arena is the memory of an engine.
type Arena struct{ c *C.qa_arena }

// NewArena makes one. To be freed when all of its blocks are.
func NewArena() Arena { return Arena{C.qa_arena_new()} }

// Free gives the memory back.
func (a Arena) Free() { C.qa_arena_free(a.c) }

// Malloc takes a block of n bytes.
func (a Arena) Malloc(n int) unsafe.Pointer {
	return C.qa_arena_malloc(unsafe.Pointer(a.c), C.size_t(n))
}

// Realloc moves a block where n bytes do not fit.
func (a Arena) Realloc(p unsafe.Pointer, n int) unsafe.Pointer {
	return C.qa_arena_realloc(unsafe.Pointer(a.c), p, C.size_t(n))
}

// Give gives a block back.
func (a Arena) Give(p unsafe.Pointer) { C.qa_arena_give(unsafe.Pointer(a.c), p) }
