//go:build corpus && linux

package extract_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"qacorpus/extract"
)

// notebook is the notebook's loop in one long-lived process: a round per line
// of input. Debian's PyMuPDF knows no slices of documents.
const notebook = `
import fitz, sys
for line in sys.stdin:
    n = 0
    for f in sys.argv[1:]:
        d = fitz.open(f)
        for i in range(min(4, d.page_count)):
            n += len(d.load_page(i).get_text())
        d.close()
    print(n, flush=True)
`

// TestSpeed compares one worker with PyMuPDF, round by round in turns. It
// needs Debian's python3-fitz.
func TestSpeed(t *testing.T) {
	papers, _ := filepath.Glob(filepath.Join(corpus(t), "papers", "*"))
	theirs := python(t, papers)
	p := pool(t, extract.Options{Workers: 1})
	ours := func() {
		for _, name := range papers {
			f := reopen(t, name)
			if _, err := p.Extract(context.Background(), f, extract.Request{}); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
	ours()
	theirs()
	var wall, cpu []float64
	for range 15 {
		before := offspringCPU(t)
		a := timed(ours)
		between := offspringCPU(t)
		b := timed(theirs)
		after := offspringCPU(t)
		wall = append(wall, b.Seconds()/a.Seconds())
		cpu = append(cpu, (after-between).Seconds()/(between-before).Seconds())
		t.Logf("worker %v (processor %v), PyMuPDF %v (%v)", a.Round(time.Millisecond), (between - before).Round(time.Millisecond), b.Round(time.Millisecond), (after - between).Round(time.Millisecond))
	}
	for _, r := range []struct {
		name   string
		ratios []float64
	}{{"time", wall}, {"processor time of the worker", cpu}} {
		slices.Sort(r.ratios)
		n := len(r.ratios)
		t.Logf("speed of one worker as a ratio to PyMuPDF's, by %s: min %.3f median %.3f max %.3f", r.name, r.ratios[0], r.ratios[n/2], r.ratios[n-1])
	}
}

// offspringCPU is the processor time of all living processes that this one
// has started.
func offspringCPU(t *testing.T) time.Duration {
	t.Helper()
	var sum time.Duration
	for _, stat := range offspring(t) {
		pid := strings.Fields(stat)[0]
		tasks, err := filepath.Glob("/proc/" + pid + "/task/*/schedstat")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range tasks {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // a thread that has ended
			}
			ns, err := strconv.ParseInt(strings.Fields(string(data))[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += time.Duration(ns)
		}
	}
	return sum
}

func timed(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// python starts the notebook's loop; the function returned runs a round.
func python(t *testing.T, papers []string) func() {
	cmd := exec.Command("/usr/bin/python3", append([]string{"-c", notebook}, papers...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewReader(out)
	return func() {
		if _, err := io.WriteString(in, "go\n"); err != nil {
			t.Fatal(err)
		}
		var n int
		if _, err := fmt.Fscanln(lines, &n); err != nil || n == 0 {
			t.Fatal(n, err)
		}
	}
}
