//go:build linux

// Command compare measures qacorpus beside what people use instead, on this
// machine, in one run: every round has all sides in turn, so that a busy moment
// hits all of them. It prints a table of medians and ratios.
//
//	go run ./testdata/compare -install          fetch the other sides (apt-get, npm, go install; as root)
//	go run ./testdata/compare                   all cases, a few minutes
//	go run ./testdata/compare -cases drop -drops 200 -papers ~/papers
//	go run ./testdata/compare -big 100000 -cases big
//	go run ./testdata/compare -growth 1000,10000,100000,1000000 -cases growth -rounds 3
//	go run ./testdata/compare -write README.md  put the table between the marks there
//
// Without -papers, the PDFs are the sample corpus, copied and made different. A
// side that is not installed is named, and left out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// run is one execution of the program.
type run struct {
	ctx                       context.Context
	qacorpus                  string // the binary
	work                      string // a folder for everything
	papers                    []string
	rounds, drops, storm, big int
	idle, limit               time.Duration
	sizes                     string              // of growth
	remarks                   map[string][]string // by side, for the rows that are added next
	rows                      []row
	more                      []string // tables of their own
	notes                     []string
	sides                     map[string]bool // by name, those to measure; empty is all
	missing                   map[string]bool // sides that were left out
}

var cases = []struct {
	name string
	what string
	do   func(*run) error
}{
	{"drop", "a PDF is dropped into a watched folder of 300", (*run).drop},
	{"cold", "first pass over a folder", (*run).cold},
	{"warm", "a pass with nothing changed", (*run).warm},
	{"storm", "many PDFs are dropped at once", (*run).burst},
	{"big", "a large folder: one change, idle", (*run).large},
	{"growth", "qacorpus alone, in larger and larger folders", (*run).growth},
	{"json", "QA files are tidied", (*run).json},
	{"save", "a QA file is saved and tidied in place", (*run).save},
}

func main() {
	if err := compare(); err != nil {
		fmt.Fprintln(os.Stderr, "compare: error:", err)
		os.Exit(1)
	}
}

func compare() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r := &run{ctx: ctx, missing: map[string]bool{}, sides: map[string]bool{}}
	var names []string
	for _, c := range cases {
		names = append(names, c.name)
	}
	which := flag.String("cases", strings.Join(names, ","), "cases to measure, separated by commas")
	only := flag.String("sides", "", "sides to measure, separated by commas; all without")
	papers := flag.String("papers", "", "folder of PDFs; without, the sample corpus")
	readme := flag.String("write", "", "file in which to replace the table between the marks")
	fetch := flag.Bool("install", false, "install the other sides first")
	flag.StringVar(&r.work, "work", "", "folder to work in, on the disk that is to be measured; it must not be there")
	flag.StringVar(&r.qacorpus, "qacorpus", "", "binary to measure; without, it is built")
	flag.IntVar(&r.rounds, "rounds", 5, "rounds of what is not counted otherwise")
	flag.IntVar(&r.drops, "drops", 200, "drops for each side")
	flag.IntVar(&r.storm, "storm", 1000, "PDFs of a storm")
	flag.IntVar(&r.big, "big", 10000, "PDFs of the large folder")
	flag.StringVar(&r.sizes, "growth", "1000,10000,100000", "numbers of PDFs for growth, separated by commas")
	flag.DurationVar(&r.idle, "idle", 20*time.Second, "how long idleness is watched")
	flag.DurationVar(&r.limit, "limit", 10*time.Minute, "what a side may take to get ready, or for a storm")
	flag.Parse()
	if *fetch {
		if err := install(ctx); err != nil {
			return err
		}
	}
	for _, s := range strings.FieldsFunc(*only, func(c rune) bool { return c == ',' }) {
		r.sides[s] = true
	}
	clean, err := r.prepare(*papers)
	if err != nil {
		return err
	}
	defer clean()
	for _, c := range cases {
		if !slices.Contains(strings.Split(*which, ","), c.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", c.name, c.what)
		if err := c.do(r); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return r.report(*readme)
}

// prepare makes the folder, the binary and the list of papers. Everything goes
// with clean.
func (r *run) prepare(papers string) (clean func(), err error) {
	if r.work == "" {
		if r.work, err = os.MkdirTemp("/var/tmp", "qacorpus-compare-"); err != nil {
			return nil, err
		}
	} else if err := os.Mkdir(r.work, 0o755); err != nil {
		return nil, err
	}
	clean = func() { os.RemoveAll(r.work) }
	if r.qacorpus == "" {
		r.qacorpus = filepath.Join(r.work, "qacorpus")
		if out, err := exec.CommandContext(r.ctx, "go", "build", "-o", r.qacorpus, "./cmd/qacorpus").CombinedOutput(); err != nil {
			clean()
			return nil, fmt.Errorf("build qacorpus: %w\n%s", err, out)
		}
	}
	if papers == "" {
		papers = "testdata/QA_corpus"
	}
	all, err := filepath.Glob(filepath.Join(papers, "*.pdf"))
	for _, path := range all {
		if r.readable(path) {
			r.papers = append(r.papers, path)
		}
	}
	if err == nil && len(r.papers) == 0 {
		err = fmt.Errorf("no PDF with text in %q (run this in the project's folder)", papers)
	}
	if err != nil {
		clean()
		return nil, err
	}
	slices.SortFunc(r.papers, func(a, b string) int { return int(sizeOf(a) - sizeOf(b)) })
	r.notes = append(r.notes, fmt.Sprintf("%s, %d cores, %s; %s; %d different papers from %s",
		cpuModel(), runtime.NumCPU(), kernel(), oneLine(r.qacorpus, "version"), len(r.papers), filepath.Base(papers)))
	return clean, nil
}

// readable says whether all sides find text in the PDF: encrypted and damaged
// ones are no contest.
func (r *run) readable(path string) bool {
	out, err := exec.CommandContext(r.ctx, r.qacorpus, "show", path).Output()
	return err == nil && len(out) > 500
}
