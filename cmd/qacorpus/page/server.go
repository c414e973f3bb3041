package page

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

//go:embed static templates
var embedded embed.FS

// server holds what the handlers share.
type server struct {
	corpus    Corpus
	log       *slog.Logger
	pictures  *pictures
	assets    map[string]asset              // by name; not written once made
	templates map[string]*template.Template // by file; not written once made
	boot      string                        // tells this process's versions from those of an earlier one
	streams   atomic.Int32                  // streams of events that are open
}

// newBoot is random letters and digits.
func newBoot() string {
	var b [6]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// asset is an embedded file as it is served.
type asset struct {
	data []byte
	hash string // of data; part of the address, so that it may be kept for ever
}

// loadAssets reads the embedded files, which the compiler has made sure of.
func loadAssets() map[string]asset {
	entries, err := embedded.ReadDir("static")
	if err != nil {
		panic(err)
	}
	all := map[string]asset{}
	for _, e := range entries {
		data, err := embedded.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(data)
		all[e.Name()] = asset{data, hex.EncodeToString(sum[:8])}
	}
	return all
}

func (s *server) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	a, ok := s.assets[name]
	if !ok {
		s.sorry(w, r, http.StatusNotFound, "There is nothing at this address.")
		return
	}
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	s.keep(w, a.hash, r.URL.Query().Get("v") == a.hash)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.data))
}

// keep says how long an answer may be kept: for ever where its address changes
// with its content, else until it is asked for again.
func (s *server) keep(w http.ResponseWriter, tag string, forever bool) {
	w.Header().Set("ETag", strconv.Quote(tag))
	if forever {
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "private, no-cache")
	}
}

// common is what the frame around every page needs.
type common struct {
	Heading string
	Events  string // address of the stream of changes; "" for none
	Version string
	Folders string
	Script  string
	Style   string
	Icon    string
}

func (s *server) common(title string, st State, events string) common {
	at := func(name string) string { return "/static/" + name + "?v=" + s.assets[name].hash }
	return common{
		Heading: title, Events: events, Version: s.version(st.Version), Folders: strings.Join(show(st.Folders), ", "),
		Script: at("script.js"), Style: at("style.css"), Icon: at("icon.svg"),
	}
}

// version writes a version of the corpus so that a later process does not take
// it for one of its own.
func (s *server) version(v uint64) string { return s.boot + "-" + strconv.FormatUint(v, 10) }

// render answers with a page. It is made whole first, so that no half page is
// sent after an error.
func (s *server) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := s.templates[name].ExecuteTemplate(&b, "frame", data); err != nil {
		s.log.Error("page not made", "path", r.URL.Path, "err", err)
		http.Error(w, "qacorpus could not make this page", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := b.WriteTo(w); err != nil {
		s.log.Debug("visitor left", "err", err)
	}
}

// sorry answers with a page that says why there is no other.
func (s *server) sorry(w http.ResponseWriter, r *http.Request, status int, why string) {
	_, st := s.corpus.Papers()
	s.render(w, r, status, "sorry.html", struct {
		common
		Why string
	}{s.common(http.StatusText(status), st, ""), why})
}

// parseTemplates reads each page with the frame around it.
func parseTemplates() map[string]*template.Template {
	frame := template.Must(template.New("").Funcs(functions()).ParseFS(embedded, "templates/frame.html", "templates/parts.html"))
	all := map[string]*template.Template{}
	files, err := fs.Glob(embedded, "templates/*.html")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		if base := path.Base(f); base != "frame.html" && base != "parts.html" {
			all[base] = template.Must(template.Must(frame.Clone()).ParseFS(embedded, f))
		}
	}
	return all
}
