package page

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

func TestPictures(t *testing.T) {
	lib := newLibrary(Row{ID: "a", Name: "a.pdf", Stamp: "1", Drawn: true}, Row{ID: "b", Name: "b.pdf", Stamp: "1"})
	h := handler(lib)
	var visitors sync.WaitGroup
	for range 20 {
		visitors.Go(func() {
			if r, body := ask(t, h, "GET", "/picture/a?v=1", nil); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" || body[1:4] != "PNG" ||
				r.Header.Get("Cache-Control") != "private, max-age=31536000, immutable" {
				t.Errorf("%s %v %q", r.Status, r.Header, body)
			}
		})
	}
	visitors.Wait()
	if lib.drawn != 1 {
		t.Errorf("drawn %d times for 20 visitors", lib.drawn)
	}
	if r, _ := ask(t, h, "GET", "/picture/a?v=0", nil); r.StatusCode != 200 || r.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("an old address: %s %v", r.Status, r.Header)
	}
	etag := `"1-132"`
	if r, body := ask(t, h, "GET", "/picture/a?v=1", func(r *http.Request) { r.Header.Set("If-None-Match", etag) }); r.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("known already: %s", r.Status)
	}
	get(t, h, "/picture/a?large=1&v=1")
	lib.put(Row{ID: "a", Name: "a.pdf", Stamp: "2", Drawn: true})
	get(t, h, "/picture/a?v=2")
	if lib.drawn != 3 {
		t.Errorf("drawn %d times for three pictures", lib.drawn)
	}
	for _, target := range []string{"/picture/b", "/picture/none"} {
		if r, _ := ask(t, h, "GET", target, nil); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", target, r.Status)
		}
	}
}

// What is remembered is bounded, and what a worker makes up is not passed on.
func TestPicturesBounded(t *testing.T) {
	lib := newLibrary()
	p := newPictures(lib)
	lib.pixels = 2 * largePicture
	if _, err := p.get(t.Context(), Row{ID: "huge"}, smallPicture); err == nil {
		t.Error("a picture of any size is passed on")
	}
	if p.size != 0 || len(p.known) != 0 {
		t.Errorf("a failure is remembered: %d bytes, %d pictures", p.size, len(p.known))
	}
	if proper([]byte("<script>")) == nil || proper(nil) == nil {
		t.Error("what is no picture is taken for one")
	}
	lib.pixels = 0
	data, err := p.get(t.Context(), Row{ID: "x"}, smallPicture)
	if err != nil {
		t.Fatal(err)
	}
	many := pictureMemory/len(data) + 100
	if many > 300_000 {
		t.Fatalf("a picture takes %d bytes", len(data))
	}
	p.size += pictureMemory - 10*len(data) // as if others were there
	for i := range 50 {
		if _, err := p.get(t.Context(), Row{ID: fmt.Sprint(i)}, smallPicture); err != nil {
			t.Fatal(err)
		}
	}
	if p.size > pictureMemory || len(p.known) > 11 || p.recent.Len() != len(p.known) {
		t.Errorf("%d bytes, %d pictures", p.size, len(p.known))
	}
}
