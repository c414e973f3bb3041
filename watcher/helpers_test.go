package watcher

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// marker ends a whole file in these tests, as %%EOF ends a PDF.
const marker = "END"

// testKey folds X.pdf.md onto X.pdf and ignores hidden names.
func testKey(path string) (string, bool) {
	base := filepath.Base(path)
	if strings.HasPrefix(base, ".") {
		return "", false
	}
	path = strings.TrimSuffix(path, ".md")
	return path, strings.HasSuffix(path, ".pdf")
}

func testSkip(path string) bool { return strings.HasPrefix(filepath.Base(path), ".") }

func testCheck(path string) Verdict {
	data, _ := os.ReadFile(path)
	return Verdict{Complete: bytes.HasSuffix(data, []byte(marker))}
}

func testOptions(roots ...string) Options {
	return Options{
		Roots: roots, Key: testKey, SkipDir: testSkip, Check: testCheck, Log: slog.New(slog.DiscardHandler),
		Quiet: 300 * time.Millisecond, DeleteGrace: 100 * time.Millisecond, Rescan: time.Hour,
	}
}

// content is what a path held at the moment it was delivered; gone says that it was not there.
type content struct {
	data  string
	gone  bool
	times int
}

// recorder remembers what each path held when it was delivered last.
type recorder struct {
	mu   sync.Mutex         // guards seen
	seen map[string]content // by path
	more chan struct{}      // holds a token after a delivery; never closed
}

func newRecorder() *recorder {
	return &recorder{seen: map[string]content{}, more: make(chan struct{}, 1)}
}

func (r *recorder) deliver(path string) {
	// The content is read under the lock: else an older reading could overwrite a newer one.
	r.mu.Lock()
	data, err := os.ReadFile(path)
	r.seen[path] = content{string(data), err != nil, r.seen[path].times + 1}
	r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// await blocks until ok is true of what was seen. A watcher that misses something lets the test time out, with a
// message of what was seen last.
func (r *recorder) await(t *testing.T, what string, ok func(seen map[string]content) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		r.mu.Lock()
		done := ok(r.seen)
		r.mu.Unlock()
		if done {
			return
		}
		select {
		case <-r.more:
		case <-ctx.Done():
			r.mu.Lock()
			defer r.mu.Unlock()
			t.Fatalf("%s: not seen; delivered so far: %v", what, r.seen)
		}
	}
}

func (r *recorder) last(path string) content {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[path]
}

func (r *recorder) awaitContent(t *testing.T, path, want string) {
	t.Helper()
	r.await(t, path, func(seen map[string]content) bool { c, ok := seen[path]; return ok && !c.gone && c.data == want })
}

func (r *recorder) awaitGone(t *testing.T, path string) {
	t.Helper()
	r.await(t, path+" gone", func(seen map[string]content) bool { return seen[path].gone })
}

// start runs a watcher until the test ends.
func start(t *testing.T, o Options) *recorder {
	t.Helper()
	r := newRecorder()
	startWith(t, o, r.deliver)
	return r
}

func startWith(t *testing.T, o Options, deliver func(string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := Run(ctx, o, deliver); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
}

func write(t *testing.T, path, data string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(data), 0o644))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
