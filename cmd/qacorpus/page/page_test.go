package page

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// library is a corpus in memory.
type library struct {
	mu      sync.Mutex // guards what follows
	rows    []Row
	papers  map[string]Paper // by id
	version uint64
	changed chan struct{} // closed with every change
	drawn   int           // pictures drawn
	pixels  int           // width and height of pictures; 0: as asked
}

func newLibrary(rows ...Row) *library {
	l := &library{papers: map[string]Paper{}, version: 1, changed: make(chan struct{})}
	l.put(rows...)
	return l
}

// put replaces the rows.
func (l *library) put(rows ...Row) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	l.rows = nil
	for i, r := range rows {
		r.Index = i
		if r.Version == 0 {
			r.Version = l.version
		}
		l.rows = append(l.rows, r)
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *library) Papers() ([]Row, State) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows, State{Version: l.version, Folders: []string{"QA"}}
}

func (l *library) Paper(_ context.Context, id string, first, count int) (Paper, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.papers[id]
	if !ok {
		return Paper{}, fs.ErrNotExist
	}
	p.Length = len(p.Texts)
	if first > p.Length {
		first = 1
	}
	p.First = first
	p.Texts = p.Texts[first-1 : min(first-1+count, p.Length)]
	return p, nil
}

func (l *library) Picture(_ context.Context, _ string, width int) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drawn++
	if l.pixels > 0 {
		width = l.pixels
	}
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, width)))
	return b.Bytes(), err
}

func (l *library) Wait(ctx context.Context, seen uint64) uint64 {
	for {
		l.mu.Lock()
		version, changed := l.version, l.changed
		l.mu.Unlock()
		if version != seen {
			return version
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return version
		}
	}
}

const host = "127.0.0.1:8000"

func handler(c Corpus) http.Handler {
	return New(c, []string{host, "localhost:8000", "[::1]:8000"}, slog.New(slog.DiscardHandler))
}

// ask sends a request; change may be nil.
func ask(t *testing.T, h http.Handler, method, target string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	r.Host = host
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func get(t *testing.T, h http.Handler, target string) string {
	t.Helper()
	r, body := ask(t, h, "GET", target, nil)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %s", target, r.Status, body)
	}
	return body
}

func TestHeaders(t *testing.T) {
	h := handler(newLibrary(Row{ID: "a", Name: "a.pdf", Drawn: true}))
	for _, target := range []string{"/", "/paper/none", "/picture/a", "/static/style.css", "/static/none", "/none"} {
		r, _ := ask(t, h, "GET", target, nil)
		for key, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
				"frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header.Get(key); got != want {
				t.Errorf("%s: %s is %q", target, key, got)
			}
		}
		if r.Header.Get("Content-Type") == "" {
			t.Errorf("%s has no content type", target)
		}
	}
}

func TestRefused(t *testing.T) {
	lib := newLibrary(Row{ID: "a", Name: "secret.pdf", Drawn: true})
	h := handler(lib)
	fetched := func(site, mode, dest string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", site)
			r.Header.Set("Sec-Fetch-Mode", mode)
			r.Header.Set("Sec-Fetch-Dest", dest)
		}
	}
	at := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	for name, c := range map[string]struct {
		method string
		change func(*http.Request)
		want   int
	}{
		"itself":                     {"GET", nil, 200},
		"localhost":                  {"GET", at("LocalHost:8000"), 200},
		"IPv6":                       {"GET", at("[::1]:8000"), 200},
		"head":                       {"HEAD", nil, 200},
		"a rebound name":             {"GET", at("evil.example:8000"), 421},
		"a name without a port":      {"GET", at("localhost"), 421},
		"another port":               {"GET", at("127.0.0.1:8001"), 421},
		"no name":                    {"GET", at(""), 421},
		"a name that begins like it": {"GET", at("127.0.0.1:8000.evil.example"), 421},
		"post":                       {"POST", nil, 405},
		"put":                        {"PUT", nil, 405},
		"delete":                     {"DELETE", nil, 405},
		"options":                    {"OPTIONS", nil, 405},
		"our own script":             {"GET", fetched("same-origin", "cors", "empty"), 200},
		"typed by a person":          {"GET", fetched("none", "navigate", "document"), 200},
		"a link from another site":   {"GET", fetched("cross-site", "navigate", "document"), 200},
		"another site's frame":       {"GET", fetched("cross-site", "navigate", "iframe"), 403},
		"another site's script":      {"GET", fetched("cross-site", "cors", "empty"), 403},
		"another site's picture":     {"GET", fetched("cross-site", "no-cors", "image"), 403},
		"another port's script":      {"GET", fetched("same-site", "cors", "empty"), 403},
	} {
		for _, target := range []string{"/", "/picture/a"} {
			r, body := ask(t, h, c.method, target, c.change)
			if r.StatusCode != c.want {
				t.Errorf("%s: %s %s is %s, want %d", name, c.method, target, r.Status, c.want)
			}
			if c.want != 200 && (strings.Contains(body, "secret") || strings.Contains(body, "PNG")) {
				t.Errorf("%s is told %s", name, body)
			}
			if c.method == "HEAD" && body != "" {
				t.Errorf("%s gets a body", name)
			}
		}
	}
	if r, _ := ask(t, h, "POST", "/", nil); r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow is %q", r.Header.Get("Allow"))
	}
}

