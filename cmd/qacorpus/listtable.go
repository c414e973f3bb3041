package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"qacorpus/cmd/qacorpus/cell"
)

// width is the number of columns of the terminal that standard output is, 0
// where it is none.
func (a *app) width() int {
	f, ok := a.out.(*os.File)
	if !ok {
		return 0
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return n
}

// column is one column of the table.
type column struct {
	head  string
	right bool // numbers
	cell  func(row) string
}

// nameColumn is the place of the column that gives way on a narrow terminal.
const nameColumn = 1

func columns() []column {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return []column{
		{"", false, func(r row) string { return fmt.Sprintf("[%d]", r.Index) }},
		{"NAME", false, func(r row) string { return show(r.name) }},
		{"STATUS", false, func(r row) string { return r.Status }},
		{"PAGES", true, func(r row) string { return number(r.Pages) }},
		{"PAIRS", true, func(r row) string {
			if len(r.QA) == 0 {
				return ""
			}
			return strconv.Itoa(r.Pairs)
		}},
		{"ERRORS", true, func(r row) string { return number(r.Errors) }},
		{"WARNINGS", true, func(r row) string { return number(r.Warnings) }},
		{"ASKED", true, func(r row) string {
			if r.Asked == nil {
				return ""
			}
			return fmt.Sprintf("%d/%d", *r.Asked, *r.Asked+len(r.NotAsked))
		}},
		{"", false, remark},
	}
}

// remark is what is worth saying of a PDF in words.
func remark(r row) string {
	var said []string
	for _, q := range r.QA {
		if q.Was != "" {
			said = append(said, "was "+q.Was)
		}
	}
	if len(r.SameAs) > 0 {
		same := "same as " + show(r.SameAs[0])
		if n := r.copies - 1; n > 0 {
			same += fmt.Sprintf(" and %d more", n)
		}
		said = append(said, same)
	}
	return strings.Join(said, "; ")
}

// The fewest columns that names and remarks are shortened to.
const (
	narrowest       = 16
	narrowestRemark = 20
)

// table aligns the rows in columns, leaving out those that are empty. Where
// width is not 0, remarks and then names are shortened in the middle to make
// lines fit.
func table(rows []row, width int) string {
	var cols []column
	var cells [][]string // by column, then row; the head comes first
	remarks := -1
	for i, c := range columns() {
		list, empty := []string{c.head}, true
		for _, r := range rows {
			text := c.cell(r)
			list = append(list, text)
			empty = empty && text == ""
		}
		if empty {
			continue
		}
		if i == len(columns())-1 {
			remarks = len(cols)
		}
		cols, cells = append(cols, c), append(cells, list)
	}
	widths := make([]int, len(cols))
	total := 2 * (len(cols) - 1)
	for i, list := range cells {
		for _, text := range list {
			widths[i] = max(widths[i], cell.Width(text))
		}
		total += widths[i]
	}
	// squeeze takes from a column what is too much, down to least columns.
	squeeze := func(i, least int) {
		if width == 0 || total <= width || i < 0 {
			return
		}
		w := max(widths[i]-(total-width), min(least, widths[i]))
		for j, text := range cells[i] {
			cells[i][j] = cell.Shorten(text, w)
		}
		total -= widths[i] - w
		widths[i] = w
	}
	squeeze(remarks, narrowestRemark)
	squeeze(nameColumn, narrowest)
	var b strings.Builder
	for j := range len(rows) + 1 {
		var line strings.Builder
		for i, c := range cols {
			line.WriteString(cell.Pad(cells[i][j], widths[i], c.right) + "  ")
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
