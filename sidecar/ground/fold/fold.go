// Package fold brings texts that a reader takes for the same to the same bytes,
// so that a passage typed by a person can be found in what a PDF gives.
//
// # Design notes
//
// Only letters and digits are kept. White space, hyphens at line ends, quotes,
// dashes and brackets are exactly what differs between a printed page, its
// extraction and a copy by hand, and none of them tells two passages apart.
// What is kept goes through Unicode's compatibility decomposition (ligatures,
// full-width and mathematical letters, superscript digits), loses its marks
// (TeX prints an accent as a character of its own, before or after its letter)
// and its case.
package fold

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Append adds the folded form of s to dst: its letters and digits in lower
// case, without marks, and nothing else. Invalid UTF-8 is dropped.
func Append(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if b := ascii(c); b != 0 {
				dst = append(dst, b)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = appendRune(dst, r, s[i:i+size])
		i += size
	}
	return dst
}

// String is Append to a new string.
func String(s string) string { return string(Append(make([]byte, 0, len(s)), s)) }

// Words calls yield for every word of s, in order: its place in s in bytes, and
// its folded form, which is only good until yield returns. A word is a longest
// run of letters, digits and marks; a Han, kana or Thai letter, in whose
// scripts no space parts the words, is a word by itself. Soft hyphens and other
// invisible characters do not end a word. yield returns false to stop.
func Words(s string, yield func(start, end int, folded []byte) bool) {
	var buf [64]byte
	word := buf[:0]
	start, end := -1, 0
	flush := func() bool {
		from := start
		start = -1
		return from < 0 || len(word) == 0 || yield(from, end, word)
	}
	for i := 0; i < len(s); {
		kind, size := classify(s[i:])
		switch {
		case kind == separator || kind == alone:
			if !flush() {
				return
			}
			word = word[:0]
			if kind == alone {
				word = Append(word, s[i:i+size])
				start, end = i, i+size
				if !flush() {
					return
				}
				word = word[:0]
			}
		case kind == part:
			if start < 0 {
				start, word = i, word[:0]
			}
			word = Append(word, s[i:i+size])
			end = i + size
		}
		i += size
	}
	flush()
}

// kinds of characters, as Words sees them.
const (
	separator = iota
	part      // belongs to a word
	alone     // is a word by itself
	invisible // neither ends nor makes a word
)

func classify(s string) (kind, size int) {
	if c := s[0]; c < utf8.RuneSelf {
		if ascii(c) != 0 {
			return part, 1
		}
		return separator, 1
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError:
		return separator, size
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
		if unicode.IsMark(r) {
			return part, size
		}
		return alone, size
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return part, size
	case unicode.Is(unicode.Cf, r):
		return invisible, size
	}
	return separator, size
}

// appendRune folds one character beyond ASCII; s is its encoding.
func appendRune(dst []byte, r rune, s string) []byte {
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) { // ™ is not tm
		return dst
	}
	d := norm.NFKD.PropertiesString(s).Decomposition()
	if d == nil {
		return appendKept(dst, r)
	}
	for len(d) > 0 {
		r, size := utf8.DecodeRune(d)
		dst = appendKept(dst, r)
		d = d[size:]
	}
	return dst
}

// appendKept folds a character that has no decomposition (any more).
func appendKept(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if b := ascii(byte(r)); b != 0 {
			dst = append(dst, b)
		}
		return dst
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return dst
	}
	switch r = unicode.ToLower(r); r {
	case 'ß':
		return append(dst, "ss"...)
	case 'æ':
		return append(dst, "ae"...)
	case 'œ':
		return append(dst, "oe"...)
	case 'ø':
		return append(dst, 'o')
	case 'ı': // TeX's base of an accented i
		return append(dst, 'i')
	case 'ς': // the final form
		r = 'σ'
	}
	if r < utf8.RuneSelf { // the Kelvin sign's lower case is k
		return append(dst, byte(r))
	}
	return utf8.AppendRune(dst, r)
}

// ascii gives what an ASCII byte folds to, 0 for nothing.
func ascii(c byte) byte {
	switch {
	case c-'a' < 26 || c-'0' < 10:
		return c
	case c-'A' < 26:
		return c | 0x20
	}
	return 0
}
