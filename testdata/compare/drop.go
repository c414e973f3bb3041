//go:build linux

package main

import (
	"errors"
	"fmt"
	"path/filepath"
)

// The cases of single drops: into a folder of a corpus's size, and into a large one.

// drop measures from the end of a copy to the end of its text.
func (r *run) drop() error {
	const before = 280
	sides := r.who(watches)
	var stations []*station
	defer func() {
		for _, st := range stations {
			st.end()
		}
	}()
	for _, s := range sides {
		st, err := r.settle(s, "drop", func(dir string) error {
			for n := range before {
				if _, _, err := copyPaper(r.papers, dir, 500_000+n); err != nil {
					return err
				}
			}
			return r.passQuietly(s, dir) // what is there already is not counted
		})
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		stations = append(stations, st)
	}
	missed := map[string]int{}
	all, small, large, worst := map[string]sample{}, map[string]sample{}, map[string]sample{}, map[string]sample{}
	for n := range r.drops {
		for _, st := range stations {
			if st.few > 0 && n >= st.few {
				continue
			}
			took, err := r.dropped(st, n)
			if errors.Is(err, errMissed) {
				missed[st.name]++
				continue
			}
			if err != nil {
				return err
			}
			all[st.name] = append(all[st.name], took)
			switch at := n % len(r.papers); { // they are sorted by size
			case at < len(r.papers)/3:
				small[st.name] = append(small[st.name], took)
			case at >= len(r.papers)-len(r.papers)/3:
				large[st.name] = append(large[st.name], took)
			}
		}
	}
	for name, s := range all {
		worst[name] = sample{s.at(0.99)}
	}
	r.remarkMissed(sides, missed)
	r.add(fmt.Sprintf("drop to text, p50 of %d", r.drops), "ms", sides, all)
	r.remarks = nil
	r.add("of these, the smallest third of the papers", "ms", sides, small)
	r.add("of these, the largest third", "ms", sides, large)
	r.add("drop to text, p99", "ms", sides, worst)
	memory, idle := r.idling(stations)
	r.add("idle in a folder of 300: memory, all processes", "MiB", sides, memory)
	r.add(fmt.Sprintf("idle in a folder of 300: share of a core over %v", r.idle), "%", sides, idle)
	return nil
}

// dropped drops copy n and returns after how many milliseconds its text was there.
func (r *run) dropped(st *station, n int) (ms float64, err error) {
	path, whole, err := copyPaper(r.papers, st.dir, n)
	if err != nil {
		return 0, err
	}
	done, err := st.texts.wait(r.ctx, path, patience)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", st.name, err)
	}
	return max(milliseconds(done.Sub(whole)), 0.01), nil
}

// large measures a folder of many small PDFs in sub-folders of a hundred: what one
// drop takes there, and what the side holds and uses while nothing happens.
func (r *run) large() error {
	papers, err := r.small()
	if err != nil {
		return err
	}
	sides, missed := r.who(watches), map[string]int{}
	drops, memory, idle := map[string]sample{}, map[string]sample{}, map[string]sample{}
	for _, s := range sides {
		st, err := r.settle(s, "big", func(dir string) error {
			if err := plant(papers, filepath.Join(dir, "big"), r.big); err != nil {
				return err
			}
			return r.passQuietly(s, dir)
		})
		if r.unready(s, err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		for n := range 20 {
			if st.few > 0 && n >= st.few {
				break
			}
			took, err := r.dropped(st, n)
			if errors.Is(err, errMissed) {
				missed[s.name]++
				continue
			}
			if err != nil {
				st.end()
				return err
			}
			drops[s.name] = append(drops[s.name], took)
		}
		m, i := r.idling([]*station{st})
		memory[s.name], idle[s.name] = m[s.name], i[s.name]
		st.end()
	}
	r.remarkMissed(sides, missed)
	r.add(fmt.Sprintf("one change among %d PDFs: a drop to its text", r.big), "ms", sides, drops)
	r.add(fmt.Sprintf("idle among %d PDFs: memory, all processes", r.big), "MiB", sides, memory)
	r.add(fmt.Sprintf("idle among %d PDFs: share of a core over %v", r.big, r.idle), "%", sides, idle)
	r.remarks = nil
	return nil
}

// remarkMissed notes how many texts did not come within patience.
func (r *run) remarkMissed(sides []side, missed map[string]int) {
	for _, s := range sides {
		if n := missed[s.name]; n > 0 {
			r.remark(s, fmt.Sprintf("%d missed", n))
		}
	}
}
