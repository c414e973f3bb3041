// Command mutate writes damaged variants of documents, for finding out what breaks their reader: the same ones for the same seed.
//
//	go run ./testdata/mutate -o /srv/mutants -n 200 testdata/QA_corpus/*.pdf    # 200 of each
//
// A variant's name tells its number and what was done to it, for instance AdaRank~0017~number.pdf.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "", "folder to write into (it is made)")
	n := flag.Int("n", 100, "variants of each document")
	seed := flag.Uint64("seed", 1, "another seed gives other variants")
	flag.Parse()
	if err := run(*out, *n, *seed, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "mutate: error:", err)
		os.Exit(1)
	}
}

func run(out string, n int, seed uint64, paths []string) error {
	if out == "" || len(paths) == 0 {
		return fmt.Errorf("a folder (-o) and at least one document are needed")
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		ext := filepath.Ext(path)
		stem := strings.TrimSuffix(filepath.Base(path), ext)
		for i := range n {
			kind, changed := mutate(data, seed, uint64(i))
			name := fmt.Sprintf("%s~%04d~%s%s", stem, i, kind, ext)
			if err := os.WriteFile(filepath.Join(out, name), changed, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// mutate makes variant number i of a document, which it does not change, and says what was done to it.
func mutate(data []byte, seed, i uint64) (kind string, changed []byte) {
	m := ways[i%uint64(len(ways))]
	return m.kind, m.change(append([]byte{}, data...), rand.New(rand.NewPCG(seed, i)))
}
