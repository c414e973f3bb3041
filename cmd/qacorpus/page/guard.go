package page

import (
	"net/http"
	"slices"
	"strings"
)

// policy lets the page load what qacorpus serves, and nothing else from anywhere:
// no inline script or style, no frame, no plug-in, no other origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// guard refuses what is no read of ours under our own address, and sets the
// headers that every answer has.
func guard(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		switch {
		case !slices.Contains(hosts, strings.ToLower(r.Host)):
			// A site whose name was made to point to this machine shows up here.
			http.Error(w, "qacorpus answers only under its own address, as http://"+hosts[0]+"/", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "this page is read-only", http.StatusMethodNotAllowed)
		case foreign(r):
			http.Error(w, "another site may link here, not load from here", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// foreign tells a request that a page of another origin sends, other than by a
// link that somebody follows: https://www.w3.org/TR/fetch-metadata/
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
}
