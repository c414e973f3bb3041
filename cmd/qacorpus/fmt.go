package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"qacorpus/install/config"
	"qacorpus/sidecar"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/report"
	"qacorpus/sidecar/safefile"
	"qacorpus/watcher"
)

// fmtFlags are the flags of fmt, gofmt's and one of its own.
type fmtFlags struct {
	write, diff, list, convert bool
}

func (a *app) fmtCommand() *cobra.Command {
	var f fmtFlags
	c := &cobra.Command{
		Use:   "fmt PATH…",
		Short: "Normalise QA JSON",
		Long: `Writes question-answer files in their canonical form to standard output or, with
-w, in their place; what was there before can be had back with qacorpus restore.
A PATH may be a folder; - is standard input. A file with errors is left as it is,
its problems go to standard error, and the exit status is 1.`,
		Example: `  qacorpus fmt AdaLoRA.json
  qacorpus fmt -l -w ~/QA_corpus
  qacorpus fmt -d --convert alpaca.json`,
		Args: arguments(1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"json", "jsonl"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.fmt(c.Context(), args, f)
		},
	}
	c.Flags().BoolVarP(&f.write, "write", "w", false, "write the result to the file instead of standard output")
	c.Flags().BoolVarP(&f.diff, "diff", "d", false, "print differences instead of the result")
	c.Flags().BoolVarP(&f.list, "list", "l", false, "print the names of files that would change")
	c.Flags().BoolVar(&f.convert, "convert", false, "convert also where one of several readings must be chosen")
	return c
}

// formatter is one run of fmt.
type formatter struct {
	a       *app
	flags   fmtFlags
	config  *config.Config
	history *history.Store // opened with the first file that is written
	failed  bool           // some file has errors
	missing bool           // some file that was named is not there
	left    bool           // some file could not be read or replaced
	pending []*replacing   // in the order in which they are told of
	work    sync.WaitGroup // of those who replace them
}

// replacing is a file that is being replaced, which is mostly waiting: for the
// disk, and for whoever may just be saving the file.
type replacing struct {
	path string
	data []byte
	res  qa.Result
	done chan error // holds the outcome when there is one
}

// atOnce is how many files are replaced at a time. Each waits some 50 ms and needs
// a millisecond of processor time.
const atOnce = 32

func (a *app) fmt(ctx context.Context, args []string, flags fmtFlags) error {
	if err := a.chooseFor(args); err != nil {
		return err
	}
	c, err := a.load(nil)
	if err != nil {
		return err
	}
	f := &formatter{a: a, flags: flags, config: c}
	for _, arg := range args {
		if arg == "-" {
			err = f.stdin()
		} else {
			err = f.path(ctx, arg)
		}
		if err != nil {
			break
		}
	}
	if settled := f.settle(0); err == nil {
		err = settled
	}
	f.work.Wait()
	if err != nil {
		return interrupted(ctx, err)
	}
	switch {
	case f.missing:
		return statusError(exitUsage)
	case f.left:
		return statusError(exitFailed)
	case f.failed:
		return statusError(exitProblems)
	}
	return nil
}

// tell reports what became of one file; the others go on.
func (f *formatter) tell(err error) {
	complain(f.a.err, err)
	var usage *usageError
	if errors.As(err, &usage) {
		f.missing = true
	} else {
		f.left = true
	}
}

func (f *formatter) stdin() error {
	if f.flags.write {
		return usagef("-w cannot be used with standard input")
	}
	data, err := io.ReadAll(f.a.in)
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	res := f.normalise("<standard input>", data, true)
	return f.print("<standard input>", data, res)
}

// path formats a file, or the QA files of a folder. The error is one that
// concerns all files.
func (f *formatter) path(ctx context.Context, arg string) error {
	info, err := os.Stat(arg)
	if err != nil {
		f.tell(openError(arg, err))
		return nil
	}
	if isPDF(arg, info) {
		f.tell(pdfError("fmt", arg))
		return nil
	}
	if !info.IsDir() {
		return f.file(ctx, arg, true)
	}
	e := &engine{config: f.config, leftovers: map[string]bool{}}
	o := e.walks()
	o.Key = func(path string) (string, bool) {
		return path, name.Of(filepath.Base(path)) == name.QA && !e.ignored(path)
	}
	abs, err := filepath.Abs(arg)
	if err != nil {
		return fmt.Errorf("resolve %q: %w", arg, err)
	}
	var failed error // of writing to standard output
	err = watcher.Walk(ctx, abs, o, func(path string) error {
		failed = f.file(ctx, arg+strings.TrimPrefix(path, abs), false)
		return failed
	})
	if failed == nil && err != nil && ctx.Err() == nil {
		f.tell(err)
		return nil
	}
	return err
}

