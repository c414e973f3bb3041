package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
)

// showFlags are the flags of show.
type showFlags struct {
	pages    string
	all      bool
	raw      bool
	markdown bool
}

func (a *app) showCommand() *cobra.Command {
	var f showFlags
	c := &cobra.Command{
		Use:   "show [DIR] N | show FILE.pdf",
		Short: "Print the text of a PDF",
		Long: `Prints the text of the first 4 pages of a PDF: the one that list numbers N, or any
file. The exit status is 1 where the PDF has no text that can be read.`,
		Example: `  qacorpus show ~/QA_corpus 0
  qacorpus show --pages 2-5 paper.pdf
  qacorpus show --all --markdown paper.pdf`,
		Args:              arguments(1, 2),
		ValidArgsFunction: a.completePaper,
		RunE: func(c *cobra.Command, args []string) error {
			return a.show(c.Context(), args, f)
		},
	}
	c.Flags().StringVar(&f.pages, "pages", "", "the pages to print, as 3 or 2-5")
	c.Flags().BoolVar(&f.all, "all", false, "print all pages")
	c.Flags().BoolVar(&f.raw, "raw", false, "every character as MuPDF gives it, control characters included")
	c.Flags().BoolVar(&f.markdown, "markdown", false, "in a Markdown fence, as the notebook prints it")
	c.MarkFlagsMutuallyExclusive("pages", "all")
	c.MarkFlagsMutuallyExclusive("raw", "markdown")
	return c
}

func (a *app) show(ctx context.Context, args []string, f showFlags) error {
	q, err := f.request()
	if err != nil {
		return err
	}
	path, c, err := a.paperArg(ctx, args)
	if err != nil {
		return err
	}
	folder, _ := c.FolderOf(path)
	q.Passwords = folder.Preview.Passwords
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return withHint(usagef("%s is no file", show(path)), "with a folder, name the paper's number too: qacorpus show %s 0", shellQuote(path))
	}
	file, err := os.Open(path)
	if err != nil {
		return openError(path, err)
	}
	defer file.Close()
	x := c.Extract
	pool, err := extract.New(extract.Options{
		Workers: 1, Timeout: x.Timeout, Memory: x.Memory, Sandbox: x.Sandbox, OCR: x.OCR, Log: a.logger(c),
	})
	if err != nil {
		return err
	}
	doc, err := pool.Extract(ctx, file, q)
	if cerr := pool.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return interrupted(ctx, err)
	}
	if doc.Pages > 0 && q.First > doc.Pages {
		return usagef("%s has only %s", show(path), plural(doc.Pages, "page"))
	}
	if preview.Status(doc.Status) == preview.NotAPDF && name.Of(filepath.Base(path)) != name.PDF {
		return withHint(usagef("%s is not a PDF", show(path)), "qacorpus check takes question-answer files; qacorpus list shows the PDFs of a folder")
	}
	if doc.Status != "ok" {
		return a.noText(path, preview.Status(doc.Status), doc.Pages)
	}
	_, err = io.WriteString(a.out, f.layout(strings.Join(doc.Texts, "")))
	return err
}

// noText tells why there is nothing to print, and what to do about it.
func (a *app) noText(path string, s preview.Status, pages int) error {
	what, hint, _ := strings.Cut(s.Explain(pages), "\n\n")
	fmt.Fprintf(a.err, "qacorpus: error: %s: %s: %s\n", show(path), s, what)
	fmt.Fprintf(a.err, "hint: %s\n", hint)
	return statusError(exitProblems)
}

// layout writes the text as the flags want it.
func (f showFlags) layout(text string) string {
	if !f.markdown {
		return text
	}
	return preview.Fence(text)
}

// request translates the flags.
func (f showFlags) request() (extract.Request, error) {
	q := extract.Request{First: 1, Last: 4, Raw: f.raw}
	switch {
	case f.all:
		q.Last = -1
	case f.pages != "":
		first, last, isRange := strings.Cut(f.pages, "-")
		var errFirst, errLast error
		q.First, errFirst = strconv.Atoi(first)
		q.Last = q.First
		if isRange {
			q.Last, errLast = strconv.Atoi(last)
		}
		if errFirst != nil || errLast != nil || q.First < 1 || q.Last < q.First {
			return q, usagef("--pages %q is no range of pages; write 3 or 2-5", f.pages)
		}
	}
	return q, nil
}

// paperArg finds the PDF that the arguments mean, with the configuration that
// holds for it.
func (a *app) paperArg(ctx context.Context, args []string) (string, *config.Config, error) {
	last := args[len(args)-1]
	n, err := strconv.Atoi(last)
	_, statErr := os.Stat(last)
	if err != nil || len(args) == 1 && statErr == nil {
		if len(args) == 2 {
			return "", nil, withHint(usagef("%q is no number", last), "usage: qacorpus show [DIR] N, or show FILE.pdf")
		}
		if _, err := a.choose(last); err != nil {
			return "", nil, err
		}
		c, err := a.load(nil)
		return last, c, err
	}
	c, err := a.folderOrHere(args[:len(args)-1])
	if err != nil {
		return "", nil, err
	}
	all, err := papers(ctx, c, false)
	if err != nil && len(all) == 0 {
		return "", nil, err
	}
	if n < 0 || n >= len(all) {
		return "", nil, withHint(usagef("there is no PDF number %d, there are %d", n, len(all)), "qacorpus list shows the numbers")
	}
	return all[n].path, c, nil
}

// openError explains why the file a person named cannot be read.
func openError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("no file at %s", show(path))
	case errors.Is(err, fs.ErrPermission):
		return withHint(fmt.Errorf("%s may not be read by you", show(path)), "ls -l %s shows who may", shellQuote(path))
	}
	return err
}
