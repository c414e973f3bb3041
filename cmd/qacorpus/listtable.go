package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
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
		if n := len(r.SameAs) - 1; n > 0 {
			same += fmt.Sprintf(" and %d more", n)
		}
		said = append(said, same)
	}
	return strings.Join(said, "; ")
}

// narrowest is the fewest columns that a name is shortened to.
const narrowest = 16

// table aligns the rows in columns, leaving out those that are empty. Where
// width is not 0, names are shortened in the middle to make lines fit.
func table(rows []row, width int) string {
	var cols []column
	var cells [][]string // by column, then row; the head comes first
	for _, c := range columns() {
		list, empty := []string{c.head}, true
		for _, r := range rows {
			cell := c.cell(r)
			list = append(list, cell)
			empty = empty && cell == ""
		}
		if !empty {
			cols, cells = append(cols, c), append(cells, list)
		}
	}
	widths := make([]int, len(cols))
	total := 2 * (len(cols) - 1)
	for i, list := range cells {
		for _, cell := range list {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
		total += widths[i]
	}
	if width > 0 && total > width {
		w := max(widths[nameColumn]-(total-width), min(narrowest, widths[nameColumn]))
		for j, cell := range cells[nameColumn] {
			cells[nameColumn][j] = shorten(cell, w)
		}
		widths[nameColumn] = w
	}
	var b strings.Builder
	for j := range len(rows) + 1 {
		var line strings.Builder
		for i, c := range cols {
			cell := cells[i][j]
			pad := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			if c.right {
				cell, pad = pad+cell, ""
			}
			line.WriteString(cell + pad + "  ")
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// shorten cuts the middle out of s so that it takes at most width columns of a
// terminal.
func shorten(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var clusters []string
	var widths []int
	for rest, state := s, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		clusters, widths = append(clusters, cluster), append(widths, w)
	}
	room := width - 1 // for the sign of what is left out
	back, used := len(clusters), 0
	for back > 0 && used+widths[back-1] <= (room+1)/2 {
		back--
		used += widths[back]
	}
	front := 0
	for front < back && used+widths[front] <= room {
		used += widths[front]
		front++
	}
	return strings.Join(clusters[:front], "") + "…" + strings.Join(clusters[back:], "")
}
