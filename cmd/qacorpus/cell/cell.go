// Package cell makes text fit a number of columns of a terminal, whatever the
// script: wide characters count as two, combining ones as none, and no character
// is ever cut apart.
package cell

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Width is the number of columns that s takes.
func Width(s string) int { return uniseg.StringWidth(s) }

// Pad fills s with spaces up to width columns: behind it or, where right is set,
// before it.
func Pad(s string, width int, right bool) string {
	pad := strings.Repeat(" ", max(0, width-Width(s)))
	if right {
		return pad + s
	}
	return s + pad
}

// Shorten cuts the middle out of s so that it takes at most width columns. The
// end, where names differ as often as at the start, keeps half.
func Shorten(s string, width int) string {
	if Width(s) <= width {
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
	room := max(width, 1) - 1 // for the sign of what is left out
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

// Wrap breaks s between words into lines of at most width columns; a longer word
// has a line of its own.
func Wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
