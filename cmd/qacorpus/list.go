package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qacorpus/sidecar/preview"
)

// listFlags are the flags of list.
type listFlags struct {
	format    string
	status    []string
	withoutQA bool
	problems  bool
	coverage  bool
}

func (a *app) listCommand() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:   "list [DIR]",
		Short: "List the PDFs with status, pages and pairs",
		Long: `Lists the PDFs of a folder, sorted by bytes and numbered from 0, with the status of
their previews, their pages, their question-answer pairs with what is wrong with
them, and how many pages have been asked about (3/12: three of the twelve with
text). Without DIR: the folders of the configuration, else the working directory.

Pages asked about are known for papers whose text is kept from an earlier check;
--coverage reads the others. Formats: table, jsonl (one JSON object a line), plain
(lines as [0] AdaLoRA.pdf, names unescaped).`,
		Example: `  qacorpus list ~/QA_corpus
  qacorpus list --without-qa ~/QA_corpus        papers that still need questions
  qacorpus list --status damaged,encrypted ~/QA_corpus
  qacorpus list --format jsonl ~/QA_corpus | jq 'select(.errors > 0).path'`,
		Args:              arguments(0, 1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.list(c.Context(), dirs, f)
		},
	}
	c.Flags().StringVar(&f.format, "format", "table", "table, jsonl or plain")
	c.Flags().StringSliceVar(&f.status, "status", nil, "only PDFs with one of these statuses, as ok,no-text,damaged")
	c.Flags().BoolVar(&f.withoutQA, "without-qa", false, "only PDFs that have no question-answer pairs")
	c.Flags().BoolVar(&f.problems, "problems", false, "only PDFs that cannot be read, and those whose pairs have errors or warnings")
	c.Flags().BoolVar(&f.coverage, "coverage", false, "read papers to tell which pages have been asked about")
	return c
}

// fresh is the status of a PDF that has no preview yet.
const fresh = "new"

// statuses are those that a PDF can have in the list.
func statuses() []string {
	all := []string{fresh}
	for _, s := range []preview.Status{preview.OK, preview.NoText, preview.Encrypted, preview.Damaged, preview.NotAPDF, preview.TooLarge,
		preview.TimedOut, preview.Crashed, preview.Unreadable, preview.OnlineOnly} {
		all = append(all, string(s))
	}
	return all
}

// check refuses flags that mean nothing.
func (f listFlags) check() error {
	if f.format != "table" && f.format != "jsonl" && f.format != "plain" {
		return usagef("unknown format %q: table, jsonl or plain", f.format)
	}
	known := statuses()
	for _, s := range f.status {
		if !slices.Contains(known, s) {
			return withHint(usagef("no PDF has the status %q", s), "the statuses are %s", strings.Join(known, ", "))
		}
	}
	return nil
}

// needsQA tells whether the question-answer files matter to what is printed.
func (f listFlags) needsQA() bool { return f.format != "plain" || f.withoutQA || f.problems }

// wants tells whether a row passes the filters.
func (f listFlags) wants(r row) bool {
	switch {
	case len(f.status) > 0 && !slices.Contains(f.status, r.Status):
		return false
	case f.withoutQA && r.Pairs > 0:
		return false
	case f.problems && r.Errors == 0 && r.Warnings == 0 && (r.Status == string(preview.OK) || r.Status == fresh):
		return false
	}
	return true
}

// row is one line of the list.
type row struct {
	Index int `json:"index"`
	jsonName
	Status string   `json:"status"` // "new" where there is no preview yet
	Pages  int      `json:"pages"`
	SHA256 string   `json:"sha256,omitempty"`
	Title  string   `json:"title,omitempty"`
	SameAs []string `json:"same_bytes_as,omitempty"` // mostCopies at most

	QA       []qaRow `json:"qa_files,omitempty"`
	Pairs    int     `json:"pairs"`
	Errors   int     `json:"errors"`
	Warnings int     `json:"warnings"`
	// Of the pages with text to ask about; absent where that is not known.
	Asked    *int  `json:"pages_asked_about,omitempty"`
	NotAsked []int `json:"pages_not_asked_about,omitempty"`

	name   string
	copies int // other PDFs with the same bytes; SameAs names the first ones
}

