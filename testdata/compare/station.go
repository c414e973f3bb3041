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

// station is a side at work on a folder of its own.
type station struct {
	side
	dir   string
	cmd   *exec.Cmd
	texts texts
}

// patience is how long one text may take.
const patience = 2 * time.Minute

var (
	errNotReady = errors.New("not ready")    // when the time limit was over
	errMissed   = errors.New("did not come") // a text, within patience
)

// copyPaper writes copy number n of one of the papers, made different, as a
// download does: in one go, then closed. It returns the path and when it was whole.
func copyPaper(papers []string, dir string, n int) (path string, whole time.Time, err error) {
	paper := papers[n%len(papers)]
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

// small are generated papers of one page, for cases in which the number of files
// counts and not what is in them.
func (r *run) small() ([]string, error) {
	dir := filepath.Join(r.work, "small")
	if _, err := os.Stat(dir); err != nil {
		if out, err := r.command("go", "run", "./testdata/bigcorpus", "-o", dir, "-n", "500").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("make small papers: %w\n%s", err, out)
		}
	}
	return filepath.Glob(filepath.Join(dir, "*.pdf"))
}

// settle starts the side on a folder that fill has filled, and returns when it
// answers: errNotReady if that is not within the time limit of a case.
func (r *run) settle(s side, kind string, fill func(dir string) error) (*station, error) {
	dir := filepath.Join(r.work, kind+"-"+slug(s.name))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if err := fill(dir); err != nil {
		return nil, err
	}
	st := &station{side: s, dir: dir}
	if s.ask != nil {
		st.texts = &index{ask: func(name string) *exec.Cmd { return s.ask(r, dir, name) }}
	} else {
		seen, err := watchArrivals(dir, s.output)
		if err != nil {
			return nil, err
		}
		st.texts = seen
	}
	st.cmd = s.watch(r, dir)
	if err := start(st.cmd); err != nil {
		st.texts.close()
		return nil, err
	}
	// A side is ready when a first drop is answered; until then, some lose it.
	began := time.Now()
	for try := 0; time.Since(began) < r.limit && r.ctx.Err() == nil; try++ {
		path, _, err := copyPaper(r.papers, dir, 900_000+try)
		if err != nil {
			st.end()
			return nil, err
		}
		if _, err := st.texts.wait(r.ctx, path, time.Second<<min(try, 5)); err == nil {
			return st, nil
		}
	}
	st.end()
	return nil, errors.Join(errNotReady, r.ctx.Err())
}

func (st *station) end() {
	stop(st.cmd)
	st.texts.close()
}

// passQuietly brings a folder up to date before it is watched, where the side
// would do so at its start.
func (r *run) passQuietly(s side, dir string) error {
	if s.pass == nil || !s.again {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.ctx, r.limit)
	defer cancel()
	c := s.pass(r, dir)
	bounded := exec.CommandContext(ctx, c.Path, c.Args[1:]...)
	bounded.Env, bounded.Dir = c.Env, c.Dir
	if err := bounded.Run(); ctx.Err() != nil {
		return errors.Join(errNotReady, r.ctx.Err())
	} else if err != nil {
		return fmt.Errorf("first pass: %w", err)
	}
	return nil
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

// idling returns what the side holds in MiB, and the share of a core in per cent
// that it uses while nothing happens.
func (r *run) idling(stations []*station) (memory, share map[string]sample) {
	memory, share = map[string]sample{}, map[string]sample{}
	rest(r.ctx, 5*time.Second) // what the drops started has ended
	before := map[string]usage{}
	for _, st := range stations {
		before[st.name] = used(st.cmd.Process.Pid)
	}
	rest(r.ctx, r.idle)
	for _, st := range stations {
		after := used(st.cmd.Process.Pid)
		memory[st.name] = sample{float64(after.rss) / (1 << 20)}
		share[st.name] = sample{100 * after.since(before[st.name]).Seconds() / r.idle.Seconds()}
	}
	return memory, share
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
