//go:build heavy && linux

package watcher

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// paperKey folds previews onto papers, as the daemon does.
func paperKey(path string) (string, bool) {
	if source, ok := strings.CutSuffix(path, ".preview.md"); ok {
		return source + ".pdf", true
	}
	return path, strings.HasSuffix(path, ".pdf") && !strings.HasPrefix(filepath.Base(path), ".")
}

// BenchmarkWalk measures a walk over the tree in QACORPUS_TREE.
func BenchmarkWalk(b *testing.B) {
	root := os.Getenv("QACORPUS_TREE")
	if root == "" {
		b.Fatal("set QACORPUS_TREE to a folder to walk")
	}
	o := testOptions()
	o.Key = paperKey
	for b.Loop() {
		n := 0
		if err := Walk(b.Context(), root, o, func(string) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "sources")
	}
}

// BenchmarkStart measures the time from Run to the delivery of the last of the sources in QACORPUS_TREE, and what a
// minute of nothing costs afterwards.
func BenchmarkStart(b *testing.B) {
	root := os.Getenv("QACORPUS_TREE")
	if root == "" {
		b.Fatal("set QACORPUS_TREE to a folder to watch")
	}
	o := testOptions(root)
	o.Key, o.Rescan = paperKey, 0
	want := 0
	if err := Walk(b.Context(), root, o, func(string) error { want++; return nil }); err != nil {
		b.Fatal(err)
	}
	idle := 60 * time.Second
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		var n atomic.Int64
		all := make(chan struct{})
		began, spent := time.Now(), cpuTime(b)
		var wg sync.WaitGroup
		wg.Go(func() {
			err := Run(ctx, o, func(string) {
				if n.Add(1) == int64(want) {
					close(all)
				}
			})
			if err != nil {
				b.Error(err)
			}
		})
		<-all
		b.ReportMetric(time.Since(began).Seconds()*1000, "ms/start")
		b.ReportMetric((cpuTime(b)-spent).Seconds()*1000, "cpu-ms/start")
		debug.FreeOSMemory()
		rest(ctx, 5*time.Second) // the runtime gives memory back in the background
		before := cpuTime(b)
		rest(ctx, idle)
		b.ReportMetric((cpuTime(b)-before).Seconds()/idle.Seconds()*100, "%core/idle")
		b.ReportMetric(resident(b), "MB/resident")
		cancel()
		wg.Wait()
	}
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func cpuTime(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident returns the memory this process holds, in MB.
func resident(b *testing.B) float64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Fatal(err)
	}
	var size, pages float64
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		b.Fatal(err)
	}
	return pages * float64(os.Getpagesize()) / 1e6
}

// BenchmarkDrop measures the time from the close of a dropped file of 1 MB, written in chunks, to its delivery.
func BenchmarkDrop(b *testing.B) {
	root := b.TempDir()
	o := testOptions(root)
	o.Check = func(path string) Verdict {
		f, err := os.Open(path)
		if err != nil {
			return Verdict{}
		}
		defer f.Close()
		tail := make([]byte, len(marker))
		fi, err := f.Stat()
		if err != nil {
			return Verdict{}
		}
		_, err = f.ReadAt(tail, max(0, fi.Size()-int64(len(tail))))
		return Verdict{Complete: err == nil && string(tail) == marker}
	}
	type arrival struct {
		path string
		at   time.Time
	}
	arrived := make(chan arrival, 1000)
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		err := Run(ctx, o, func(path string) { arrived <- arrival{path, time.Now()} })
		if err != nil {
			b.Error(err)
		}
	})
	rest(ctx, 100*time.Millisecond)
	chunk := make([]byte, 64<<10)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		f, err := os.Create(filepath.Join(root, fmt.Sprint(i, ".pdf")))
		if err != nil {
			b.Fatal(err)
		}
		for range 16 {
			f.Write(chunk)
		}
		f.WriteString(marker)
		f.Close()
		closed := time.Now()
		a := <-arrived
		for a.path != f.Name() {
			a = <-arrived
		}
		took = append(took, a.at.Sub(closed))
		rest(ctx, 20*time.Millisecond)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
}
