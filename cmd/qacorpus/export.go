package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/cobra"

	"qacorpus/install/config"
	"qacorpus/sidecar/export"
)

// exportFlags are the flags of export.
type exportFlags struct {
	format, split, out            string
	context, dedupe, allowLeakage bool
	verbose                       bool
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export [DIR…]",
		Short: "Write all valid pairs as training data",
		Long: `Writes the valid pairs of all QA files in the folders, those of the configuration
where none is named, as training data: one a line, files in the order of their
names. What is left out is told.

Formats: jsonl (the notebook's train.jsonl), alpaca, messages, sharegpt.

--split eval=10% sets a tenth of the papers aside for evaluation; a paper, and
papers that nearly repeat each other, are never in both parts, and a paper keeps
its part as the corpus grows. --split marked does so with the files whose name or
folder says eval or test, --split 'eval=2025/**' with those of a pattern. All
need --out, where train.jsonl, eval.jsonl and manifest.json are written.`,
		Example: `  qacorpus export ~/QA_corpus > train.jsonl
  qacorpus export --format messages --split eval=10% --out ~/data ~/QA_corpus`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.export(c.Context(), dirs, f)
		},
	}
	c.Flags().StringVar(&f.format, "format", "jsonl", "jsonl, alpaca, messages or sharegpt")
	c.Flags().StringVar(&f.split, "split", "", "set a part aside for evaluation: eval=10%, eval=PATTERN or marked")
	c.Flags().StringVar(&f.out, "out", "", "`FOLDER` for the files and their manifest, instead of standard output")
	c.Flags().BoolVar(&f.context, "context", false, "write the pairs' contexts too")
	c.Flags().BoolVar(&f.dedupe, "dedupe", false, "write a pair once that occurs several times")
	c.Flags().BoolVar(&f.allowLeakage, "allow-leakage", false, "write pairs to train that are in eval as well")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "tell of every pair that was left out")
	return c
}

func (a *app) export(ctx context.Context, dirs []string, f exportFlags) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	c, err := a.folderOrHere(dirs)
	if err != nil {
		return err
	}
	if err := f.checkOut(c); err != nil {
		return err
	}
	if f.out != "" {
		o.Last, err = os.ReadFile(filepath.Join(f.out, manifestName))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("read last manifest: %w", err)
		}
	}
	sources, err := exportSources(ctx, c)
	if err != nil {
		return interrupted(ctx, err)
	}
	f.mark(sources)
	var unread int
	if o.EvalShare > 0 {
		if unread, err = addTexts(ctx, c, sources); err != nil {
			return interrupted(ctx, err)
		}
	}
	x, err := export.Build(sources, o)
	var leak *export.LeakageError
	if errors.As(err, &leak) {
		complain(a.err, withHint(err, "take them out of one part, or allow it with --allow-leakage"))
		return statusError(exitProblems)
	}
	if err != nil {
		return &usageError{err}
	}
	if f.out != "" {
		err = writeExport(x, f.out)
	} else {
		err = x.Write("train", a.out)
	}
	if err != nil {
		return err
	}
	a.tellExport(x, f.verbose)
	if unread > 0 {
		fmt.Fprintf(a.err, "%s without a preview: whether other papers nearly repeat them is not known; qacorpus sync writes the previews\n", plural(unread, "paper"))
	}
	return nil
}

// pattern is that of --split eval=PATTERN; ok is false for the other forms.
func (f exportFlags) pattern() (pattern string, ok bool) {
	pattern, ok = strings.CutPrefix(f.split, "eval=")
	_, notNumber := strconv.ParseFloat(strings.TrimSuffix(pattern, "%"), 64)
	return pattern, ok && notNumber != nil
}

// mark sets the sources of the pattern, and no others, aside.
func (f exportFlags) mark(sources []export.Source) {
	pattern, ok := f.pattern()
	for i := range sources {
		if ok {
			sources[i].Eval = config.Folder{Ignore: []string{pattern}}.Ignores(sources[i].Path)
		}
	}
}

// options translates the flags.
func (f exportFlags) options() (export.Options, error) {
	o := export.Options{Format: f.format, Context: f.context, Dedupe: f.dedupe, AllowLeakage: f.allowLeakage}
	pattern, isPattern := f.pattern()
	switch share, isShare := strings.CutPrefix(f.split, "eval="); {
	case f.split == "":
		return o, nil
	case isPattern && (pattern == "" || !doublestar.ValidatePattern(pattern)):
		return o, usagef("--split %q names no files; write a pattern as eval=2025/** or a share as eval=10%%", f.split)
	case isPattern:
		o.Marked = true
	case f.split == "marked":
		o.Marked = true
	case isShare:
		number, percent := strings.CutSuffix(share, "%")
		n, err := strconv.ParseFloat(number, 64)
		if percent {
			n /= 100
		}
		if err != nil || n <= 0 || n >= 1 {
			return o, usagef("--split %q sets no part aside; write eval=10%% or marked", f.split)
		}
		o.EvalShare = n
	default:
		return o, usagef("--split %q is neither eval=10%%, eval=PATTERN nor marked", f.split)
	}
	if f.out == "" {
		return o, withHint(usagef("a split needs a folder for its two files"), "name one with --out")
	}
	return o, nil
}

// checkOut refuses to write into a watched folder: the files end in .json, and a
// notebook that reads every *.json there would take them for QA files.
func (f exportFlags) checkOut(c *config.Config) error {
	if f.out == "" {
		return nil
	}
	out, err := filepath.Abs(f.out)
	if err != nil {
		return fmt.Errorf("resolve %q: %w", f.out, err)
	}
	if _, ok := c.FolderOf(out); ok {
		return withHint(usagef("%s lies in a watched folder", show(f.out)), "choose another one, so that the exported files are not taken for QA files")
	}
	return nil
}

const manifestName = "manifest.json"

// writeExport writes the parts and the manifest into folder, each whole or not
// at all, the manifest last.
func writeExport(x *export.Export, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	for _, part := range x.Parts {
		err := writeWhole(filepath.Join(folder, part.Name+".jsonl"), func(w io.Writer) error { return x.Write(part.Name, w) })
		if err != nil {
			return err
		}
	}
	manifest, err := x.Manifest()
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(folder, manifestName), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(manifest))
		return err
	})
}

// writeWhole replaces a file of this program's own by what write writes.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".qacorpus-export-*")
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	defer os.Remove(f.Name())
	err = errors.Join(write(f), f.Chmod(0o644), f.Sync())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return nil
}

// tellExport sums up on standard error.
func (a *app) tellExport(x *export.Export, verbose bool) {
	var parts []string
	for _, p := range x.Parts {
		parts = append(parts, fmt.Sprintf("%s: %s", p.Name, plural(p.Lines, "pair")))
	}
	fmt.Fprintln(a.err, strings.Join(parts, ", "))
	for _, n := range x.Notes {
		fmt.Fprintln(a.err, n)
	}
	const shown = 10
	for i, l := range x.LeftOut {
		if i == shown && !verbose {
			fmt.Fprintf(a.err, "left out: %d more, -v shows them\n", len(x.LeftOut)-shown)
			break
		}
		where := show(l.Path)
		if l.Pointer != "" {
			where += " " + show(l.Pointer)
		}
		fmt.Fprintf(a.err, "left out: %s: %s\n", where, l.Reason)
	}
}
