package safefile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkCreate compares what durability costs: a plain write, a file that is
// whole after a power cut (Deferred), and one that is also sure to be there.
func BenchmarkCreate(b *testing.B) {
	data := make([]byte, 16<<10)
	for name, create := range map[string]func(w *Writer, path string) error{
		"plain":    func(_ *Writer, path string) error { return os.WriteFile(path, data, 0o644) },
		"deferred": func(w *Writer, path string) error { w.Deferred = true; return w.Create(path, data, 0o644) },
		"durable":  func(w *Writer, path string) error { return w.Create(path, data, 0o644) },
	} {
		for _, parallel := range []int{1, 4} {
			b.Run(fmt.Sprint(name, "/", parallel), func(b *testing.B) {
				dir, w := b.TempDir(), &Writer{}
				b.SetParallelism(parallel)
				var next atomic.Int64
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := create(w, filepath.Join(dir, fmt.Sprint(next.Add(1)))); err != nil {
							b.Error(err)
						}
					}
				})
				if err := w.Flush(); err != nil {
					b.Error(err)
				}
			})
		}
	}
}

// BenchmarkReplace is the cost without the grace time, which is waiting only.
func BenchmarkReplace(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.json")
	data := make([]byte, 16<<10)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		b.Fatal(err)
	}
	w := &Writer{Grace: time.Nanosecond, Deferred: true}
	for b.Loop() {
		data[0]++
		_, v, err := Read(path, 0)
		if err == nil {
			err = w.Replace(context.Background(), path, v, data)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
