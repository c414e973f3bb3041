// Command bigcorpus fills a folder with many small, valid, different PDFs, for measuring: the same files for the same seed.
//
//	go run ./testdata/bigcorpus -o /srv/big -n 1000000 -folders 1000
//	go run ./testdata/bigcorpus -o /srv/big -n 100000 -links 50000 -qa 10     # half of them hard links, QA pairs for each tenth
//	go run ./testdata/bigcorpus -o /srv/big -n 500 -start 1000000             # 500 more
//
// Design notes. File i depends on the seed and on i alone, so any number of writers gives the same folder, and -start goes on where
// an earlier run ended. Existing files are replaced. Nothing is synced to disk: what is measured afterwards is the reader.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// options say what to write; see the flags in main.
type options struct {
	out                                 string
	n, start, folders, pages, links, qa int
	seed                                uint64
	rename                              bool
}

func main() {
	var o options
	flag.StringVar(&o.out, "o", "", "folder to fill (it is made)")
	flag.IntVar(&o.n, "n", 1000, "number of PDFs")
	flag.IntVar(&o.start, "start", 0, "number of the first one")
	flag.IntVar(&o.folders, "folders", 1, "number of sub-folders that they are spread over; 1 puts all into the folder itself")
	flag.IntVar(&o.pages, "pages", 1, "pages of each")
	flag.IntVar(&o.links, "links", 0, "so many of them, the last ones, are hard links to the first ones")
	flag.IntVar(&o.qa, "qa", 0, "write QA pairs beside each so-many-th PDF; 0 writes none")
	flag.Uint64Var(&o.seed, "seed", 1, "another seed gives other texts")
	flag.BoolVar(&o.rename, "rename", false, "write under a hidden name first and rename, as sync clients do")
	jobs := flag.Int("j", runtime.NumCPU(), "writers at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	began := time.Now()
	size, err := fill(ctx, o, *jobs)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bigcorpus: error:", err)
		os.Exit(1)
	}
	took := time.Since(began)
	fmt.Printf("%d PDFs in %d folders, %d bytes, in %.1f s\n", o.n, o.folders, size, took.Seconds())
}

func (o options) check() error {
	switch {
	case o.out == "":
		return fmt.Errorf("no folder given (-o)")
	case o.n < 0 || o.start < 0 || o.folders < 1 || o.pages < 1 || o.qa < 0:
		return fmt.Errorf("a number is out of range")
	case o.links < 0 || o.links > o.n/2:
		return fmt.Errorf("-links %d: at most half of the files can be links", o.links)
	}
	return nil
}

// fill writes all files with a number of writers, and returns how many bytes were written.
func fill(ctx context.Context, o options, jobs int) (int64, error) {
	if err := o.check(); err != nil {
		return 0, err
	}
	for f := range o.folders {
		if err := os.MkdirAll(o.folder(f), 0o755); err != nil {
			return 0, err
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var size atomic.Int64
	// Links come after all files that they point to.
	for _, part := range [][2]int{{0, o.n - o.links}, {o.n - o.links, o.n}} {
		var next atomic.Int64
		next.Store(int64(part[0]))
		var group sync.WaitGroup
		for range max(jobs, 1) {
			group.Go(func() {
				for ctx.Err() == nil {
					i := int(next.Add(1)) - 1
					if i >= part[1] {
						return
					}
					n, err := o.one(i)
					if err != nil {
						cancel(err)
						return
					}
					size.Add(int64(n))
				}
			})
		}
		group.Wait()
	}
	return size.Load(), context.Cause(ctx)
}

// folder is the path of a sub-folder.
func (o options) folder(f int) string {
	if o.folders == 1 {
		return o.out
	}
	return filepath.Join(o.out, fmt.Sprintf("f%04d", f))
}

// path is where file i, counted from the run's first one, goes: neighbours fill one folder before the next.
func (o options) path(i int) string {
	return filepath.Join(o.folder(i*o.folders/max(o.n, 1)), fmt.Sprintf("paper-%07d.pdf", o.start+i))
}

// one writes file i and its QA file and returns their size.
func (o options) one(i int) (int, error) {
	path := o.path(i)
	if i >= o.n-o.links {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return 0, err
		}
		return 0, os.Link(o.path(i-(o.n-o.links)), path)
	}
	number := uint64(o.start + i)
	p := newPaper(o.seed, number, o.pages)
	data := p.pdf()
	if err := o.write(path, data); err != nil {
		return 0, err
	}
	if o.qa == 0 || number%uint64(o.qa) != 0 {
		return len(data), nil
	}
	qa := p.qa()
	return len(data) + len(qa), o.write(path[:len(path)-len(".pdf")]+".json", qa)
}

func (o options) write(path string, data []byte) error {
	if !o.rename {
		return os.WriteFile(path, data, 0o644)
	}
	hidden := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	if err := os.WriteFile(hidden, data, 0o644); err != nil {
		return err
	}
	return os.Rename(hidden, path)
}
