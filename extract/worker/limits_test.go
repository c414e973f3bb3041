//go:build cgo && !nocgo

package worker

import (
	"bytes"
	"strings"
	"testing"

	"qacorpus/extract/internal/tinypdf"
	"qacorpus/extract/mupdf"
	"qacorpus/extract/wire"
)

// TestLimits: an answer ends at the number of pages and the size of text that it
// may hold, and says so before all else.
func TestLimits(t *testing.T) {
	e, err := mupdf.New(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	data := tinypdf.Doc{
		Pages:   []string{tinypdf.Text("one"), tinypdf.Text("two"), tinypdf.Text("three"), tinypdf.Text("four")},
		Trailer: "/Info 12 0 R",
		More:    []string{"<</Title(Whole)>>"},
	}.Bytes()
	for _, c := range []struct {
		name         string
		first, last  int // asked for
		pages, total int // that an answer may hold
		detail, sent string
	}{
		{name: "all", first: 1, last: -1, pages: 9, total: 99, sent: "one two three four"},
		{name: "more than there are", first: 3, last: 99, pages: 9, total: 99, sent: "three four"},
		{name: "beyond the end", first: 5, last: 8, pages: 9, total: 99, detail: "the document ends at page 4"},
		{name: "many pages", first: 1, last: -1, pages: 3, total: 99, detail: "only the first 3 pages were read", sent: "one two three"},
		{name: "as many as asked for", first: 1, last: 3, pages: 3, total: 99, sent: "one two three"},
		{name: "much text", first: 1, last: -1, pages: 9, total: 9, detail: "there is too much text: reading ended before page 3", sent: "one two"},
	} {
		var out bytes.Buffer
		j := &job{engine: e, ch: &channel{conn: wire.NewConn(&out, &out)}, maxPages: c.pages, maxTotal: c.total}
		q, r := mupdf.Request{Data: data, First: c.first, Last: c.last}, wire.Request{First: c.first, Last: c.last}
		res, err := j.answer(q, r)
		if err != nil || res.Pages != 4 || res.Detail != c.detail || res.Title != "Whole" {
			t.Errorf("%s: %+v, %v", c.name, res, err)
		}
		if err := j.ch.conn.WriteResult(res); err != nil {
			t.Fatal(err)
		}
		var sent []string
		_, err = j.ch.conn.ReadReply(r, func(p wire.Page) { sent = append(sent, strings.TrimSpace(p.Text)) })
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := strings.Join(sent, " "); got != c.sent {
			t.Errorf("%s: %q was sent, want %q", c.name, got, c.sent)
		}
	}
}
