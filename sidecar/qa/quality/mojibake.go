package quality

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// mojibake finds UTF-8 that was read as Windows-1252 or Latin-1, like "Ã©"
// for "é" and "â€™" for "’", and characters that were already lost.
func mojibake(s string, found []Finding) []Finding {
	first, more := -1, 0
	was, right := "", rune(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r < 0x80 {
			i++
			continue
		}
		if r == utf8.RuneError {
			if first < 0 {
				first, was, right = i, "\uFFFD", 0
			} else {
				more++
			}
			i += size
			continue
		}
		if good, n := misread(s[i:]); n > 0 && !quoted(s, i, i+n, good) {
			if first < 0 {
				first, was, right = i, s[i:i+n], good
			} else {
				more++
			}
			i += n
			continue
		}
		i += size
	}
	switch {
	case first < 0:
		return found
	case right == 0:
		return append(found, Finding{"QA_MOJIBAKE", first, "U+FFFD stands where a character was lost" + places(more), "put in what the source says"})
	}
	return append(found, Finding{"QA_MOJIBAKE", first,
		fmt.Sprintf("%q is what %q becomes in the wrong character set", was, string(right)) + places(more),
		"read the source as UTF-8, or replace the characters"})
}

// misread decodes the sequence at the start of s, if its characters are those
// that the bytes of one UTF-8 sequence stand for in Windows-1252 or Latin-1.
func misread(s string) (right rune, size int) {
	lead, n := utf8.DecodeRuneInString(s)
	need := 0
	switch {
	case lead == 0xC2 || lead == 0xC3:
		need = 1
	case lead >= 0xE2 && lead <= 0xEF:
		need = 2
	case lead == 0xF0:
		need = 3
	case lead == 0xD0 || lead == 0xD1:
		need = 1 // Cyrillic; taken only in company, see below
	default:
		return 0, 0
	}
	raw := [4]byte{byte(lead)}
	for i := range need {
		r, w := utf8.DecodeRuneInString(s[n:])
		b, ok := byteOf(r)
		if !ok || b < 0x80 || b > 0xBF {
			return 0, 0
		}
		raw[i+1] = b
		n += w
	}
	right, w := utf8.DecodeRune(raw[:need+1])
	if right == utf8.RuneError || w != need+1 {
		return 0, 0
	}
	if lead == 0xD0 || lead == 0xD1 {
		if again, _ := utf8.DecodeRuneInString(s[n:]); again != 0xD0 && again != 0xD1 {
			return 0, 0
		}
	}
	return right, n
}

// byteOf is the byte that a character has in Windows-1252, or in Latin-1
// where Windows-1252 has none.
func byteOf(r rune) (byte, bool) {
	if r >= 0x80 && r <= 0xFF {
		return byte(r), true
	}
	for i, c := range [...]rune{
		0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
		0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
	} {
		if c == r && c != 0 {
			return byte(0x80 + i), true
		}
	}
	return 0, false
}

// quoted says that the sequence s[i:j] can be meant: a capital at the end of
// a word with a quotation mark after it («VILÃ»), or capitals around it.
func quoted(s string, i, j int, right rune) bool {
	lead, _ := utf8.DecodeRuneInString(s[i:])
	if lead != 0xC2 && lead != 0xC3 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(s[:j])
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	if unicode.IsUpper(before) {
		return true
	}
	switch last {
	case '»', '«', '“', '”', '’', '‘', '…', '–', '—':
		return i == 0 || unicode.IsLetter(before) || before == '’' || before == '\''
	}
	// "Â " with a no-break space is the commonest of all; other results that
	// are no letters nor usual signs are not trusted.
	return right < 0xA0
}
