//go:build corpus && linux

package extract_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"qacorpus/extract"
)

// TestMemory reads 5,000 documents, broken ones included, in one worker that
// is not recycled, and watches what it and this process hold.
func TestMemory(t *testing.T) {
	var files []string
	for _, folder := range []string{"papers", "odd", "hostile"} {
		names, _ := filepath.Glob(filepath.Join(corpus(t), folder, "*"))
		files = append(files, names...)
	}
	pids := &pidLog{}
	p := pool(t, extract.Options{Workers: 1, Timeout: 20 * time.Second, Recycle: 1 << 30, Memory: 2 << 30, Log: slog.New(slog.NewTextHandler(pids, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	at := map[int]int{}
	peak := 0
	for n := range 5000 {
		name := files[n%len(files)]
		f := reopen(t, name)
		if _, err := p.Extract(t.Context(), f, extract.Request{}); err != nil {
			t.Fatal(err)
		}
		f.Close()
		now := resident(t, pids.pid)
		peak = max(peak, now)
		if (n+1)%500 == 0 {
			at[n+1] = now
			t.Logf("%5d documents: worker %d KiB (peak %d), pool %d KiB, workers started %d", n+1, now, peak, resident(t, os.Getpid()), pids.started)
		}
	}
	if at[5000]*10 > at[1000]*11 {
		t.Errorf("the worker grew from %d to %d KiB", at[1000], at[5000])
	}
}

// pidLog takes the last worker's process number from the log.
type pidLog struct{ pid, started int }

func (l *pidLog) Write(line []byte) (int, error) {
	if _, rest, ok := strings.Cut(string(line), `msg="worker started" pid=`); ok {
		l.pid, _ = strconv.Atoi(strings.Fields(rest)[0])
		l.started++
	}
	return len(line), nil
}