// file formats one file; asked tells that a person named it.
func (f *formatter) file(ctx context.Context, path string, asked bool) error {
	data, version, err := safefile.Read(path, 0)
	var unsafe *safefile.UnsafeError
	if errors.As(err, &unsafe) {
		f.tell(fmt.Errorf("%s: %s", show(path), unsafe.Reason))
		return nil
	}
	if err != nil {
		f.tell(openError(path, err))
		return nil
	}
	res := f.normalise(path, data, asked)
	if !res.Changed || !f.flags.write {
		return f.print(path, data, res)
	}
	if err := f.openHistory(); err != nil {
		f.tell(err)
		return nil
	}
	r := &replacing{path: path, data: data, res: res, done: make(chan error, 1)}
	f.pending = append(f.pending, r)
	f.work.Go(func() { r.done <- f.replace(ctx, path, data, version, res.Output) })
	return f.settle(atOnce - 1)
}

// settle waits for the replacing of all but n files, and tells of it in the order
// of the files. The error is one of writing to standard output.
func (f *formatter) settle(n int) error {
	var failed error
	for ; len(f.pending) > n; f.pending = f.pending[1:] {
		r := f.pending[0]
		err := <-r.done
		var unsafe *safefile.UnsafeError
		switch {
		case errors.As(err, &unsafe):
			f.tell(fmt.Errorf("%s is left as it is: %s", show(r.path), unsafe.Reason))
		case err != nil:
			f.tell(err)
		case f.flags.list || f.flags.diff:
			if err := f.print(r.path, r.data, r.res); err != nil && failed == nil {
				failed = err
			}
		}
	}
	return failed
}

// normalise judges data and tells its errors.
func (f *formatter) normalise(path string, data []byte, asked bool) qa.Result {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	folder, _ := f.config.FolderOf(abs)
	o := qaOptions(folder)
	o.Name, o.Asked, o.Loose, o.ErrorsOnly = path, asked, f.flags.convert, true
	o.ConflictCopy = name.ConflictCopy(filepath.Base(path))
	res := qa.Normalise(data, o)
	if res.Counts && res.Failed() {
		f.failed = true
		// Nowhere to tell it if even standard error is closed.
		_ = report.Text(f.a.err, report.File{Name: path, Problems: res.Problems})
	}
	return res
}

// print writes to standard output what the flags ask for.
func (f *formatter) print(path string, data []byte, res qa.Result) error {
	var out []byte
	if f.flags.list && res.Changed {
		out = append(out, path+"\n"...)
	}
	if f.flags.diff && res.Changed {
		out = append(out, diff.Diff(show(path)+".orig", data, show(path), res.Output)...)
	}
	if !f.flags.list && !f.flags.diff && !f.flags.write && res.Counts && !res.Failed() {
		out = res.Output
	}
	_, err := f.a.out.Write(out)
	return err
}

// openHistory opens the history before the first file is written.
func (f *formatter) openHistory() error {
	if f.history != nil {
		return nil
	}
	h, err := history.Open(filepath.Join(f.config.State, "history"))
	if err != nil {
		return withHint(fmt.Errorf("open history: %w", err), "name a folder that you may write to with --state")
	}
	f.history = h
	return nil
}

// replace puts the result in the file's place and the old bytes into the history.
func (f *formatter) replace(ctx context.Context, path string, old []byte, seen safefile.Version, data []byte) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("resolve %q: %w", path, err)
	}
	if _, err := f.history.Put(sidecar.HistoryPath(abs), old, "before qacorpus fmt"); err != nil {
		return err
	}
	return replaceKept(ctx, f.history, abs, seen, data)
}

// replaceKept replaces a person's file, whose bytes the history has, at their
// own wish. What somebody saves meanwhile is kept too.
func replaceKept(ctx context.Context, h *history.Store, path string, seen safefile.Version, data []byte) error {
	key := sidecar.HistoryPath(path)
	w := &safefile.Writer{Always: true, Known: h.Has, Keep: func(_ string, data []byte) error {
		_, err := h.Put(key, data, "saved while qacorpus was at work")
		return err
	}}
	err := w.Replace(ctx, path, seen, data)
	switch {
	case errors.Is(err, safefile.ErrBusy), errors.Is(err, safefile.ErrChanged):
		return withHint(fmt.Errorf("%s is being written by another program and was left", show(path)), "save and close it there, then try again")
	}
	return err
}
