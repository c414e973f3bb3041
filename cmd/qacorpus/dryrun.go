package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"qacorpus/sidecar"
	"qacorpus/sidecar/preview"
)

// planned is what a dry run found, in the order of the sources' paths. A preview
// that would go while one of the same PDF comes elsewhere counts as renamed.
func (t *tally) planned() []sidecar.Change {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []sidecar.Change
	for _, path := range slices.Sorted(maps.Keys(t.would)) {
		all = append(all, t.would[path]...)
	}
	all = joinRenames(all)
	for _, c := range all {
		t.verbs[c.Verb]++
	}
	return all
}

// joinRenames makes one change of each pair of a preview that goes and one of
// the same PDF that comes, and drops one that would make way for an edited one.
func joinRenames(all []sidecar.Change) []sidecar.Change {
	going := map[string][]int{} // by the PDF's hash: places in all
	moved := map[string]bool{}
	for i, c := range all {
		moved[c.Path] = moved[c.Path] || c.Verb == "moved"
		if h, err := preview.Parse(c.Old); c.Verb == "removed" && err == nil && h.SHA256 != "" {
			going[h.SHA256] = append(going[h.SHA256], i)
		}
	}
	joined := map[int]bool{}
	for i, c := range all {
		if c.Verb == "wrote" && moved[c.Path] {
			joined[i] = true
			continue
		}
		h, err := preview.Parse(c.New)
		if c.Verb != "wrote" || err != nil || len(going[h.SHA256]) == 0 {
			continue
		}
		from := going[h.SHA256][0]
		going[h.SHA256] = going[h.SHA256][1:]
		joined[from] = true
		all[i] = sidecar.Change{Verb: "renamed", Path: c.Path, From: all[from].Path, Old: all[from].Old, New: c.New}
	}
	var left []sidecar.Change
	for i, c := range all {
		if !joined[i] {
			left = append(left, c)
		}
	}
	return left
}

// announce tells on standard output what a dry run would have changed, with the
// differences where those are wanted.
func (a *app) announce(changes []sidecar.Change, diffs bool) error {
	for _, c := range changes {
		said := fmt.Sprintf("would %s %s", verbs[c.Verb].todo, near(c.Path))
		if c.From != "" {
			said = fmt.Sprintf("would %s %s to %s", verbs[c.Verb].todo, near(c.From), near(c.Path))
		}
		if len(c.Details) > 0 {
			said += ": " + strings.Join(c.Details, ", ")
		}
		said += "\n"
		if diffs && (c.Old != nil || c.New != nil) {
			said += string(difference(c))
		}
		if _, err := io.WriteString(a.out, said); err != nil {
			return err
		}
	}
	return nil
}

// difference is a change as a unified diff.
func difference(c sidecar.Change) []byte {
	before, after := near(c.Path), near(c.Path)
	switch {
	case c.Old == nil:
		before = "/dev/null"
	case c.New == nil:
		after = "/dev/null"
	case c.From != "":
		before = near(c.From)
	}
	return diff.Diff(before, c.Old, after, c.New)
}
