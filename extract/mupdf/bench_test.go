//go:build corpus && cgo && !nocgo

package mupdf

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPapers reads the first four pages of every paper.
func BenchmarkPapers(b *testing.B) {
	names, _ := filepath.Glob(filepath.Join(os.Getenv("QACORPUS_CORPUS"), "papers", "*"))
	if len(names) == 0 {
		b.Fatal("set QACORPUS_CORPUS")
	}
	e, err := New(64 << 20)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	cpu := cpuTime()
	for b.Loop() {
		for _, name := range names {
			f, err := os.Open(name)
			if err != nil {
				b.Fatal(err)
			}
			info, _ := f.Stat()
			_, err = e.Read(Request{File: f.Fd(), Size: info.Size(), First: 1, Last: 4}, func(_ int, p Page) error { return p.Err })
			if err != nil {
				b.Fatal(err)
			}
			f.Close()
		}
	}
	b.ReportMetric(float64((cpuTime()-cpu).Milliseconds())/float64(b.N), "cpu-ms/op")
}

func cpuTime() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
