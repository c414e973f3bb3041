package wire

import (
	"bytes"
	"io"
	"testing"
	"unicode/utf8"
)

// FuzzReply plays a hostile worker: whatever it sends, what the pool takes
// from it is bounded and valid.
func FuzzReply(f *testing.F) {
	for _, data := range hostile() {
		f.Add(data, 1, 4, 0)
	}
	var buf bytes.Buffer
	c := NewConn(nil, &buf)
	_ = c.WritePage(Page{Number: 1, Text: "text", Label: "i"})
	_ = c.WriteResult(Result{Status: "ok", Pages: 1, Title: "t", Outline: []Item{{1, "x", 1}}})
	f.Add(buf.Bytes(), 1, -1, 0)
	buf.Reset()
	_ = c.WriteResult(Result{Status: "ok", Pages: 1, Image: []byte("png")})
	f.Add(buf.Bytes(), 1, 1, 100)
	f.Fuzz(func(t *testing.T, data []byte, first, last, width int) {
		asked := Request{First: first, Last: last, Width: width}
		next := first
		res, err := NewConn(bytes.NewReader(data), io.Discard).ReadReply(asked, func(p Page) {
			if p.Number != next || last >= 0 && p.Number > last || !utf8.ValidString(p.Text) || !utf8.ValidString(p.Label) || len(p.Text) > maxText {
				t.Errorf("page %+v to %+v", p, asked)
			}
			next++
		})
		if err != nil {
			return
		}
		for _, s := range []string{res.Title, res.Author, res.Detail} {
			if !utf8.ValidString(s) || len(s) > maxWord {
				t.Errorf("string %q", s)
			}
		}
		if len(res.Outline) > maxItems || (res.Image != nil) && width <= 0 {
			t.Errorf("result %+v", res)
		}
		for _, it := range res.Outline {
			if it.Level < 1 || it.Page < 0 || it.Page > res.Pages || !utf8.ValidString(it.Title) {
				t.Errorf("item %+v of %d pages", it, res.Pages)
			}
		}
	})
}

// FuzzRequest plays a hostile pool.
func FuzzRequest(f *testing.F) {
	for _, r := range []Request{{First: 1, Last: 4}, {First: 2, Last: -1, Raw: true, Inline: true, Size: 9, Passwords: []string{"a", ""}}, {First: 1, Last: 1, Width: 9}} {
		var buf bytes.Buffer
		c := NewConn(nil, &buf)
		_ = c.WriteRequest(r)
		_ = c.Flush()
		f.Add(buf.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewConn(bytes.NewReader(data), io.Discard).ReadRequest()
		if err != nil {
			return
		}
		if r.First < 1 || r.Last != -1 && r.Last < r.First || r.Width < 0 || r.Width > maxWidth || r.Size < 0 || len(r.Passwords) > maxPasswords {
			t.Errorf("request %+v", r)
		}
		var buf bytes.Buffer
		c := NewConn(nil, &buf)
		if err := c.WriteRequest(r); err != nil {
			t.Error("what was read cannot be written:", err)
		}
	})
}

// FuzzGreeting reads what both sides say first.
func FuzzGreeting(f *testing.F) {
	var buf bytes.Buffer
	c := NewConn(nil, &buf)
	_ = c.WriteSetup(Setup{Memory: 1 << 29, Seconds: 65, Sandbox: "auto"})
	f.Add(buf.Bytes())
	buf.Reset()
	_ = c.WriteHello(Hello{Version: "1", Gaps: []string{"g"}})
	f.Add(buf.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := NewConn(bytes.NewReader(data), io.Discard).ReadSetup(); err == nil && (s.Memory < 0 || s.Seconds < 0 || len(s.Sandbox) > 16) {
			t.Errorf("setup %+v", s)
		}
		if h, err := NewConn(bytes.NewReader(data), io.Discard).ReadHello(); err == nil && (len(h.Gaps) > maxGaps || !utf8.ValidString(h.Refused)) {
			t.Errorf("hello %+v", h)
		}
	})
}
