//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
		if _, _, err := r.copyPaper(dir, n); err != nil {
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

// pairs writes a QA file of about size bytes, indented by indent.
func pairs(path string, size int, indent string) error {
	var b strings.Builder
	b.WriteString("{\n" + indent + "\"paper_id\": \"p\",\n" + indent + "\"qa_pairs\": [")
	for n := 0; b.Len() < size; n++ {
		if n > 0 {
			b.WriteString(",")
		}
		i := "\n" + indent + indent
		fmt.Fprintf(&b, "%[1]s{%[1]s%[2]s\"question\": \"What does the paper say of case %[3]d, and why?\",%[1]s%[2]s\"answer\": \"It says that case %[3]d costs %[3]d steps, as \\\"table\\\" %[3]d shows.\"%[1]s}", i, indent, n)
	}
	b.WriteString("\n" + indent + "]\n}\n")
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// json measures 10 MB of QA files that are indented by four.
func (r *run) json() error {
	sides := r.who(func(s side) bool { return s.tidy != nil })
	got := map[string]sample{}
	for round := range r.rounds {
		for _, s := range sides {
			dir := filepath.Join(r.work, fmt.Sprintf("json-%d-%s", round, slug(s.name)))
			if err := os.Mkdir(dir, 0o755); err != nil {
				return err
			}
			for n := range 200 {
				if err := pairs(filepath.Join(dir, fmt.Sprintf("qa-%03d.json", n)), 50_000, "    "); err != nil {
					return err
				}
			}
			c := s.tidy(r, dir)
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
	r.add("200 QA files, 10 MB, tidied", "s", sides, got)
	return nil
}

// save measures from the end of a save to the end of the tidied file.
func (r *run) save() error {
	sides := r.who(func(s side) bool { return s.save != nil })
	got := map[string]sample{}
	var stations []*station
	defer func() {
		for _, st := range stations {
			st.end()
		}
	}()
	for _, s := range sides {
		s.watch, s.output = s.save, func(path string) string { return path }
		dir := filepath.Join(r.work, "save-"+slug(s.name))
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		seen, err := watchArrivals(dir)
		if err != nil {
			return err
		}
		st := &station{side: s, dir: dir, cmd: s.save(r, dir), seen: seen}
		if err := start(st.cmd); err != nil {
			seen.close()
			return err
		}
		stations = append(stations, st)
	}
	for n := range r.drops/4 + 1 {
		for _, st := range stations {
			path := filepath.Join(st.dir, fmt.Sprintf("qa-%03d.json", n))
			took, err := r.saved(st, path)
			if err != nil {
				return fmt.Errorf("%s: %w", st.name, err)
			}
			if n > 0 { // the first ones wait for the start
				got[st.name] = append(got[st.name], took)
			}
		}
	}
	r.add("save to tidied QA file, p50", "ms", sides, got)
	return nil
}

// saved saves a file in place and waits until it is written anew: it arrives once
// by the save and once more tidied. A side that was not ready is asked again.
func (r *run) saved(st *station, path string) (ms float64, err error) {
	for range 20 {
		seen := st.seen.times(path)
		if err := pairs(path, 20_000, "    "); err != nil {
			return 0, err
		}
		whole := time.Now()
		at, err := st.seen.wait(r.ctx, path, seen+1, 3*time.Second)
		if err == nil {
			return max(milliseconds(at.Sub(whole)), 0.01), nil
		}
		if r.ctx.Err() != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("%q was not tidied", path)
}
