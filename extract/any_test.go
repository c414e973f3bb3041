//go:build corpus

package extract_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"qacorpus/extract"
)

// TestAnyPDF reads every file of the three folders: whatever it is, it has a
// status, and the pool goes on.
func TestAnyPDF(t *testing.T) {
	dir := corpus(t)
	for _, folder := range []string{"papers", "odd", "hostile"} {
		p := pool(t, extract.Options{Workers: 2, Timeout: 10 * time.Second})
		counts := map[extract.Status]int{}
		began := time.Now()
		files, _ := filepath.Glob(filepath.Join(dir, folder, "*"))
		for _, name := range files {
			start := time.Now()
			d, err := p.Extract(context.Background(), reopen(t, name), extract.Request{})
			if err != nil {
				t.Fatal(err)
			}
			counts[d.Status]++
			if took := time.Since(start); took > time.Second || d.Status == "crashed" {
				t.Logf("%s %v %s: %s", d.Status, took, filepath.Base(name), d.Detail)
			}
		}
		t.Log(folder, counts, time.Since(began))
	}
}
