package emit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"qacorpus/sidecar/qa/tree"
)

const hexDigits = "0123456789abcdef"

// str writes a string node.
func (w *writer) str(n uint32) {
	if w.t.Plain(n) || !w.style.ASCII && !w.t.Escaped(n) {
		w.raw(w.t.Raw(n))
		return
	}
	s, _ := w.t.Inner(n)
	w.byte('"')
	w.inner(s)
	w.byte('"')
}

// trimmed writes a string node without the white space at its ends.
func (w *writer) trimmed(n uint32) {
	s, _ := w.t.Inner(n)
	lo, hi := Trim(s)
	if lo == 0 && hi == len(s) {
		w.str(n)
		return
	}
	w.out.Trimmed = true
	w.byte('"')
	w.inner(s[lo:hi])
	w.byte('"')
}

// text writes a string that is not in the file.
func (w *writer) text(s string) {
	w.byte('"')
	for _, r := range s {
		w.rune(r)
	}
	w.byte('"')
}

// inner writes the raw inside of a string, escaped as json.dump does it.
func (w *writer) inner(s string) {
	for len(s) > 0 {
		i := 0
		if w.style.ASCII {
			for i < len(s) && s[i] != '\\' && s[i] < 0x7f {
				i++
			}
		} else if i = strings.IndexByte(s, '\\'); i < 0 {
			i = len(s)
		}
		w.raw(s[:i])
		if s = s[i:]; s == "" {
			return
		}
		if s[0] != '\\' {
			r, size := utf8.DecodeRuneInString(s)
			w.rune(r)
			s = s[size:]
			continue
		}
		r, size := tree.Unescape(s)
		w.rune(r)
		s = s[size:]
	}
}

// rune writes one character with the escapes of Python's json: the short
// ones, else \u with small digits.
func (w *writer) rune(r rune) {
	switch {
	case r == '"' || r == '\\':
		w.out.Bytes = append(w.out.Bytes, '\\', byte(r))
	case r >= ' ' && r < 0x7f:
		w.byte(byte(r))
	case r == '\n':
		w.raw(`\n`)
	case r == '\t':
		w.raw(`\t`)
	case r == '\r':
		w.raw(`\r`)
	case r == '\b':
		w.raw(`\b`)
	case r == '\f':
		w.raw(`\f`)
	case r < ' ':
		w.hex(r)
	case !w.style.ASCII:
		w.out.Bytes = utf8.AppendRune(w.out.Bytes, r)
	case r > 0xFFFF:
		hi, lo := utf16.EncodeRune(r)
		w.hex(hi)
		w.hex(lo)
	default:
		w.hex(r)
	}
}

func (w *writer) hex(r rune) {
	w.out.Bytes = append(w.out.Bytes, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// Trim finds the raw inside of a string without the white space at its ends,
// escaped or not. White space is what Python's str.strip takes for it, but for
// an escape that may be the beginning of a LaTeX command whose backslash was
// not doubled: taking "\times" for a tab and "imes" and dropping the tab would
// destroy it.
func Trim(s string) (lo, hi int) {
	for lo < len(s) {
		r, size := decode(s[lo:])
		if !space(r) || command(s[lo:]) {
			break
		}
		lo += size
	}
	if lo == len(s) {
		return lo, lo
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	if !space(last) && (strings.IndexByte(s[max(0, len(s)-6):], '\\') < 0) {
		return lo, len(s)
	}
	for i := lo; i < len(s); {
		r, size := decode(s[i:])
		i += size
		if !space(r) {
			hi = i
		}
	}
	return lo, hi
}

// command reports whether the raw text s begins like a LaTeX command that reads
// as an escape: \f, \t or \r before a small letter, which white space at the
// beginning of a text hardly is, or \n before the rest of a command's name.
func command(s string) bool {
	if len(s) < 3 || s[0] != '\\' || s[2] < 'a' || s[2] > 'z' {
		return false
	}
	if s[1] != 'n' {
		return s[1] == 't' || s[1] == 'r' || s[1] == 'f'
	}
	end := 2
	for end < len(s) && (s[end] >= 'a' && s[end] <= 'z' || s[end] >= 'A' && s[end] <= 'Z') {
		end++
	}
	return slices.Contains(afterN, s[2:end])
}

// afterN are the names of LaTeX commands that begin with n, without it, and are
// no words with which a text would begin after a line break.
var afterN = []string{
	"abla", "eq", "eg", "u", "otin", "exists", "onumber", "subseteq", "leq", "geq", "parallel", "warrow", "earrow", "ewcommand",
	"olimits", "mid", "i", "cong", "Rightarrow", "rightarrow", "leftarrow", "prec", "succ", "sim", "vdash",
}

func decode(s string) (rune, int) {
	if s[0] == '\\' {
		return tree.Unescape(s)
	}
	return utf8.DecodeRuneInString(s)
}

func space(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }
