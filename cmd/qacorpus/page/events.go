package page

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// eventPause is the least time between two events on one stream.
	eventPause = 400 * time.Millisecond
	// eventBeat is how often a stream without news is written to, so that a
	// connection that is gone is noticed.
	eventBeat = 25 * time.Second
	// writeTime is how long a visitor may take to take an event.
	writeTime = 10 * time.Second
	// maxStreams bounds the streams that are open at a time.
	maxStreams = 128
)

// events tells of changes, of the whole corpus or of one paper, as server-sent
// events: https://html.spec.whatwg.org/multipage/server-sent-events.html
// The visitor says which version it has, so that nothing between its page and
// this stream is missed.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	if s.streams.Add(1) > maxStreams {
		s.streams.Add(-1)
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer s.streams.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	seen := r.Header.Get("Last-Event-ID")
	if seen == "" {
		seen = r.URL.Query().Get("seen")
	}
	st := stream{s: s, paper: r.URL.Query().Get("paper"), out: w, control: http.NewResponseController(w)}
	st.follow(r.Context(), seen)
}

// stream is one open stream of events.
type stream struct {
	s       *server
	paper   string // id of the paper it is about; "" for all
	out     io.Writer
	control *http.ResponseController
}

// follow writes events until ctx ends or the visitor is gone.
func (st *stream) follow(ctx context.Context, seen string) {
	if !st.write("retry: 1500\n\n") {
		return
	}
	version, known := st.s.parseVersion(seen)
	if !known {
		_, now := st.s.corpus.Papers()
		version = now.Version
		if seen != "" && !st.tell(version) { // a page from an earlier process: it is out of date
			return
		}
	}
	for {
		wait, cancel := context.WithTimeout(ctx, eventBeat)
		now := st.s.corpus.Wait(wait, version)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case now == version:
			if !st.write(": still here\n\n") {
				return
			}
			continue
		case st.matters(version):
			if !st.tell(now) {
				return
			}
		}
		version = now
		pause(ctx, eventPause)
	}
}

// parseVersion reads what version wrote; known is false for another process's.
func (s *server) parseVersion(v string) (version uint64, known bool) {
	number, ok := strings.CutPrefix(v, s.boot+"-")
	version, err := strconv.ParseUint(number, 10, 64)
	return version, ok && err == nil
}

// matters tells whether what changed after that version is what the stream is about.
func (st *stream) matters(seen uint64) bool {
	if st.paper == "" {
		return true
	}
	rows, _ := st.s.corpus.Papers()
	i := slices.IndexFunc(rows, func(r Row) bool { return r.ID == st.paper })
	return i < 0 || rows[i].Version > seen
}

func (st *stream) tell(version uint64) bool {
	v := st.s.version(version)
	return st.write(fmt.Sprintf("id: %s\nevent: changed\ndata: %s\n\n", v, v))
}

// write sends s at once. It reports false when the visitor is gone.
func (st *stream) write(s string) bool {
	_ = st.control.SetWriteDeadline(time.Now().Add(writeTime)) // without one a dead connection is noticed later
	if _, err := io.WriteString(st.out, s); err != nil {
		return false
	}
	return st.control.Flush() == nil
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
