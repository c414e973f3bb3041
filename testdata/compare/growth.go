//go:build linux

package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The case of growth: qacorpus alone, in folders of more and more small PDFs, with
// the exponent to which each measure grows.

// plant makes n PDFs as hard links to papers, a hundred to a folder: for watchers,
// which do not look into what is there already.
func plant(papers []string, dir string, n int) error {
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("f%05d", i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		if err := os.Link(papers[i%len(papers)], filepath.Join(folder, fmt.Sprintf("paper-%07d.pdf", i))); err != nil {
			return err
		}
	}
	return nil
}

// grown is what one size costs.
type grown struct {
	what, unit string
	of         []float64 // by size
}

func (r *run) growth() error {
	measures := []grown{{what: "first pass", unit: "s"}, {what: "pass with nothing changed", unit: "s"},
		{what: "memory at most, first pass", unit: "MiB"}, {what: "memory at most, nothing changed", unit: "MiB"}, {what: "state", unit: "MiB"}}
	var sizes []float64
	for _, word := range strings.Split(r.sizes, ",") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return fmt.Errorf("size %q: %w", word, err)
		}
		values, err := r.grow(n)
		if err != nil {
			return err
		}
		sizes = append(sizes, float64(n))
		for i := range measures {
			measures[i].of = append(measures[i].of, values[i])
		}
	}
	for _, m := range measures {
		for i, n := range sizes {
			r.rows = append(r.rows, row{what: "growth: " + m.what, side: fmt.Sprintf("%.0f PDFs", n), value: short(m.of[i]) + " " + m.unit})
		}
		r.rows = append(r.rows, row{what: "growth: " + m.what, side: "exponent", value: fmt.Sprintf("%.2f", exponent(sizes, m.of))})
	}
	return nil
}

// grow measures one size, in the order of growth's measures.
func (r *run) grow(n int) (values []float64, err error) {
	dir := filepath.Join(r.work, fmt.Sprintf("growth-%d", n))
	c := r.command("go", "run", "./testdata/bigcorpus", "-o", dir, "-n", fmt.Sprint(n), "-folders", fmt.Sprint(max(1, n/100)))
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make %d papers: %w\n%s", n, err, out)
	}
	cold, coldRSS, err := r.synced(dir)
	if err != nil {
		return nil, err
	}
	warm, warmRSS := sample{}, 0.0
	for range r.rounds {
		took, rss, err := r.synced(dir)
		if err != nil {
			return nil, err
		}
		warm, warmRSS = append(warm, took), max(warmRSS, rss)
	}
	values = []float64{cold, warm.median(), coldRSS, warmRSS, float64(sizeOf(r.state(dir))) / (1 << 20)}
	fmt.Fprintf(os.Stderr, "  %d PDFs: first pass %.2f s, nothing changed %.2f s, memory %.0f and %.0f MiB, state %.1f MiB\n",
		n, values[0], values[1], values[2], values[3], values[4])
	return values, os.RemoveAll(dir)
}

// synced is one pass: seconds, and MiB that its largest process held at most.
func (r *run) synced(dir string) (seconds, rss float64, err error) {
	c := r.own("sync", dir)
	began := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("sync: %w\n%s", err, out[max(0, len(out)-2000):])
	}
	took := time.Since(began).Seconds()
	return took, float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024, nil
}

// sizeOf adds up the regular files under a folder.
func sizeOf(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil // what cannot be read is not counted
	})
	return size
}

// exponent is the slope of the straight line through the logarithms, by least
// squares: y grows as x to that power.
func exponent(x, y []float64) float64 {
	var mx, my, sxy, sxx float64
	for i := range x {
		mx += math.Log(x[i]) / float64(len(x))
		my += math.Log(y[i]) / float64(len(x))
	}
	for i := range x {
		dx := math.Log(x[i]) - mx
		sxy += dx * (math.Log(y[i]) - my)
		sxx += dx * dx
	}
	return sxy / sxx
}
