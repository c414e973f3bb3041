//go:build corpus && linux

package extract_test

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qacorpus/extract"
	"qacorpus/extract/internal/tinypdf"
)

// TestAnyPDF reads every file of the three folders: whatever it is, it has a
// status, and the pool goes on.
func TestAnyPDF(t *testing.T) {
	dir := corpus(t)
	for _, folder := range []string{"papers", "odd", "hostile"} {
		pids := &pidLog{}
		p := pool(t, extract.Options{Workers: 1, Timeout: 20 * time.Second, Log: slog.New(slog.NewTextHandler(pids, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		counts := map[extract.Status]int{}
		began := time.Now()
		files, _ := filepath.Glob(filepath.Join(dir, folder, "*"))
		peak := ""
		var slowest time.Duration
		for _, name := range files {
			start := time.Now()
			f := reopen(t, name)
			d, err := p.Extract(t.Context(), f, extract.Request{})
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			counts[d.Status]++
			took := time.Since(start)
			slowest = max(slowest, took)
			if took > time.Second || d.Status == "crashed" || d.Status == "timed-out" {
				t.Logf("%s %v %s: %s", d.Status, took, filepath.Base(name), d.Detail)
			}
			if d.Status != "timed-out" && d.Status != "crashed" && pids.pid != 0 {
				peak = highWater(pids.pid)
			}
		}
		t.Logf("%s: %d files in %v, slowest %v, workers %d, the last one's peak memory %s, pool %d KiB: %v", folder, len(files),
			time.Since(began).Round(time.Millisecond), slowest.Round(time.Millisecond), pids.started, peak, resident(t, os.Getpid()), counts)
	}
}

// highWater is the most that a process has held.
func highWater(pid int) string {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(data), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

// TestBook compares the first four pages of a long book with those of a
// paper, both made of the same pages.
func TestBook(t *testing.T) {
	book := func(pages int) *os.File {
		var d tinypdf.Doc
		d.More = []string{"", ""}
		first := tinypdf.PageObject(pages) + 2
		var words []string
		for n := range 45 {
			words = append(words, fmt.Sprintf("Line %d of a page that is as full as those of a paper usually are, give or take.", n))
		}
		for n := range pages {
			d.Pages = append(d.Pages, tinypdf.Text(append(words, fmt.Sprint("page ", n+1))...))
		}
		d.Catalog = fmt.Sprintf("/Outlines %d 0 R", first)
		d.More = []string{fmt.Sprintf("<</First %d 0 R/Last %d 0 R>>", first+1, first+pages/5)}
		for n := range pages / 5 {
			next := fmt.Sprintf("/Next %d 0 R", first+n+2)
			if n == pages/5-1 {
				next = ""
			}
			d.More = append(d.More, fmt.Sprintf("<</Title(Chapter %d)/Parent %d 0 R/Dest[%d 0 R/Fit]%s>>", n+1, first, tinypdf.PageObject(n*5+1), next))
		}
		return file(t, d.Bytes())
	}
	files := map[string]*os.File{"2,000 light pages": book(2000), "10 light pages": book(10)}
	papers, _ := filepath.Glob(filepath.Join(corpus(t), "papers", "*"))
	for _, name := range papers {
		files[filepath.Base(name)] = reopen(t, name)
	}
	p := pool(t, extract.Options{Workers: 1})
	best := map[string]time.Duration{}
	for round := range 5 {
		for name, f := range files {
			before := offspringCPU(t)
			d, err := p.Extract(t.Context(), f, extract.Request{})
			if err != nil || d.Status != "ok" {
				t.Fatal(d, err)
			}
			if took := offspringCPU(t) - before; round == 0 || d.Pages > 0 && took < best[name] {
				best[name] = took
			}
			if d.Pages < 8 && round == 0 {
				delete(files, name) // a leaflet, no paper
				delete(best, name)
			}
		}
	}
	long := best["2,000 light pages"]
	delete(best, "2,000 light pages")
	for _, name := range slices.SortedFunc(maps.Keys(best), func(a, b string) int { return cmp.Compare(best[a], best[b]) }) {
		t.Logf("the book's first pages take %v of processor time, %.2f of the %v of %s", long, long.Seconds()/best[name].Seconds(), best[name], name)
	}
}
