//go:build linux

package main

import (
	"math"
	"testing"
)

func TestExponent(t *testing.T) {
	x := []float64{1000, 10_000, 100_000, 1_000_000}
	for _, want := range []float64{0, 0.5, 1, 2} {
		var y []float64
		for _, n := range x {
			y = append(y, 3*math.Pow(n, want))
		}
		if got := exponent(x, y); math.Abs(got-want) > 1e-9 {
			t.Errorf("exponent of 3n^%v = %v", want, got)
		}
	}
	// Noise that is as far above as below the line does not tilt it.
	if got := exponent([]float64{1, 10, 100, 1000}, []float64{2, 10, 100, 2000}); math.Abs(got-1) > 0.1 {
		t.Errorf("exponent of a noisy line = %v", got)
	}
}

func TestRatioTakesEachRoundAgainstItself(t *testing.T) {
	own, other := sample{1, 10, 100}, sample{2, 20, 200}
	if got := other.ratio(own); got != 2 {
		t.Errorf("ratio = %v, want 2", got)
	}
	if got := (sample{}).ratio(own); got != 0 {
		t.Errorf("ratio of nothing = %v, want 0", got)
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0.00", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 58551: "58551"} {
		if got := short(v); got != want {
			t.Errorf("short(%v) = %q, want %q", v, got, want)
		}
	}
}
