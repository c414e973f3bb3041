package page

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// follow opens a stream of events and returns how to take the next one's version, and
// how to leave.
func follow(t *testing.T, h http.Handler, target string, last string) (next func() string, leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, "GET", target, nil)
	r.Host = host
	r.Header.Set("Last-Event-ID", last)
	out, in := io.Pipe()
	done := make(chan struct{}) // closed when the handler has returned
	go func() {
		defer close(done)
		h.ServeHTTP(&pipeWriter{header: http.Header{}, Writer: in}, r)
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	next = func() string {
		for lines.Scan() {
			if v, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return v
			}
		}
		return ""
	}
	return next, func() {
		cancel()
		out.Close()
		<-done
	}
}

// pipeWriter is a response that is read while it is written.
type pipeWriter struct {
	io.Writer
	header http.Header
}

func (w *pipeWriter) Header() http.Header              { return w.header }
func (w *pipeWriter) WriteHeader(int)                  {}
func (w *pipeWriter) Flush()                           {}
func (w *pipeWriter) SetWriteDeadline(time.Time) error { return nil }

// versionOf is the version that a page says it has.
func versionOf(t *testing.T, h http.Handler, target string) string {
	t.Helper()
	_, rest, _ := strings.Cut(get(t, h, target), `data-version="`)
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lib := newLibrary(Row{ID: "a", Name: "a.pdf"})
		h := handler(lib)
		seen := versionOf(t, h, "/")
		next, leave := follow(t, h, "/events?seen="+seen, "")
		defer leave()
		synctest.Wait()
		began := time.Now()
		lib.put(Row{ID: "a", Name: "a.pdf"}, Row{ID: "b", Name: "b.pdf"})
		first := next()
		if first == "" || first == seen || first != versionOf(t, h, "/") {
			t.Errorf("after %s came %s", seen, first)
		}
		// What happens in quick succession is told at once, a moment later.
		for range 100 {
			lib.put(Row{ID: "a", Name: "a.pdf"})
		}
		if second := next(); second != versionOf(t, h, "/") || time.Since(began) < eventPause {
			t.Errorf("%s after %v", second, time.Since(began))
		}
	})
}

// Who comes back, with a page of before, is told that it is out of date.
func TestEventsAfterAbsence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lib := newLibrary(Row{ID: "a", Name: "a.pdf"})
		h := handler(lib)
		old := versionOf(t, h, "/")
		lib.put(Row{ID: "a", Name: "a.pdf", Pairs: 1})
		for name, c := range map[string]struct{ target, last string }{
			"an old page":        {"/events?seen=" + old, ""},
			"a reconnection":     {"/events?seen=" + old, old},
			"an earlier process": {"/events?seen=abc-9", ""},
			"nonsense":           {"/events?seen=%00", ""},
		} {
			next, leave := follow(t, h, c.target, c.last)
			if got := next(); got != versionOf(t, h, "/") {
				t.Errorf("%s is told %q", name, got)
			}
			leave()
		}
	})
}

func TestEventsOfOnePaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Row{ID: "a", Name: "a.pdf", Version: 1}, Row{ID: "b", Name: "b.pdf", Version: 1}
		lib := newLibrary(a, b)
		h := handler(lib)
		next, leave := follow(t, h, "/events?paper=b&seen="+versionOf(t, h, "/"), "")
		defer leave()
		synctest.Wait()
		a.Version = lib.version + 1
		lib.put(a, b) // only a
		time.Sleep(10 * eventPause)
		synctest.Wait()
		b.Version, b.Pairs = lib.version+1, 5
		lib.put(a, b)
		if got := next(); got != versionOf(t, h, "/") {
			t.Errorf("told %s", got)
		}
	})
}

func TestEventsEnd(t *testing.T) {
	lib := newLibrary()
	h := handler(lib)
	var leaves []func()
	for range maxStreams {
		next, leave := follow(t, h, "/events?seen=x-1", "")
		next()
		leaves = append(leaves, leave)
	}
	if r, _ := ask(t, h, "GET", "/events", nil); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one stream too many: %s", r.Status)
	}
	for _, leave := range leaves {
		leave()
	}
	next, leave := follow(t, h, "/events?seen=x-1", "")
	if next() == "" {
		t.Error("streams that ended still count")
	}
	leave()
	if r, body := ask(t, h, "HEAD", "/events", nil); r.StatusCode != 200 || body != "" || r.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("HEAD: %s %q", r.Status, body)
	}
}
