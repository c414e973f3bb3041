package main

import "testing"

func TestCompare(t *testing.T) {
	then := map[string]cost{"a B": {1000, 1e6}}
	for name, c := range map[string]struct {
		now  map[string]cost
		good bool
	}{
		"same":             {map[string]cost{"a B": {1000, 1e6}}, true},
		"less":             {map[string]cost{"a B": {10, 1e3}}, true},
		"a little more":    {map[string]cost{"a B": {1040, 1.05e6}}, true},
		"more allocations": {map[string]cost{"a B": {1100, 1e6}}, false},
		"more bytes":       {map[string]cost{"a B": {1000, 1.2e6}}, false},
		"gone":             {map[string]cost{}, false},
		"new":              {map[string]cost{"a B": {1000, 1e6}, "a C": {1, 1}}, false},
	} {
		if err := compare(then, c.now); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBaseline(t *testing.T) {
	want := map[string]cost{"sidecar/qa BenchmarkX/small": {3, 4096}, "sidecar/ground BenchmarkY": {0, 0}}
	got, err := parseBaseline(format(want))
	if err != nil || len(got) != 2 || got["sidecar/qa BenchmarkX/small"] != want["sidecar/qa BenchmarkX/small"] {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := parseBaseline([]byte("not a baseline\n")); err == nil {
		t.Error("nonsense is taken for a baseline")
	}
	m := result.FindStringSubmatch("BenchmarkNormalise/10_pairs-2   	 100	  1234 ns/op	 45.2 MB/s	  678 B/op	  9 allocs/op")
	if m == nil || m[1] != "BenchmarkNormalise/10_pairs" || m[2] != "678" || m[3] != "9" {
		t.Errorf("%q", m)
	}
}
