//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Cases that run once and end.

// docs is how many PDFs a pass has.
const docs = 100

// folder makes a folder of docs PDFs for one pass.
func (r *run) folder(name string) (string, error) {
	dir := filepath.Join(r.work, name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return "", err
	}
	for n := range docs {
		if _, _, err := copyPaper(r.papers, dir, n); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func (r *run) cold() error { return r.passes("first pass over", false) }

func (r *run) warm() error { return r.passes("pass with nothing changed over", true) }

func (r *run) passes(what string, again bool) error {
	sides := r.who(func(s side) bool { return s.pass != nil && (s.again || !again) })
	got := map[string]sample{}
	for round := range r.rounds {
		for _, s := range sides {
			dir, err := r.folder(fmt.Sprintf("pass-%t-%d-%s", again, round, slug(s.name)))
			if err != nil {
				return err
			}
			if again {
				if err := s.pass(r, dir).Run(); err != nil {
					return fmt.Errorf("%s: %w", s.name, err)
				}
			}
			c := s.pass(r, dir)
			began := time.Now()
			if out, err := c.CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w\n%s", s.name, err, out)
			}
			got[s.name] = append(got[s.name], time.Since(began).Seconds())
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
		}
	}
	r.add(fmt.Sprintf("%s %d papers", what, docs), "s", sides, got)
	return nil
}
