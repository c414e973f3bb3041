package extract

import (
	"strings"
	"sync"
)

// tail keeps the beginning of what a worker prints before it dies: a crash
// says what happened first and dumps registers afterwards.
type tail struct {
	mu  sync.Mutex // guards buf; the writer is exec's goroutine
	buf []byte
}

// tailLen is how many bytes are kept.
const tailLen = 300

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p[:min(len(p), tailLen-len(t.buf))]...)
	return len(p), nil
}

// String is what was kept, on one line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(t.buf), "?")), " ")
}
