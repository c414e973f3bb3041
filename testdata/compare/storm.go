//go:build linux

package main

import (
	"fmt"
	"time"
)

// burst measures from the first of many drops to the last text, and counts the
// texts that never come.
func (r *run) burst() error {
	papers, err := r.small()
	if err != nil {
		return err
	}
	sides := r.who(watches)
	got := map[string]sample{}
	for round := range max(1, r.rounds/2) {
		for _, s := range sides {
			st, err := r.settle(s, fmt.Sprintf("storm%d", round), func(string) error { return nil })
			if r.unready(s, err) {
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			began := time.Now()
			var pdfs []string
			for n := range r.storm {
				path, _, err := copyPaper(papers, st.dir, n)
				if err != nil {
					st.end()
					return err
				}
				pdfs = append(pdfs, path)
			}
			n, last := r.gather(st, pdfs, began)
			st.end()
			switch {
			case n == len(pdfs):
				got[s.name] = append(got[s.name], last.Sub(began).Seconds())
				r.remark(s, "none missed")
			case time.Since(began) >= r.limit:
				r.remark(s, fmt.Sprintf("not finished after %v: %d had come", r.limit, n))
			default:
				r.remark(s, fmt.Sprintf("%d missed", len(pdfs)-n))
			}
		}
	}
	r.add(fmt.Sprintf("storm of %d drops of a page, to the last text", r.storm), "s", sides, got)
	r.remarks = nil
	return nil
}

// gather waits until all texts are there, none has come for as long as one may
// take, or the time limit is over. An index may take in many before it shows one.
func (r *run) gather(st *station, pdfs []string, began time.Time) (n int, last time.Time) {
	quiet := patience
	if st.ask != nil {
		quiet = r.limit
	}
	grew := time.Now()
	for r.ctx.Err() == nil {
		now, at := st.texts.came(pdfs)
		if now > n {
			grew = time.Now()
		}
		n, last = now, at
		if n == len(pdfs) || time.Since(began) >= r.limit || time.Since(grew) > quiet {
			break
		}
		rest(r.ctx, time.Second)
	}
	return n, last
}
