//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// Cases of watching a folder.

// station is a side at work on a folder of its own.
type station struct {
	side
	dir  string
	cmd  *exec.Cmd
	seen *arrivals
}

// patience is how long a text may take.
const patience = 2 * time.Minute

// copyPaper writes copy number n of a paper, made different, as a download does: in
// one go, then closed. It returns the path and when it was whole.
func (r *run) copyPaper(dir string, n int) (path string, whole time.Time, err error) {
	paper := r.papers[n%len(r.papers)]
	data, err := os.ReadFile(paper)
	if err != nil {
		return "", whole, err
	}
	if data, err = different(data, n); err != nil {
		return "", whole, fmt.Errorf("%s: %w", paper, err)
	}
	path = filepath.Join(dir, fmt.Sprintf("paper-%06d.pdf", n))
	f, err := os.Create(path)
	if err != nil {
		return "", whole, err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return "", whole, err
	}
	err = f.Close()
	return path, time.Now(), err
}

// settle starts the side on a folder that holds before PDFs, and returns when it
// answers.
func (r *run) settle(s side, kind string, fill func(dir string) error) (*station, error) {
	dir := filepath.Join(r.work, kind+"-"+slug(s.name))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if err := fill(dir); err != nil {
		return nil, err
	}
	seen, err := watchArrivals(dir)
	if err != nil {
		return nil, err
	}
	st := &station{side: s, dir: dir, cmd: s.watch(r, dir), seen: seen}
	if err := start(st.cmd); err != nil {
		seen.close()
		return nil, err
	}
	// A side is ready when a first drop is answered; until then, some lose it.
	for try := 0; ; try++ {
		path, _, err := r.copyPaper(dir, 900_000+try)
		if err == nil {
			_, err = seen.wait(r.ctx, s.output(path), 0, time.Second<<min(try, 5))
		}
		if err == nil {
			return st, nil
		}
		if try == 7 || r.ctx.Err() != nil {
			st.end()
			return nil, fmt.Errorf("%s does not start: %w", s.name, err)
		}
	}
}

// different adds a comment and the last lines once more, so that the PDF is as
// whole as it was and its bytes are others.
func different(pdf []byte, n int) ([]byte, error) {
	at := bytes.LastIndex(pdf, []byte("startxref"))
	if at < 0 {
		return nil, errors.New("no startxref")
	}
	end := slices.Clone(pdf[at:])
	return fmt.Appendf(pdf, "\n%%%d\n%s", n, end), nil
}

func (st *station) end() {
	stop(st.cmd)
	st.seen.close()
}

func slug(name string) string {
	b := []byte(name)
	for i, c := range b {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			b[i] = '_'
		}
	}
	return string(b)
}

func watches(s side) bool { return s.watch != nil }

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
				if _, _, err := r.copyPaper(dir, 500_000+n); err != nil {
					return err
				}
			}
			// What is there already is not counted.
			return r.passQuietly(s, dir)
		})
		if err != nil {
			return err
		}
		stations = append(stations, st)
	}
	got := map[string]sample{}
	for n := range r.drops {
		for _, st := range stations {
			if st.slow && n >= min(r.drops, 40) {
				continue
			}
			path, whole, err := r.copyPaper(st.dir, n)
			if err != nil {
				return err
			}
			done, err := st.seen.wait(r.ctx, st.output(path), 0, patience)
			if err != nil {
				return fmt.Errorf("%s: %w", st.name, err)
			}
			got[st.name] = append(got[st.name], max(milliseconds(done.Sub(whole)), 0.01))
		}
	}
	r.add(fmt.Sprintf("drop to text, p50 of %d", r.drops), "ms", sides, got)
	worst := map[string]sample{}
	for name, s := range got {
		worst[name] = sample{s.at(0.99)}
	}
	r.add("drop to text, p99", "ms", sides, worst)
	return nil
}

// passQuietly brings a folder up to date before it is watched, where the side
// would do so at its start.
func (r *run) passQuietly(s side, dir string) error {
	if s.name != "qacorpus" {
		return nil
	}
	return s.pass(r, dir).Run()
}

// burst measures from the first of many copies to the last text.
func (r *run) burst() error {
	sides := r.who(func(s side) bool { return watches(s) && !s.slow })
	got := map[string]sample{}
	for round := range max(1, r.rounds/2) {
		for _, s := range sides {
			st, err := r.settle(s, fmt.Sprintf("storm%d", round), func(string) error { return nil })
			if err != nil {
				return err
			}
			began := time.Now()
			var paths []string
			for n := range r.storm {
				path, _, err := r.copyPaper(st.dir, n)
				if err != nil {
					st.end()
					return err
				}
				paths = append(paths, path)
			}
			last := began
			for _, path := range paths {
				at, err := st.seen.wait(r.ctx, s.output(path), 0, 10*time.Minute)
				if err != nil {
					st.end()
					return fmt.Errorf("%s: %w", s.name, err)
				}
				if at.After(last) {
					last = at
				}
			}
			got[s.name] = append(got[s.name], last.Sub(began).Seconds())
			st.end()
		}
	}
	r.add(fmt.Sprintf("storm of %d drops, to the last text", r.storm), "s", sides, got)
	return nil
}

// large measures a folder of many small PDFs in a hundred sub-folders: what a
// drop takes there, and what the side holds and uses while nothing happens.
func (r *run) large() error {
	sides := r.who(func(s side) bool { return watches(s) && s.name != "reflex + pdftotext" })
	drops, memory, idle := map[string]sample{}, map[string]sample{}, map[string]sample{}
	for _, s := range sides {
		st, err := r.settle(s, "big", func(dir string) error {
			c := r.command("go", "run", "./testdata/bigcorpus", "-o", filepath.Join(dir, "big"), "-n", fmt.Sprint(r.big), "-folders", "100")
			if out, err := c.CombinedOutput(); err != nil {
				return fmt.Errorf("%w\n%s", err, out)
			}
			return r.passQuietly(s, dir)
		})
		if err != nil {
			return err
		}
		for n := range 20 {
			path, whole, err := r.copyPaper(st.dir, n)
			if err == nil {
				var done time.Time
				if done, err = st.seen.wait(r.ctx, s.output(path), 0, patience); err == nil {
					drops[s.name] = append(drops[s.name], max(milliseconds(done.Sub(whole)), 0.01))
				}
			}
			if err != nil {
				st.end()
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		rest(r.ctx, 3*time.Second) // what the drops started has ended
		before := used(st.cmd.Process.Pid)
		rest(r.ctx, time.Duration(r.idleSeconds)*time.Second)
		after := used(st.cmd.Process.Pid)
		memory[s.name] = sample{float64(after.rss) / (1 << 20)}
		idle[s.name] = sample{100 * after.since(before).Seconds() / float64(r.idleSeconds)}
		st.end()
	}
	r.add(fmt.Sprintf("drop into a folder of %d", r.big), "ms", sides, drops)
	r.add(fmt.Sprintf("memory, all processes, %d PDFs", r.big), "MiB", sides, memory)
	r.add("idle, share of a core", "%", sides, idle)
	return nil
}

// rest lets time pass, in which nothing is to happen.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
