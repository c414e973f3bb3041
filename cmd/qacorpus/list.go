package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"
)

func (a *app) listCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "list [DIR]",
		Short: "List the PDFs with their numbers and status",
		Long: `Lists the PDFs of a folder, sorted by bytes and numbered from 0, with the status of
their previews, their pages, and PDFs that hold the same bytes. Without DIR: the
folders of the configuration, else the working directory.

Formats: table, jsonl (one JSON object a line), plain (lines as [0] AdaLoRA.pdf,
names unescaped).`,
		Example: `  qacorpus list ~/QA_corpus
  qacorpus list --format jsonl ~/QA_corpus | jq 'select(.status != "ok")'`,
		Args:              arguments(0, 1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.list(c.Context(), dirs, format)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table, jsonl or plain")
	return c
}

// row is one line of the list.
type row struct {
	Index int `json:"index"`
	jsonName
	Status string   `json:"status"` // "new" where there is no preview yet
	Pages  int      `json:"pages"`
	SHA256 string   `json:"sha256,omitempty"`
	Title  string   `json:"title,omitempty"`
	SameAs []string `json:"same_bytes_as,omitempty"`
	name   string
}

func (a *app) list(ctx context.Context, dirs []string, format string) error {
	if format != "table" && format != "jsonl" && format != "plain" {
		return usagef("unknown format %q: table, jsonl or plain", format)
	}
	c, err := a.folderOrHere(dirs)
	if err != nil {
		return err
	}
	all, err := papers(ctx, c, format != "plain")
	if err != nil {
		return err
	}
	switch format {
	case "plain":
		for i, p := range all {
			if _, err := fmt.Fprintf(a.out, "[%d] %s\n", i, p.rel); err != nil {
				return err
			}
		}
		return nil
	case "jsonl":
		for _, r := range rows(all) {
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
	return a.table(rows(all))
}

// rows adds to each paper the names of those with the same bytes.
func rows(all []paper) []row {
	bySHA := map[string][]int{}
	for i, p := range all {
		if p.header.SHA256 != "" {
			bySHA[p.header.SHA256] = append(bySHA[p.header.SHA256], i)
		}
	}
	out := make([]row, len(all))
	for i, p := range all {
		out[i] = row{Index: i, jsonName: jsonNameOf(p.rel), Status: "new", name: p.rel}
		if !p.known {
			continue
		}
		out[i].Status, out[i].Pages = string(p.header.Status), p.header.Pages
		out[i].SHA256, out[i].Title = p.header.SHA256, p.header.Title
		for _, j := range bySHA[p.header.SHA256] {
			if j != i {
				out[i].SameAs = append(out[i].SameAs, strings.ToValidUTF8(all[j].rel, "\uFFFD"))
			}
		}
	}
	return out
}

// table writes the rows in aligned columns.
func (a *app) table(rows []row) error {
	if len(rows) == 0 {
		fmt.Fprintln(a.err, "no PDFs here")
		return nil
	}
	cells := [][]string{{"", "NAME", "STATUS", "PAGES", ""}}
	for _, r := range rows {
		pages := ""
		if r.Pages > 0 {
			pages = strconv.Itoa(r.Pages)
		}
		same := ""
		if len(r.SameAs) > 0 {
			same = "same as " + show(r.SameAs[0])
			if n := len(r.SameAs) - 1; n > 0 {
				same += fmt.Sprintf(" and %d more", n)
			}
		}
		cells = append(cells, []string{fmt.Sprintf("[%d]", r.Index), show(r.name), r.Status, pages, same})
	}
	widths := make([]int, len(cells[0]))
	for _, line := range cells {
		for i, cell := range line {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, line := range cells {
		text := ""
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			if i == 3 {
				cell, pad = pad+cell, ""
			}
			text += cell + pad + "  "
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	_, err := io.WriteString(a.out, b.String())
	return err
}
