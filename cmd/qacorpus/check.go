package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/qa/report"
)

// checkFlags are the flags of check.
type checkFlags struct {
	format  string
	noPaper bool
}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check PATH…",
		Short: "Check QA JSON and change nothing",
		Long: `Checks question-answer files and changes nothing. A PATH may be a folder; - is
standard input. Answers are also looked up in the papers, and pairs in the other
files, of the folders that the configuration watches or, for a PATH outside of
them, of its own folder.

The problems go to standard error. --format jsonl, sarif or github writes them to
standard output for programs instead. The exit status is 1 where there are
errors; warnings alone leave it 0.`,
		Example: `  qacorpus check ~/QA_corpus
  qacorpus check --no-paper AdaLoRA.json
  qacorpus check --format sarif . > qacorpus.sarif`,
		Args: arguments(1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"json", "jsonl"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.check(c.Context(), args, f)
		},
	}
	c.Flags().StringVar(&f.format, "format", "text", "text, jsonl, sarif or github")
	c.Flags().BoolVar(&f.noPaper, "no-paper", false, "look at the files alone, not at their papers")
	return c
}

// checker is one run of check.
type checker struct {
	a       *app
	flags   checkFlags
	targets *targets
	files   []report.File // kept for formats that are written at once
	seen    int           // files that hold pairs, or should
	pairs   int
	lost    int // files without a PDF
	bad     int // files with errors
	counts  map[problem.Severity]int
	failed  int // files that could not be read
}

func (a *app) check(ctx context.Context, args []string, f checkFlags) error {
	switch f.format {
	case "text", "jsonl", "sarif", "github":
	default:
		return usagef("unknown format %q: text, jsonl, sarif or github", f.format)
	}
	t, err := a.targetsOf(args)
	if err != nil {
		return err
	}
	k := &checker{a: a, flags: f, targets: t, counts: map[problem.Severity]int{}}
	if err := k.streams(); err != nil {
		return err
	}
	if len(t.roots) > 0 {
		if err := k.folders(ctx); err != nil {
			return interrupted(ctx, err)
		}
	}
	return k.end()
}

// streams checks standard input, pipes and the like, each by itself.
func (k *checker) streams() error {
	check := func(shown string, in io.Reader) error {
		data, err := io.ReadAll(in)
		if err != nil {
			return fmt.Errorf("read %s: %w", show(shown), err)
		}
		o := qaOptions(k.targets.config.Default)
		o.Name, o.Asked = shown, true
		r := qa.Normalise(data, o)
		return k.tell(shown, &r)
	}
	if k.targets.stdin {
		if err := check("<standard input>", k.a.in); err != nil {
			return err
		}
	}
	for _, x := range k.targets.args {
		if !x.stream {
			continue
		}
		f, err := os.Open(x.path)
		if err != nil {
			return openError(x.given, err)
		}
		err = check(x.given, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// folders checks the files that were named, seen together with all PDFs and all
// other files around.
func (k *checker) folders(ctx context.Context) error {
	c, err := k.a.load(k.targets.roots)
	if err != nil {
		return err
	}
	pdfs, qas, err := survey(ctx, c, k.targets.skip)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		k.failed++
		complain(k.a.err, err)
	}
	x := c.Extract
	pool, err := extract.New(extract.Options{
		Workers: x.Workers, Timeout: x.Timeout, Memory: x.Memory, Sandbox: x.Sandbox, OCR: x.OCR, Log: k.a.logger(c),
	})
	if err != nil {
		return err
	}
	err = k.look(ctx, c, newPaperTexts(c, pool), pdfs, qas)
	if cerr := pool.Close(); err == nil {
		err = cerr
	}
	return err
}

func (k *checker) look(ctx context.Context, c *config.Config, texts *paperTexts, pdfs []paper, qas []string) error {
	o := corpus.Options{SameFile: sameFile}
	for _, f := range c.Folders {
		o.Roots = append(o.Roots, f.Path)
	}
	if !k.flags.noPaper {
		o.Texts, o.Head = texts, texts.head
	}
	all := corpus.New(o)
	for _, p := range pdfs {
		all.PutPDF(ctx, corpus.PDF{Path: p.path})
	}
	targets, others := k.targets.among(qas)
	if k.flags.noPaper {
		others = nil
	}
	j := newJudge(c, all)
	if err := j.meet(ctx, append(targets, others...), k.targets.asked); err != nil {
		return err
	}
	return j.judge(ctx, targets, k.targets.asked, func(v verdict) error {
		shown := k.targets.shown(v.path)
		switch {
		case errors.Is(v.err, fs.ErrNotExist):
			return nil // it went meanwhile
		case v.err != nil:
			k.failed++
			complain(k.a.err, fmt.Errorf("%s cannot be checked: %w", show(shown), cause(v.err)))
			return nil
		}
		return k.tell(shown, v.result)
	})
}

// tell counts and shows the problems of one file.
func (k *checker) tell(shown string, r *qa.Result) error {
	if !r.Counts {
		return nil
	}
	k.seen++
	k.pairs += len(r.Pairs)
	if r.Failed() {
		k.bad++
	}
	for i := range r.Problems {
		k.counts[r.Problems[i].Severity]++
		if r.Problems[i].Code == "QA_NO_PDF" {
			k.lost++
		}
	}
	f := report.File{Name: shown, Problems: r.Problems}
	switch k.flags.format {
	case "text":
		return report.Text(k.a.err, f)
	case "jsonl":
		return report.Lines(k.a.out, f)
	case "github":
		return report.GitHub(k.a.out, f)
	}
	k.files = append(k.files, f)
	return nil
}

// end writes what comes after all files.
func (k *checker) end() error {
	if k.flags.format == "sarif" {
		if err := report.SARIF(k.a.out, versions().Qacorpus, k.files...); err != nil {
			return err
		}
	}
	fmt.Fprintln(k.a.err, k.summary())
	if k.lost > 1 && k.lost == k.seen && k.flags.format == "text" {
		fmt.Fprintln(k.a.err, "hint: none of these files has a PDF here; --no-paper leaves papers out")
	}
	switch {
	case k.failed > 0:
		return statusError(exitFailed)
	case k.bad > 0:
		return statusError(exitProblems)
	}
	return nil
}

func (k *checker) summary() string {
	switch {
	case k.seen == 0 && k.failed > 0:
		return "no file could be checked"
	case k.seen == 0:
		return "no question-answer files found"
	}
	s := fmt.Sprintf("%s with %s: ", plural(k.seen, "file"), plural(k.pairs, "pair"))
	var parts []string
	for _, x := range []struct {
		severity problem.Severity
		noun     string
	}{{problem.Error, "error"}, {problem.Warning, "warning"}, {problem.Info, "remark"}} {
		n := k.counts[x.severity]
		if n == 0 {
			continue
		}
		part := plural(n, x.noun)
		if x.severity == problem.Error && k.seen > 1 {
			part += " in " + plural(k.bad, "file")
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return s + "no problems"
	}
	return s + strings.Join(parts, ", ")
}
