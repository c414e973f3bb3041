// Command regress fails where a pure package allocates more than it did: more
// allocations or more bytes for the same work than testdata/regress/baseline.txt
// has. Allocations, unlike times, are the same on a busy machine.
//
//	go run ./testdata/regress            compare
//	go run ./testdata/regress -update    take today's figures as the baseline
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const baseline = "testdata/regress/baseline.txt"

// pure are the packages that turn bytes into bytes.
var pure = []string{
	"./sidecar/qa", "./sidecar/preview", "./sidecar/export", "./sidecar/ground/fold", "./sidecar/ground/similar",
	"./sidecar/ground/pairing", "./sidecar/ground",
}

// Tolerances: maps that grow and the compiler's next version move figures a little.
const (
	moreAllocs = 1.05
	moreBytes  = 1.10
)

// cost is what one run of a benchmark allocates.
type cost struct{ allocs, bytes float64 }

func main() {
	update := flag.Bool("update", false, "write the baseline instead of comparing with it")
	flag.Parse()
	if err := regress(*update); err != nil {
		fmt.Fprintln(os.Stderr, "regress: error:", err)
		os.Exit(1)
	}
}

func regress(update bool) error {
	now, err := measure()
	if err != nil {
		return err
	}
	if update {
		return os.WriteFile(baseline, format(now), 0o644)
	}
	data, err := os.ReadFile(baseline)
	if err != nil {
		return fmt.Errorf("read baseline: %w", err)
	}
	then, err := parseBaseline(data)
	if err != nil {
		return err
	}
	return compare(then, now)
}

// result matches a line of go test -bench -benchmem.
var result = regexp.MustCompile(`(?m)^(Benchmark\S+?)(?:-\d+)?\s+\d+\s.*?([\d.]+) B/op\s+([\d.]+) allocs/op`)

// measure runs the benchmarks of the pure packages.
func measure() (map[string]cost, error) {
	costs := map[string]cost{}
	for _, pkg := range pure {
		c := exec.Command("go", "test", "-run=^$", "-bench=.", "-benchmem", "-benchtime=10x", pkg)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		out, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("run benchmarks of %s: %w\n%s%s", pkg, err, out, stderr.Bytes())
		}
		found := result.FindAllSubmatch(out, -1)
		if len(found) == 0 {
			return nil, fmt.Errorf("run benchmarks of %s: there are none\n%s", pkg, out)
		}
		for _, m := range found {
			b, err1 := strconv.ParseFloat(string(m[2]), 64)
			n, err2 := strconv.ParseFloat(string(m[3]), 64)
			if err1 != nil || err2 != nil {
				return nil, fmt.Errorf("run benchmarks of %s: read %q", pkg, m[0])
			}
			costs[strings.TrimPrefix(pkg, "./")+" "+string(m[1])] = cost{n, b}
		}
	}
	return costs, nil
}

// compare tells of every benchmark, and fails where one is missing, new, or
// allocates more.
func compare(then, now map[string]cost) error {
	var bad []string
	for _, name := range slices.Sorted(maps.Keys(now)) {
		was, known := then[name]
		is := now[name]
		fmt.Printf("%-60s %8.0f allocs (%.0f)  %10.0f bytes (%.0f)\n", name, is.allocs, was.allocs, is.bytes, was.bytes)
		switch {
		case !known:
			bad = append(bad, name+" is not in the baseline; run with -update")
		case is.allocs > was.allocs*moreAllocs+2 || is.bytes > was.bytes*moreBytes+1024:
			bad = append(bad, fmt.Sprintf("%s: %.0f allocations and %.0f bytes, were %.0f and %.0f", name, is.allocs, is.bytes, was.allocs, was.bytes))
		}
	}
	for name := range then {
		if _, ok := now[name]; !ok {
			bad = append(bad, name+" is in the baseline and was not run")
		}
	}
	if len(bad) > 0 {
		slices.Sort(bad)
		return fmt.Errorf("compare with %s:\n%s", baseline, strings.Join(bad, "\n"))
	}
	return nil
}

// format writes a line for each benchmark: package, name, allocations, bytes.
func format(costs map[string]cost) []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		fmt.Fprintf(&b, "%s %.0f %.0f\n", name, costs[name].allocs, costs[name].bytes)
	}
	return b.Bytes()
}

func parseBaseline(data []byte) (map[string]cost, error) {
	costs := map[string]cost{}
	for line := range strings.Lines(string(data)) {
		var pkg, name string
		var c cost
		if _, err := fmt.Sscan(line, &pkg, &name, &c.allocs, &c.bytes); err != nil {
			return nil, fmt.Errorf("read baseline %q: %w", line, err)
		}
		costs[pkg+" "+name] = c
	}
	return costs, nil
}
