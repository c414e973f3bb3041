package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestSetupAndHello(t *testing.T) {
	var buf bytes.Buffer
	c := NewConn(&buf, &buf)
	s := Setup{Memory: 512 << 20, Seconds: 65, Sandbox: "required"}
	if err := c.WriteSetup(s); err != nil {
		t.Fatal(err)
	}
	if got, err := c.ReadSetup(); err != nil || got != s {
		t.Errorf("%+v, %v", got, err)
	}
	h := Hello{Version: "1.28.0", Gaps: []string{"a", "b"}, Refused: "no"}
	if err := c.WriteHello(h); err != nil {
		t.Fatal(err)
	}
	if got, err := c.ReadHello(); err != nil || !reflect.DeepEqual(got, h) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.ReadHello(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestRequest(t *testing.T) {
	for _, r := range []Request{
		{First: 1, Last: 4, Size: 99},
		{First: 7, Last: -1, Raw: true, Plain: true, Inline: true, Passwords: []string{"", "p\xffw"}},
		{First: 2, Last: 2, Width: 300, Grey: true, Pixels: 5000},
	} {
		var buf bytes.Buffer
		c := NewConn(&buf, &buf)
		if err := errors.Join(c.WriteRequest(r), c.Flush()); err != nil {
			t.Fatal(err)
		}
		if got, err := c.ReadRequest(); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%+v, %v, want %+v", got, err, r)
		}
	}
}

func TestRequestRefused(t *testing.T) {
	for name, r := range map[string]Request{
		"page 0":              {First: 0, Last: 4},
		"backwards":           {First: 4, Last: 2},
		"last 0":              {First: 1, Last: 0},
		"huge picture":        {First: 1, Last: 1, Width: maxWidth + 1},
		"too many pixels":     {First: 1, Last: 1, Width: 9, Pixels: maxPixels + 1},
		"many passwords":      {First: 1, Last: 1, Passwords: make([]string, maxPasswords+1)},
		"a long password":     {First: 1, Last: 1, Passwords: []string{strings.Repeat("x", maxWord+1)}},
		"an enormous request": {First: 1, Last: 1, Passwords: []string{strings.Repeat("x", 1<<20)}},
	} {
		var buf bytes.Buffer
		c := NewConn(&buf, &buf)
		err := errors.Join(c.WriteRequest(r), c.Flush())
		if err == nil {
			_, err = c.ReadRequest()
		}
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestReply(t *testing.T) {
	var buf bytes.Buffer
	c := NewConn(&buf, &buf)
	pages := []Page{{Number: 3, Text: "three\x00", Label: "iii"}, {Number: 4}}
	for _, p := range pages {
		if err := c.WritePage(p); err != nil {
			t.Fatal(err)
		}
	}
	r := Result{Status: "ok", Pages: 9, Title: "T", Author: "A", Detail: "d", Resident: 1 << 30, Spent: true, Outline: []Item{{1, "x", 0}, {2, "y", 9}}}
	if err := c.WriteResult(r); err != nil {
		t.Fatal(err)
	}
	var got []Page
	res, err := c.ReadReply(Request{First: 3, Last: 6}, func(p Page) { got = append(got, p) })
	if err != nil || !reflect.DeepEqual(res, r) || !reflect.DeepEqual(got, pages) {
		t.Errorf("%+v %+v %v", res, got, err)
	}
	picture := Result{Status: "ok", Pages: 1, Image: []byte("\x89PNG")}
	if err := c.WriteResult(picture); err != nil {
		t.Fatal(err)
	}
	if res, err := c.ReadReply(Request{First: 1, Last: 1, Width: 10}, nil); err != nil || !reflect.DeepEqual(res, picture) {
		t.Errorf("%+v %v", res, err)
	}
}

// A worker in a document's power may send what it likes in place of a thumbnail.
func TestPictureTooLarge(t *testing.T) {
	for size, fits := range map[int]bool{4*100 + pictureFrame: true, 4*100 + pictureFrame + 1: false} {
		var buf bytes.Buffer
		c := NewConn(&buf, &buf)
		if err := c.WriteResult(Result{Status: "ok", Pages: 1, Image: make([]byte, size)}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.ReadReply(Request{First: 1, Last: 1, Width: 10, Pixels: 100}, nil); (err == nil) != fits {
			t.Errorf("%d bytes for 100 pixels: %v", size, err)
		}
	}
}

// hostile are answers that no honest worker gives to a request for pages 1 to 4.
func hostile() map[string][]byte {
	frame := func(kind byte, e encoder) []byte {
		b := []byte{version, kind, 0, 0, 0, 0}
		binary.BigEndian.PutUint32(b[2:], uint32(len(e)))
		return append(b, e...)
	}
	page := func(n int, text string) []byte {
		var e encoder
		e.number(n)
		e.text(text)
		e.text("")
		return frame(kindPage, e)
	}
	result := func(status string, pages, items int, item func(e *encoder)) []byte {
		var e encoder
		e.text(status)
		e.number(pages)
		e.text("")
		e.text("")
		e.text("")
		e.number(0)
		e.flag(false)
		e.number(items)
		item(&e)
		return frame(kindResult, e)
	}
	none := func(*encoder) {}
	ok := result("ok", 9, 0, none)
	long := []byte{version, kindPage, 0xff, 0xff, 0xff, 0xff}
	return map[string][]byte{
		"nothing":             {},
		"half a header":       {version, kindPage, 0},
		"another version":     {version + 1, kindResult, 0, 0, 0, 0},
		"a length too long":   long,
		"less than announced": {version, kindPage, 0, 0, 1, 0, 'x'},
		"an unknown kind":     {version, 99, 0, 0, 0, 0},
		"a request":           {version, kindRequest, 0, 0, 0, 0},
		"an empty result":     {version, kindResult, 0, 0, 0, 0},
		"no result":           page(1, "x"),
		"another first page":  append(page(2, "x"), ok...),
		"a page twice":        bytes.Join([][]byte{page(1, "x"), page(1, "x"), ok}, nil),
		"a page too many":     bytes.Join([][]byte{page(1, ""), page(2, ""), page(3, ""), page(4, ""), page(5, ""), ok}, nil),
		"bad UTF-8":           append(page(1, "a\xff"), ok...),
		"a surrogate":         append(page(1, "\xed\xa0\x80"), ok...),
		"an unknown status":   result("fine", 9, 0, none),
		"a pool's status":     result("crashed", 9, 0, none),
		"fewer pages":         append(page(1, "x"), result("ok", 0, 0, none)...),
		"many outline items":  result("ok", 9, maxItems+1, none),
		"missing items":       result("ok", 9, 3, none),
		"an item's page":      result("ok", 9, 1, func(e *encoder) { e.number(1); e.text("x"); e.number(10) }),
		"an item's level":     result("ok", 9, 1, func(e *encoder) { e.number(0); e.text("x"); e.number(1) }),
		"bytes at the end":    result("ok", 9, 0, func(e *encoder) { e.number(1) }),
		"a picture":           append(frame(kindImage, encoder("png")), ok...),
	}
}

func TestHostileReplies(t *testing.T) {
	for name, data := range hostile() {
		c := NewConn(bytes.NewReader(data), io.Discard)
		if res, err := c.ReadReply(Request{First: 1, Last: 4}, func(Page) {}); err == nil {
			t.Errorf("%s: accepted as %+v", name, res)
		}
	}
}

func TestTooMuchText(t *testing.T) {
	r, w := io.Pipe()
	sent := 0
	var wg sync.WaitGroup
	wg.Go(func() { // ends when the reader is closed
		c := NewConn(nil, w)
		for n := 1; ; n++ {
			if c.WritePage(Page{Number: n, Text: strings.Repeat("x", 1<<20)}) != nil {
				return
			}
			sent++
		}
	})
	_, err := NewConn(r, nil).ReadReply(Request{First: 1, Last: -1}, func(Page) {})
	r.Close()
	wg.Wait()
	if err == nil || sent < 200 || sent > 300 {
		t.Errorf("%d MiB read: %v", sent, err)
	}
}
