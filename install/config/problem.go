// Problems: what is wrong with the settings, one line each, in plain words.

package config

import (
	"fmt"
	"slices"
	"strings"
)

// problem is one mistake; line and column count from 1, in characters, and are
// 0 where the mistake is not in a file.
type problem struct {
	file         string
	line, column int
	text         string
}

func (p problem) String() string {
	switch {
	case p.file == "":
		return p.text
	case p.line == 0:
		return p.file + ": " + p.text
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.file, p.line, p.column, p.text)
}

// problems is the error that Load returns: all mistakes, in the file's order.
type problems []problem

func (ps problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted returns the problems as an error, or nil where there are none.
func (ps problems) sorted() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b problem) int {
		if a.file != b.file {
			return strings.Compare(b.file, a.file) // the file before what has none
		}
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	return ps
}

// meant ends a message about an unknown name with the known one that it is
// most likely a slip of, if there is such a one.
func meant(name string, known []string) string {
	best, least := "", 4
	slices.Sort(known)
	for _, k := range known {
		d := distance(name, k)
		if strings.HasSuffix(k, "."+name) {
			d = 1
		}
		if d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is Levenshtein's: how many characters to change, add or remove.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