// No address leads to anything but what the corpus gave an id.
func TestTraversal(t *testing.T) {
	h := handler(newLibrary(Row{ID: "a", Name: "a.pdf", Drawn: true}))
	for _, target := range []string{
		"/paper/..%2f..%2fetc%2fpasswd", "/picture/%2e%2e%2fa", "/static/..%2fpage.go", "/static/%2e%2e/templates/list.html", "/paper/a%00", "/paper/%ff",
		"/paper/" + strings.Repeat("x", 5000), "/paper/", "/picture/", "/static/", "/templates/list.html", "/paper/a/..%2fa",
	} {
		if r, body := ask(t, h, "GET", target, nil); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s: %.100s", target, r.Status, body)
		}
	}
}

// hostileNames would break out of HTML, an attribute, a line or an address.
var hostileNames = []string{
	`<script>alert(1)</script>.pdf`, `"onmouseover="alert(1).pdf`, "'><img src=x>.pdf", "two\nlines\tand\x00more.pdf", "bad\xff\xfeutf8.pdf",
	"rtl\u202egpj.pdf", "{{.}}.pdf", "a&amp;b%3Cscript%3E.pdf", " spaces .pdf", "back\\slash.pdf", strings.Repeat("long", 60) + ".pdf",
}

func TestHostileNamesAndTexts(t *testing.T) {
	lib := newLibrary()
	var rows []Row
	for i, name := range hostileNames {
		id := fmt.Sprintf("id%d", i)
		rows = append(rows, Row{ID: id, Name: name, Title: name, Folder: name, SameAs: []string{name}, Status: `"><script>`, Stamp: "s", Drawn: true, Errors: 1, Files: 1})
		text := "text of " + name + "</div></pre><script>alert(2)</script>"
		p := Problem{Code: "QA_SYNTAX", Severity: "error", Line: 1, Column: 2, Message: name, Hint: "`" + name + "`", Before: name, At: "<", Behind: name}
		lib.papers[id] = Paper{Row: rows[i], Author: name, What: name + "`" + name + "`", Hint: name, Texts: []string{text}, Questions: []File{{
			Name: name, Was: name, Problems: []Problem{p},
			Pairs: []Pair{{Question: name, Answer: name, Context: name, Line: 3, Page: 1, Start: 2, End: 1 << 30, Problems: []Problem{p}}},
		}}}
	}
	lib.put(rows...)
	h := handler(lib)
	pages := []string{get(t, h, "/"), get(t, h, "/?q=%22%3E%3Cscript%3E&status=%3Cscript%3E")}
	for _, r := range rows {
		pages = append(pages, get(t, h, "/paper/"+r.ID))
	}
	for _, body := range pages {
		checkHTML(t, body)
	}
	for _, want := range []string{`two\nlines\tand\u0000more`, `bad\xff\xfeutf8`, `rtl\u202egpj`, "&lt;script&gt;alert(1)", "back\\slash"} {
		if !strings.Contains(pages[0], strings.ReplaceAll(want, "/", "/<wbr>")) {
			t.Errorf("the table does not show %s", want)
		}
	}
}

// checkHTML reads a page as a browser does and refuses what is not ours.
func checkHTML(t *testing.T, body string) {
	t.Helper()
	for _, no := range []string{"alert(1)</script>", "<img src=x>", ` onmouseover="`, "\x00", "\u202e", "style=", "javascript:", "ZgotmplZ", "<no value>"} {
		if strings.Contains(body, no) {
			at := strings.Index(body, no)
			t.Errorf("the page holds %q: %s", no, body[max(0, at-80):min(len(body), at+80)])
		}
	}
	if n := strings.Count(body, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if strings.ToValidUTF8(body, "") != body {
		t.Error("the page is not UTF-8")
	}
}
