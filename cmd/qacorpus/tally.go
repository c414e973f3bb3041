package main

// What a pass over the folders led to, counted and told in one line.

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"qacorpus/sidecar"
	"qacorpus/sidecar/name"
)

// tally counts what a pass led to.
type tally struct {
	mu     sync.Mutex // guards the rest
	seed   maphash.Seed
	last   map[uint64]outcome // by a hash of the path: a path may be looked at more than once
	verbs  map[string]int
	failed map[string]error            // by path, until a later try goes well
	would  map[string][]sidecar.Change // by path, what a dry run found last; nil for a pass that does it
}

// outcome is the last that was seen of one source.
type outcome struct {
	kind  string // of a PDF: its status, or why it has no preview; "" for a QA file
	pairs int
	wrong bool
}

const (
	notRead = "failed"
	alone   = "left alone"
)

func newTally() *tally {
	return &tally{seed: maphash.MakeSeed(), last: map[uint64]outcome{}, verbs: map[string]int{}, failed: map[string]error{}}
}

func (t *tally) add(path string, out sidecar.Outcome, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, path)
	if t.would != nil {
		t.would[path] = out.Changes
	} else {
		for _, c := range out.Changes {
			t.verbs[c.Verb]++
		}
	}
	key, pdf := maphash.String(t.seed, path), name.Of(filepath.Base(path)) == name.PDF
	switch {
	case err != nil:
		if t.failed[path] = err; pdf {
			t.last[key] = outcome{kind: notRead}
		}
	case out.Again > 0: // not yet done
	case out.Status != "" || out.Pairs > 0 || out.Errors > 0:
		t.last[key] = outcome{string(out.Status), out.Pairs, out.Errors > 0}
	case pdf && out.SHA256 != [32]byte{}: // it was read
		t.last[key] = outcome{kind: alone}
	default:
		delete(t.last, key)
	}
}

// hopeless counts the failures that a moment's patience does not mend.
func (t *tally) hopeless() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, err := range t.failed {
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
			n++
		}
	}
	return n
}

// stopped is the error of a pass that was interrupted.
func (t *tally) stopped(dryRun bool) error {
	if dryRun {
		return errors.New("interrupted; nothing was changed")
	}
	return withHint(errors.New("interrupted "+t.did("nothing was changed yet")), "what was done stays; run it again to do the rest")
}

// verbs are the forms of what a change is called.
var verbs = map[string]struct{ todo, done string }{
	"wrote":      {"write", "written"},
	"replaced":   {"replace", "replaced"},
	"removed":    {"remove", "removed"},
	"moved":      {"move", "moved"},
	"normalised": {"normalise", "normalised"},
	"renamed":    {"rename", "renamed"}, // of a dry run: what is removed and written elsewhere
}

// summary is the pass in one line.
func (t *tally) summary(dryRun bool, took time.Duration) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kinds := map[string]int{}
	pdfs, qaFiles, pairs, wrong := 0, 0, 0, 0
	for _, o := range t.last {
		if o.kind != "" {
			pdfs++
			kinds[o.kind]++
			continue
		}
		qaFiles++
		pairs += o.pairs
		if o.wrong {
			wrong++
		}
	}
	s := plural(pdfs, "PDF")
	if pdfs > 0 {
		s += " (" + list(kinds) + ")"
	}
	if qaFiles > 0 {
		s += fmt.Sprintf(", %s with %s", plural(qaFiles, "QA file"), plural(pairs, "pair"))
		if wrong > 0 {
			s += fmt.Sprintf(" (%d with errors, see the .problems.md beside them)", wrong)
		}
	}
	switch did := t.did(""); {
	case did == "" && (len(t.failed) > 0 || kinds[alone] > 0):
		s += ": nothing changed"
	case did == "":
		s += ": all up to date"
	case dryRun:
		s += ": nothing changed; would be " + did
	default:
		s += ": " + did
	}
	if n := len(t.failed) - kinds[notRead]; n > 0 {
		s += fmt.Sprintf(", %d failed", n)
	}
	return s + fmt.Sprintf(" in %.1f s", took.Seconds())
}

// did lists how many files were changed in which way, or says nothing.
func (t *tally) did(nothing string) string {
	did := map[string]int{}
	for v, n := range t.verbs {
		did[verbs[v].done] = n
	}
	if len(did) == 0 {
		return nothing
	}
	return list(did)
}

// list writes numbers with what they count, in the order of the words.
func list(counts map[string]int) string {
	var all []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%d %s", counts[what], what))
	}
	return strings.Join(all, ", ")
}
