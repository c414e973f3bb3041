package main

import (
	"errors"
	"fmt"
	"testing"
)

func TestParseShard(t *testing.T) {
	for in, want := range map[string]shard{
		"1/4": {0, 4}, "4/4": {3, 4}, "1/1": {0, 1},
		"0/4": {3, 4}, // whoever counts from 0 to 3 has every part once too
	} {
		got, err := parseShard(in)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", in, got, err, want)
		}
	}
	var usage *usageError
	for _, in := range []string{"", "1", "5/4", "-1/4", "1/0", "a/b", "1/4/2", "1 /4"} {
		if _, err := parseShard(in); !errors.As(err, &usage) {
			t.Errorf("%q: %v, want a usage error", in, err)
		}
	}
}

// TestShards wants every PDF in one part of any number of parts, and parts of
// about the same size.
func TestShards(t *testing.T) {
	for _, n := range []int{1, 2, 7, 64} {
		sizes := make([]int, n)
		for i := range 6400 {
			rel, owners := fmt.Sprintf("20%02d/Paper %d.pdf", i%30, i), 0
			for part := range n {
				if (shard{part, n}).has(rel) {
					owners++
					sizes[part]++
				}
			}
			if owners != 1 {
				t.Fatalf("%q is in %d of %d parts", rel, owners, n)
			}
		}
		for part, size := range sizes {
			if even := 6400 / n; size < even/2 || size > even*2 {
				t.Errorf("part %d of %d has %d PDFs of 6400", part+1, n, size)
			}
		}
	}
}

// TestShardStays pins the part of a path: a task that is run again, by a later
// version too, must find its own files.
func TestShardStays(t *testing.T) {
	for rel, want := range map[string]int{"AdaLoRA.pdf": 4, "2024/LoRA.PDF": 4, "a\nb.pdf": 3} {
		for part := range 8 {
			if (shard{part, 8}).has(rel) && part != want {
				t.Errorf("%q is in part %d of 8, was in %d", rel, part+1, want+1)
			}
		}
	}
}
