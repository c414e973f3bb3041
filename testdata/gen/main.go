// Command gen writes the sample corpus testdata/QA_corpus: the same bytes on every machine, system and Go version.
//
//	go run ./testdata/gen               # from the top of the repository
//	go run ./testdata/gen -o /some/dir
//
// Design notes. The text of every paper is our own and lies in papers/*.txt in a small mark-up (markup.go). The fonts are the
// subsets in fonts/, never those of the machine. All lengths are whole thousandths of a point: floating point would round
// differently where a processor fuses multiply and add. The Flate streams come from deflate.go, since the output of
// compress/flate may change with any Go release.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

func main() {
	out := flag.String("o", filepath.Join("testdata", "QA_corpus"), "folder to write the PDFs into")
	scan := flag.String("scan-source", "", "write only the paper that was rendered into scan/*.png to this file")
	flag.Parse()
	if err := run(*out, *scan); err != nil {
		fmt.Fprintln(os.Stderr, "gen: error:", err)
		os.Exit(1)
	}
}

func run(out, scan string) error {
	if scan != "" {
		data, err := scanSource()
		if err != nil {
			return err
		}
		return os.WriteFile(scan, data, 0o644)
	}
	files, err := corpus()
	if err != nil {
		return err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
