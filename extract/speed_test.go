//go:build corpus

package extract_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
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
	var ratios []float64
	for range 15 {
		a := timed(ours)
		b := timed(theirs)
		ratios = append(ratios, b.Seconds()/a.Seconds())
		t.Logf("worker %v, PyMuPDF %v, ratio %.3f", a.Round(time.Millisecond), b.Round(time.Millisecond), b.Seconds()/a.Seconds())
	}
	slices.Sort(ratios)
	t.Logf("speed of one worker as a ratio to PyMuPDF: min %.3f median %.3f max %.3f", ratios[0], ratios[len(ratios)/2], ratios[len(ratios)-1])
	if ratios[len(ratios)/2] < 0.95 {
		t.Error("below the bar of 0.95")
	}
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
