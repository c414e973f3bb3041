package worker

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHasText(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, " \n\t\f": false, "\x00\x01\x02": false, "\u00a0\u2003": false,
		"a": true, " é ": true, "中": true, "\uFFFD": true, ".": true,
	} {
		if got := hasText(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func TestNotes(t *testing.T) {
	var notes []string
	for page := range 9 {
		notes = addNote(notes, page+1, "bad")
	}
	if got := join(notes); got != "page 1: bad; page 2: bad; page 3: bad; and more" {
		t.Error(got)
	}
	long := join([]string{strings.Repeat("é", 2000)})
	if len(long) > 1000 || !utf8.ValidString(long) {
		t.Error(len(long), "bytes")
	}
}

func TestInline(t *testing.T) {
	r := strings.NewReader("documentrest")
	data, err := inline(r, 8)
	if err != nil || string(data) != "document" || r.Len() != 4 {
		t.Errorf("%q, %v, %d left", data, err, r.Len())
	}
	if _, err := inline(r, 5); err == nil {
		t.Error("a short document is taken for a whole one")
	}
}
