package main

import (
	"bytes"
	"compress/zlib"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestCorpusIsWhatTheGeneratorWrites fails when the generator and the committed files have drifted apart; then run
// `go run ./testdata/gen` and look at the difference.
func TestCorpusIsWhatTheGeneratorWrites(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, ""); err != nil {
		t.Fatal(err)
	}
	files, err := corpus()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 8 {
		t.Fatalf("the corpus has %d files, want at least 8", len(files))
	}
	for name := range files {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("..", "QA_corpus", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: the generator writes %d bytes that differ from the %d committed ones", name, len(got), len(want))
		}
		if len(got) > 150_000 {
			t.Errorf("%s: %d bytes, too many for a repository", name, len(got))
		}
	}
}

// TestZlibPack unpacks what deflate.go packs with the standard library.
func TestZlibPack(t *testing.T) {
	noise := make([]byte, 70_000)
	state := uint32(1)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = byte(state >> 24)
	}
	skewed := []byte{}
	for i := range 18 { // frequencies like Fibonacci's make the longest codes
		skewed = append(skewed, bytes.Repeat([]byte{byte(i)}, 1<<i/3+1)...)
	}
	for name, data := range map[string][]byte{
		"empty": {}, "one byte": {7}, "zeros": make([]byte, 100_000), "noise": noise, "skewed": skewed,
		"text": bytes.Repeat([]byte("a paper about adapters, "), 500), "noise twice": append(noise[:40_000:40_000], noise[:40_000]...),
	} {
		r, err := zlib.NewReader(bytes.NewReader(zlibPack(data)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(got, data) {
			t.Errorf("%s: came back changed", name)
		}
	}
}

func TestHyphens(t *testing.T) {
	for word, want := range map[string][]int{
		"parameters,": {2, 5, 6}, "fine-tuning": {5}, "settings": nil, "Location": {4}, "x": nil, "(training": {6},
	} {
		got := hyphens(word)
		if len(got) != len(want) {
			t.Errorf("hyphens(%q) = %v, want %v", word, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("hyphens(%q) = %v, want %v", word, got, want)
			}
		}
	}
}
