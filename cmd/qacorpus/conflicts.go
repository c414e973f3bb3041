package main

import (
	"os"
	"slices"
	"strings"
)

// noteConflict remembers that a sync client made a conflict copy of the preview of source.
func (e *engine) noteConflict(source, path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if slices.Contains(e.conflicts[source], path) {
		return
	}
	if e.conflicts == nil {
		e.conflicts = map[string][]string{}
	}
	// Cloned, for a path may be a part of a whole folder's.
	source = strings.Clone(source)
	e.conflicts[source] = append(e.conflicts[source], strings.Clone(path))
}

// conflictsOf returns the conflict copies of the preview of source that are there, and forgets those that are not.
func (e *engine) conflictsOf(source string) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := slices.DeleteFunc(e.conflicts[source], func(path string) bool { _, err := os.Lstat(path); return err != nil })
	if len(all) == 0 {
		delete(e.conflicts, source)
		return nil
	}
	e.conflicts[source] = all
	return slices.Clone(all)
}

// conflicting reports whether there may be conflict copies of the preview of source.
func (e *engine) conflicting(source string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.conflicts[source]) > 0
}