// mostCopies bounds the copies that are named with each of many, which else
// takes their number squared.
const mostCopies = 100

// qaRow is a question-answer file of a PDF.
type qaRow struct {
	jsonName
	Form     string `json:"form"`          // what it is, in a word or two
	Was      string `json:"was,omitempty"` // what it was before it was converted
	Pairs    int    `json:"pairs"`
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
}

func (a *app) list(ctx context.Context, dirs []string, f listFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	c, err := a.folderOrHere(dirs)
	if err != nil {
		return err
	}
	all, unread := papers(ctx, c, f.format != "plain" || f.problems || len(f.status) > 0)
	if ctx.Err() != nil {
		return interrupted(ctx, unread)
	}
	rows := rowsOf(all)
	var lost []string
	if f.needsQA() {
		if lost, err = a.addQA(ctx, c, all, rows, f.coverage); err != nil {
			return interrupted(ctx, err)
		}
		a.tellState(c)
	}
	shown := slices.DeleteFunc(rows, func(r row) bool { return !f.wants(r) })
	if len(all) == 0 && unread != nil {
		return unread
	}
	if err := a.printRows(shown, f.format, len(all)); err != nil {
		return err
	}
	if f.format == "table" {
		a.tellLost(lost)
	}
	return unread
}

// printRows writes the rows; all is how many PDFs there are in all.
func (a *app) printRows(shown []row, format string, all int) error {
	switch format {
	case "plain":
		for _, r := range shown {
			if _, err := fmt.Fprintf(a.out, "[%d] %s\n", r.Index, r.name); err != nil {
				return err
			}
		}
		return nil
	case "jsonl":
		for _, r := range shown {
			line, err := jsonLine(r)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(a.out, line); err != nil {
				return err
			}
		}
		return nil
	}
	if len(shown) == 0 {
		message := "no PDFs here"
		if all > 0 {
			message = fmt.Sprintf("none of the %s is like that", plural(all, "PDF"))
		}
		fmt.Fprintln(a.err, message)
		return nil
	}
	_, err := io.WriteString(a.out, table(shown, a.width()))
	return err
}

// rowsOf adds to each paper the names of those with the same bytes.
func rowsOf(all []paper) []row {
	bySHA := map[string][]int{}
	for i, p := range all {
		if p.header.SHA256 != "" {
			bySHA[p.header.SHA256] = append(bySHA[p.header.SHA256], i)
		}
	}
	out := make([]row, len(all))
	for i, p := range all {
		out[i] = row{Index: i, jsonName: jsonNameOf(p.rel), Status: fresh, name: p.rel}
		if !p.known {
			continue
		}
		out[i].Status, out[i].Pages = string(p.header.Status), p.header.Pages
		out[i].SHA256, out[i].Title = p.header.SHA256, p.header.Title
		same := bySHA[p.header.SHA256]
		out[i].copies = max(0, len(same)-1)
		for _, j := range same[:min(len(same), mostCopies+1)] {
			if j != i && len(out[i].SameAs) < mostCopies {
				out[i].SameAs = append(out[i].SameAs, strings.ToValidUTF8(all[j].rel, "\uFFFD"))
			}
		}
	}
	return out
}

// tellLost names the question-answer files that belong to none of the PDFs.
func (a *app) tellLost(lost []string) {
	if len(lost) == 0 {
		return
	}
	var names []string
	for _, path := range lost[:min(3, len(lost))] {
		names = append(names, near(path))
	}
	if more := len(lost) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	verb := "belongs"
	if len(lost) > 1 {
		verb = "belong"
	}
	fmt.Fprintf(a.err, "%s %s to no PDF: %s\n", plural(len(lost), "question-answer file"), verb, strings.Join(names, ", "))
}
