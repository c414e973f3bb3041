package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// encoder appends the fields of a payload.
type encoder []byte

func (e *encoder) number(n int)   { *e = binary.AppendUvarint(*e, uint64(n)) }
func (e *encoder) wide(n int64)   { *e = binary.AppendUvarint(*e, uint64(n)) }
func (e *encoder) text(s string)  { e.number(len(s)); *e = append(*e, s...) }
func (e *encoder) bytes(b []byte) { e.number(len(b)); *e = append(*e, b...) }
func (e *encoder) flag(f bool) {
	if f {
		e.number(1)
	} else {
		e.number(0)
	}
}

// decoder takes the fields of a payload. The first error sticks.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("read message: "+format, args...)
	}
}

func (d *decoder) wide(max int64) int64 {
	if d.err != nil {
		return 0
	}
	n, k := binary.Uvarint(d.b)
	if k <= 0 || n > uint64(max) {
		d.fail("number out of range")
		return 0
	}
	d.b = d.b[k:]
	return int64(n)
}

func (d *decoder) number(max int) int { return int(d.wide(int64(max))) }

func (d *decoder) flag() bool { return d.number(1) == 1 }

func (d *decoder) bytes(max int) []byte {
	n := d.number(min(max, math.MaxInt32))
	if d.err != nil {
		return nil
	}
	if n > len(d.b) {
		d.fail("string longer than its message")
		return nil
	}
	b := d.b[:n:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) text(max int) string {
	b := d.bytes(max)
	if !utf8.Valid(b) {
		d.fail("string is not UTF-8")
		return ""
	}
	return string(b)
}

// end is the error of the payload, which must have been taken whole.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		return errors.New("read message: bytes after its end")
	}
	return d.err
}
