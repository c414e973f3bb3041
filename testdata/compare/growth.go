//go:build linux

package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
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

// cost is what one pass costs.
type cost struct {
	wall, cpu float64 // seconds; cpu is of all processes
	rss       float64 // MiB, of the largest process at most
}

// growth measures a first pass and passes with nothing changed.
func (r *run) growth() error {
	names := []string{"first pass, s", "its processor time, s", "its memory at most, MiB", "pass with nothing changed, s", "its processor time, s",
		"its memory at most, MiB", "cache, MiB"}
	table := make([][]float64, len(names))
	var sizes []float64
	for _, word := range strings.Split(r.sizes, ",") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return fmt.Errorf("size %q: %w", word, err)
		}
		first, again, state, err := r.grow(n)
		if err != nil {
			return err
		}
		sizes = append(sizes, float64(n))
		for i, v := range []float64{first.wall, first.cpu, first.rss, again.wall, again.cpu, again.rss, state} {
			table[i] = append(table[i], v)
		}
	}
	var b strings.Builder
	b.WriteString("| one-page PDFs |")
	for _, n := range sizes {
		fmt.Fprintf(&b, " %.0f |", n)
	}
	b.WriteString(" exponent |\n|---|" + strings.Repeat("---|", len(sizes)+1) + "\n")
	for i, name := range names {
		fmt.Fprintf(&b, "| %s |", name)
		for _, v := range table[i] {
			fmt.Fprintf(&b, " %s |", short(v))
		}
		fmt.Fprintf(&b, " %.2f |\n", exponent(sizes, table[i]))
	}
	r.more = append(r.more, b.String())
	return nil
}

// grow measures one size. Of the passes with nothing changed, it takes the middle one.
func (r *run) grow(n int) (first, again cost, state float64, err error) {
	dir := filepath.Join(r.work, fmt.Sprintf("growth-%d", n))
	c := r.command("go", "run", "./testdata/bigcorpus", "-o", dir, "-n", fmt.Sprint(n), "-folders", fmt.Sprint(max(1, n/100)))
	if out, err := c.CombinedOutput(); err != nil {
		return first, again, 0, fmt.Errorf("make %d papers: %w\n%s", n, err, out)
	}
	if first, err = r.synced(dir); err != nil {
		return first, again, 0, err
	}
	var passes []cost
	for range r.rounds {
		c, err := r.synced(dir)
		if err != nil {
			return first, again, 0, err
		}
		passes = append(passes, c)
	}
	slices.SortFunc(passes, func(a, b cost) int { return cmp.Compare(a.wall, b.wall) })
	again, state = passes[len(passes)/2], float64(sizeOf(r.state(dir)))/(1<<20)
	fmt.Fprintf(os.Stderr, "  %d PDFs: first pass %+v, nothing changed %+v, cache %.1f MiB\n", n, first, passes, state)
	return first, again, state, os.RemoveAll(dir)
}

// synced is one pass.
func (r *run) synced(dir string) (cost, error) {
	c := r.own("sync", dir)
	began := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("sync: %w\n%s", err, out[max(0, len(out)-2000):])
	}
	wall := time.Since(began).Seconds()
	cpu := c.ProcessState.UserTime() + c.ProcessState.SystemTime() // its workers' included
	return cost{wall, cpu.Seconds(), float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024}, nil
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
