//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	what, side string
	value      string  // with its unit: median (min to max)
	ratio      float64 // of the side to qacorpus; above 1 is worse than qacorpus
}

// sample is what was measured of one side, a value a round.
type sample []float64

func (s sample) at(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func (s sample) median() float64 { return s.at(0.5) }

// ratios are the medians over qacorpus's of the same rounds: each round against
// itself, because the machine may be busier in one than in another.
func (s sample) ratio(own sample) float64 {
	var r sample
	for i := range min(len(s), len(own)) {
		if own[i] > 0 {
			r = append(r, s[i]/own[i])
		}
	}
	return r.median()
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// add notes the medians of all sides.
func (r *run) add(what, unit string, sides []side, got map[string]sample) {
	for _, s := range sides {
		v, remarks := got[s.name], strings.Join(r.remarks[s.name], ", ")
		var value string
		switch {
		case len(v) > 1:
			value = fmt.Sprintf("%s %s (%s to %s)", short(v.median()), unit, short(v.at(0)), short(v.at(1)))
		case len(v) == 1:
			value = short(v[0]) + " " + unit
		}
		if value != "" && remarks != "" {
			value += ", "
		}
		if value += remarks; value == "" {
			continue
		}
		r.rows = append(r.rows, row{what, s.name, value, v.ratio(got["qacorpus"])})
		fmt.Fprintf(os.Stderr, "  %-28s %s\n", s.name, value)
	}
}

// remark is said beside what was measured of a side.
func (r *run) remark(s side, text string) {
	if r.remarks == nil {
		r.remarks = map[string][]string{}
	}
	r.remarks[s.name] = append(r.remarks[s.name], text)
}

// unready says that the side did not get ready, and notes it.
func (r *run) unready(s side, err error) bool {
	if !errors.Is(err, errNotReady) || r.ctx.Err() != nil {
		return false
	}
	r.remark(s, fmt.Sprintf("not ready after %v", r.limit))
	return true
}

// short is v with three digits.
func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

// Marks around the table in a file that it is written into.
const (
	tableStart = "<!-- compare: start -->\n"
	tableEnd   = "<!-- compare: end -->\n"
)

// report prints the table, and puts it into file where one is named.
func (r *run) report(file string) error {
	var b strings.Builder
	b.WriteString("| case | with | median (min to max) | to qacorpus |\n|---|---|---|---|\n")
	last := ""
	for _, w := range r.rows {
		what := w.what
		if what == last {
			what = ""
		}
		last = w.what
		ratio := fmt.Sprintf("%.2f", w.ratio)
		if w.ratio == 0 || w.side == "qacorpus" {
			ratio = ""
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", what, w.side, w.value, ratio)
	}
	for _, t := range r.more {
		b.WriteString("\n" + t)
	}
	b.WriteString("\n" + strings.Join(r.notes, "; ") + ".\n")
	fmt.Print(b.String())
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	before, rest, ok := strings.Cut(string(data), tableStart)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("write table: %s has no %q and %q", file, tableStart, tableEnd)
	}
	return os.WriteFile(file, []byte(before+tableStart+b.String()+tableEnd+after), 0o644)
}
