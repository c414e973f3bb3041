package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/source"
)

func TestDecode(t *testing.T) {
	for title, c := range map[string]struct {
		in, want, note string
		problem        bool
	}{
		"plain":                      {"aé😀", "aé😀", "", false},
		"byte order mark":            {"\ufeffa", "a", "byte order mark removed", false},
		"mark inside":                {"a\ufeff", "a\ufeff", "", false},
		"UTF-16LE":                   {"\xff\xfea\x00\x3d\xd8\x00\xde", "a😀", "UTF-16 turned into UTF-8", false},
		"UTF-16BE":                   {"\xfe\xff\x00a\xd8\x3d\xde\x00", "a😀", "UTF-16 turned into UTF-8", false},
		"UTF-32LE":                   {"\xff\xfe\x00\x00a\x00\x00\x00\x00\xf6\x01\x00", "a😀", "UTF-32 turned into UTF-8", false},
		"UTF-32BE":                   {"\x00\x00\xfe\xff\x00\x00\x00a", "a", "UTF-32 turned into UTF-8", false},
		"half a pair":                {"\xff\xfe\x3d\xd8a\x00", "\ufffda", "UTF-16 turned into UTF-8", true},
		"odd UTF-16":                 {"\xff\xfea\x00b", "a\ufffd", "UTF-16 turned into UTF-8", true},
		"no character in UTF-32":     {"\x00\x00\xfe\xff\x00\x11\x00\x00", "\ufffd", "UTF-32 turned into UTF-8", true},
		"odd UTF-32":                 {"\x00\x00\xfe\xff\x00\x00\x00a\x00", "a\ufffd", "UTF-32 turned into UTF-8", true},
		"Latin-1":                    {"caf\xe9 na\xefve", "caf\ufffd na\ufffdve", "", true},
		"surrogates in UTF-8":        {"\xed\xa0\x80", "\ufffd\ufffd\ufffd", "", true},
		"overlong":                   {"\xc0\xaf", "\ufffd\ufffd", "", true},
		"cut off":                    {"a\xe2\x82", "a\ufffd\ufffd", "", true},
		"UTF-16 without a mark":      {"[\x00{\x00}\x00]\x00", "", "", true},
		"NUL characters in a text":   {"\"a\x00b\"", "\"a\x00b\"", "", false},
		"a replacement of one's own": {"\ufffd", "\ufffd", "", false},
	} {
		text, problems := source.Decode([]byte(c.in))
		if text.S != c.want || text.Note != c.note || len(problems) > 0 != c.problem {
			t.Errorf("%s: %q, %q, %+v", title, text.S, text.Note, problems)
		}
		for _, p := range problems {
			if p.Code != "QA_ENCODING" || p.Hint == "" {
				t.Errorf("%s: %+v", title, p)
			}
		}
	}
}

func TestAt(t *testing.T) {
	text, _ := source.Decode([]byte("ab\né😀x\r\n\nend"))
	for offset, want := range map[int][2]int{
		-1: {1, 1}, 0: {1, 1}, 1: {1, 2}, 2: {1, 3}, 3: {2, 1}, 5: {2, 2}, 9: {2, 3}, 10: {2, 4}, 12: {3, 1}, 13: {4, 1}, 16: {4, 4}, 99: {4, 4},
	} {
		for range 2 { // the second answer comes from what was counted
			if l, c := text.At(offset); l != want[0] || c != want[1] {
				t.Errorf("offset %d is %d:%d, want %v", offset, l, c, want)
			}
		}
		if l := text.Line(offset); l != want[0] {
			t.Errorf("offset %d is in line %d, want %d", offset, l, want[0])
		}
	}
}

// TestAtAgain compares the remembered column with a fresh count, in any order.
func TestAtAgain(t *testing.T) {
	s := strings.Repeat("é\n", 5) + strings.Repeat("aé😀", 300) + "\n" + strings.Repeat("x", 50)
	text, _ := source.Decode([]byte(s))
	for i := range 4000 {
		offset := i * 7919 % (len(s) + 1)
		if offset < len(s) && !utf8.RuneStart(s[offset]) {
			continue
		}
		line, column := text.At(offset)
		start := strings.LastIndexByte(s[:offset], '\n') + 1
		if want := utf8.RuneCountInString(s[start:offset]) + 1; line != strings.Count(s[:offset], "\n")+1 || column != want {
			t.Fatalf("offset %d is %d:%d, want column %d", offset, line, column, want)
		}
	}
}

// TestExcerpt shows whole short lines and a window of long ones, the caret
// always at the character.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("0123456789é", 200_000)
	text, _ := source.Decode([]byte("first\n" + long + "\n  last\t😀 line\r\n"))
	for _, offset := range []int{0, 3, 6, 7, 500, 1_100_006, len(long) + 4, 6 + len(long), 7 + len(long) + 3, 7 + len(long) + 7} {
		p := problem.New("QA_SYNTAX", "m", "h")
		p.Offset = offset
		text.Locate(&p)
		n := utf8.RuneCountInString(p.Excerpt)
		if n > 122 || p.Caret < 0 || p.Caret > n {
			t.Fatalf("offset %d: %d characters, caret %d", offset, n, p.Caret)
		}
		want, _ := utf8.DecodeRuneInString(text.S[offset:])
		runes := []rune(p.Excerpt)
		if want != '\n' && runes[p.Caret] != want {
			t.Errorf("offset %d: the caret is at %q of %q, want %q", offset, runes[p.Caret], p.Excerpt, want)
		}
	}
}
