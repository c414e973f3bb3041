package main

// The ways of damaging a document. Some are what disks and downloads do, some are aimed at what a reader of PDFs trusts:
// numbers, names and references.

import (
	"bytes"
	"math/rand/v2"
	"regexp"
)

// way changes a document in place or returns another one.
type way struct {
	kind   string
	change func(data []byte, r *rand.Rand) []byte
}

var ways = []way{
	{"flip", flip}, {"cut", cut}, {"zero", zero}, {"number", number}, {"missing", missing},
	{"twice", twice}, {"reference", reference}, {"name", name}, {"swap", swap}, {"noise", noise},
}

var (
	numbers    = regexp.MustCompile(`[ \[]-?[0-9]+`)
	references = regexp.MustCompile(`[0-9]+ 0 R`)
	names      = regexp.MustCompile(`/[A-Z][A-Za-z0-9]+`)
	nasty      = []string{"0", "-1", "1", "65535", "65536", "2147483647", "-2147483648", "4294967296", "9223372036854775807", "99999999999999999999", "1e9", "0.0000001"}
)

// span picks a stretch of at most longest bytes.
func span(data []byte, longest int, r *rand.Rand) (from, to int) {
	if len(data) == 0 {
		return 0, 0
	}
	from = r.IntN(len(data))
	return from, min(len(data), from+1+r.IntN(longest))
}

// flip turns one to sixteen bits.
func flip(data []byte, r *rand.Rand) []byte {
	for range 1 + r.IntN(16) {
		if len(data) > 0 {
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		}
	}
	return data
}

// cut ends the document early.
func cut(data []byte, r *rand.Rand) []byte { return data[:r.IntN(len(data)+1)] }

// zero blanks a stretch, as a sparse copy has it.
func zero(data []byte, r *rand.Rand) []byte {
	from, to := span(data, 4096, r)
	clear(data[from:to])
	return data
}

// missing leaves a stretch out.
func missing(data []byte, r *rand.Rand) []byte {
	from, to := span(data, 512, r)
	return append(data[:from], data[to:]...)
}

// twice repeats a stretch.
func twice(data []byte, r *rand.Rand) []byte {
	from, to := span(data, 2048, r)
	return append(append(append([]byte{}, data[:to]...), data[from:to]...), data[to:]...)
}

// swap exchanges two stretches of equal length.
func swap(data []byte, r *rand.Rand) []byte {
	n := min(1+r.IntN(1024), len(data)/2)
	if n == 0 {
		return data
	}
	a := r.IntN(len(data) - 2*n + 1)
	b := a + n + r.IntN(len(data)-a-2*n+1)
	held := append([]byte{}, data[a:a+n]...)
	copy(data[a:], data[b:b+n])
	copy(data[b:], held)
	return data
}

// noise fills a stretch with random bytes.
func noise(data []byte, r *rand.Rand) []byte {
	from, to := span(data, 256, r)
	for i := from; i < to; i++ {
		data[i] = byte(r.UintN(256))
	}
	return data
}

// number puts a nasty number for one to four numbers.
func number(data []byte, r *rand.Rand) []byte {
	return replace(data, numbers, r, func(old []byte) []byte {
		return append(append([]byte{}, old[0]), nasty[r.IntN(len(nasty))]...)
	})
}

// reference lets one to four references point to another object: cycles, and pages that are fonts.
func reference(data []byte, r *rand.Rand) []byte {
	all := references.FindAll(data, -1)
	return replace(data, references, r, func([]byte) []byte { return bytes.Clone(all[r.IntN(len(all))]) })
}

// name puts another of the document's names for one to four names.
func name(data []byte, r *rand.Rand) []byte {
	all := names.FindAll(data, -1)
	return replace(data, names, r, func([]byte) []byte { return bytes.Clone(all[r.IntN(len(all))]) })
}

// replace changes one to four matches; a document without any has bits turned instead.
func replace(data []byte, pattern *regexp.Regexp, r *rand.Rand, with func(old []byte) []byte) []byte {
	for range 1 + r.IntN(4) {
		at := pattern.FindAllIndex(data, -1)
		if len(at) == 0 {
			return flip(data, r)
		}
		m := at[r.IntN(len(at))]
		put := with(data[m[0]:m[1]])
		data = append(append(append([]byte{}, data[:m[0]]...), put...), data[m[1]:]...)
	}
	return data
}
