//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Cases of QA files.

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

// desk is a side that tidies what is saved into its folder.
type desk struct {
	name, dir string
	cmd       *exec.Cmd
	seen      *arrivals
}

// save measures from the end of a save to the end of the tidied file.
func (r *run) save() error {
	sides := r.who(func(s side) bool { return s.save != nil })
	got := map[string]sample{}
	var desks []*desk
	defer func() {
		for _, d := range desks {
			stop(d.cmd)
			d.seen.close()
		}
	}()
	for _, s := range sides {
		dir := filepath.Join(r.work, "save-"+slug(s.name))
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		seen, err := watchArrivals(dir, func(path string) string { return path })
		if err != nil {
			return err
		}
		d := &desk{name: s.name, dir: dir, cmd: s.save(r, dir), seen: seen}
		if err := start(d.cmd); err != nil {
			seen.close()
			return err
		}
		desks = append(desks, d)
	}
	for n := range r.drops/4 + 1 {
		for _, d := range desks {
			path := filepath.Join(d.dir, fmt.Sprintf("qa-%03d.json", n))
			took, err := r.saved(d, path)
			if err != nil {
				return fmt.Errorf("%s: %w", d.name, err)
			}
			if n > 0 { // the first ones wait for the start
				got[d.name] = append(got[d.name], took)
			}
		}
	}
	r.add("save to tidied QA file, p50", "ms", sides, got)
	return nil
}

// saved saves a file in place and waits until it is written anew: it arrives once
// by the save and once more tidied. A side that was not ready is asked again.
func (r *run) saved(d *desk, path string) (ms float64, err error) {
	for range 20 {
		seen := d.seen.times(path)
		if err := pairs(path, 20_000, "    "); err != nil {
			return 0, err
		}
		whole := time.Now()
		at, err := d.seen.again(r.ctx, path, seen+1, 3*time.Second)
		if err == nil {
			return max(milliseconds(at.Sub(whole)), 0.01), nil
		}
		if r.ctx.Err() != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("%q was not tidied", path)
}
