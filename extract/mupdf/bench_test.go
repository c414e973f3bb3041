//go:build corpus && cgo && !nocgo

package mupdf

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPapers reads the first four pages of every paper. Its parts can be
// switched off to see what they cost: QACORPUS_SKIP holds the letters o (outline),
// i (metadata).
func BenchmarkPapers(b *testing.B) {
	skip := os.Getenv("QACORPUS_SKIP")
	has := func(c byte) bool {
		for i := range skip {
			if skip[i] == c {
				return true
			}
		}
		return false
	}
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
			d, err := e.OpenFile(f.Fd(), info.Size(), nil)
			if err != nil {
				b.Fatal(err)
			}
			for n := 1; n <= min(4, d.Pages()); n++ {
				if _, err := d.Page(n, false); err != nil {
					b.Fatal(err)
				}
			}
			if !has('o') {
				d.Outline()
			}
			if !has('i') {
				d.Info("Title")
			}
			d.Close()
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
