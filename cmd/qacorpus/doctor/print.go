package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"qacorpus/cmd/qacorpus/cell"
	"qacorpus/sidecar/name"
)

// WriteJSON writes the report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// colours of the levels, where colours are wanted.
var colours = map[string]string{ok: "\x1b[32m", note: "\x1b[33m", fix: "\x1b[31m"}

// WriteText writes the report for people, in lines of at most width columns where
// that is not 0.
func (r Report) WriteText(w io.Writer, width int, coloured bool) error {
	names := 0
	for _, c := range r.Checks {
		names = max(names, cell.Width(c.Name))
	}
	var b strings.Builder
	indent := len("  note  ") + names + 2
	for _, at := range r.places() {
		if at != "" {
			fmt.Fprintf(&b, "\n%s\n", name.Show(at))
		}
		for _, c := range r.Checks {
			if c.Folder != at {
				continue
			}
			level := cell.Pad(c.Level, 4, false)
			if coloured {
				level = colours[c.Level] + level + "\x1b[0m"
			}
			room := math.MaxInt
			if width > 0 {
				room = width - indent
			}
			text := cell.Wrap(name.Show(c.Said), room)
			if c.Do != "" {
				text = append(text, cell.Wrap("→ "+name.Show(c.Do), room)...)
			}
			fmt.Fprintf(&b, "  %s  %s  %s\n", level, cell.Pad(c.Name, names, false), text[0])
			for _, line := range text[1:] {
				fmt.Fprintf(&b, "%s%s\n", strings.Repeat(" ", indent), line)
			}
		}
	}
	b.WriteString("\n" + r.verdict() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// places are the machine ("") and the folders, in their order.
func (r Report) places() []string {
	all := []string{""}
	seen := map[string]bool{"": true}
	for _, c := range r.Checks {
		if !seen[c.Folder] {
			seen[c.Folder] = true
			all = append(all, c.Folder)
		}
	}
	return all
}

func (r Report) verdict() string {
	count := map[string]int{}
	for _, c := range r.Checks {
		count[c.Level]++
	}
	switch {
	case count[fix] == 1:
		return "1 thing needs doing"
	case count[fix] > 1:
		return fmt.Sprintf("%d things need doing", count[fix])
	case count[note] > 0:
		return "all is well, " + plural(count[note], "note")
	}
	return "all is well"
}
