//go:build linux

package watcher

// These run on a clock of their own: a polled folder has no watches, and everything else that a watcher waits for is a timer.

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// polled is a watcher that polls a folder on the clock of a synctest bubble.
type polled struct {
	t         *testing.T
	root      string
	keys      atomic.Int64         // names asked about
	mu        sync.Mutex           // guards delivered
	delivered map[string]time.Time // by path: when last
	times     int                  // how many deliveries there were
}

func newPolled(t *testing.T, ctx context.Context, wg *sync.WaitGroup) *polled {
	p := &polled{t: t, root: t.TempDir(), delivered: map[string]time.Time{}}
	p.write("old.pdf", marker)
	o := testOptions(p.root)
	o.Poll, o.Quiet, o.DeleteGrace = "always", 0, 0 // the defaults
	o.Key = func(path string) (string, bool) {
		p.keys.Add(1)
		return testKey(path)
	}
	wg.Go(func() {
		err := Run(ctx, o, func(path string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.delivered[path] = time.Now()
			p.times++
		})
		if err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return p
}

// onPolled runs do in a bubble, beside a watcher that ends with it.
func onPolled(t *testing.T, do func(p *polled)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		defer wg.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		do(newPolled(t, ctx, &wg))
	})
}

// write writes a file, and gives it and its folder the bubble's time.
func (p *polled) write(name, data string) string {
	path := filepath.Join(p.root, name)
	write(p.t, path, data)
	p.stamp(path)
	return path
}

func (p *polled) stamp(path string) {
	for _, at := range []string{path, p.root} {
		if err := os.Chtimes(at, time.Now(), time.Now()); err != nil && !os.IsNotExist(err) {
			p.t.Error(err)
		}
	}
}

// TestCutOffOnIdleMount: after ten minutes in which nothing happened, a file that ends too early is delivered within 15 s of
// its last write, and one that is whole within 6 s.
func TestCutOffOnIdleMount(t *testing.T) {
	onPolled(t, func(p *polled) {
		for i := range 20 {
			time.Sleep(10*time.Minute + time.Duration(i)*300*time.Millisecond)
			for name, c := range map[string]struct {
				data  string
				bound time.Duration
			}{"cut.pdf": {"half", 15 * time.Second}, "whole.pdf": {marker, 6 * time.Second}} {
				path, wrote := p.write(name, c.data), time.Now()
				time.Sleep(time.Minute)
				p.mu.Lock()
				took := p.delivered[path].Sub(wrote)
				p.mu.Unlock()
				if took < 0 || took > c.bound {
					p.t.Errorf("%s: delivered after %v, want at most %v", name, took, c.bound)
				}
				must(p.t, os.Remove(path))
				p.stamp(path)
				time.Sleep(10 * time.Minute)
			}
		}
	})
}

// TestPolledFolderComesToRest: what was told of once is not told of again with every look.
func TestPolledFolderComesToRest(t *testing.T) {
	onPolled(t, func(p *polled) {
		gone := p.write("gone.pdf", marker)
		for range 100 {
			time.Sleep(5 * time.Second)
			p.write("kept.pdf", marker)
			p.write("old.pdf.md", "a sidecar")
		}
		must(p.t, os.Remove(gone))
		p.stamp(gone)
		time.Sleep(time.Minute)
		p.mu.Lock()
		before := p.times
		p.mu.Unlock()
		time.Sleep(time.Hour)
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.times != before {
			p.t.Errorf("%d deliveries in an hour in which nothing happened", p.times-before)
		}
	})
}

// TestYoungFilesAreLeftAlone: on the mounts of some sync clients each reading of a file moves its times and puts off its upload. That
// counts for a sidecar as for its source.
func TestYoungFilesAreLeftAlone(t *testing.T) {
	for _, young := range []string{"old.pdf", "old.pdf.md"} {
		t.Run(young, func(t *testing.T) {
			onPolled(t, func(p *polled) {
				p.write("old.pdf.md", "a sidecar")
				time.Sleep(time.Hour)
				deliveries := func() int {
					p.mu.Lock()
					defer p.mu.Unlock()
					return p.times
				}
				before := deliveries()
				for range 900 {
					p.stamp(filepath.Join(p.root, young))
					time.Sleep(100 * time.Millisecond)
				}
				if n := deliveries() - before; n != 1 {
					p.t.Errorf("%d deliveries in 90 s in which it was young, want one", n)
				}
				before = deliveries()
				time.Sleep(8 * time.Second)
				if n := deliveries() - before; n != 1 {
					p.t.Errorf("%d deliveries once it was not young any more, want one", n)
				}
				time.Sleep(time.Hour)
				if n := deliveries() - before; n != 1 {
					p.t.Errorf("%d deliveries in the hour after, want one", n)
				}
			})
		})
	}
}

// TestChangeBesideAYoungFile: a PDF that is written while its sidecar is young, or that was young before, is told of as soon as any.
func TestChangeBesideAYoungFile(t *testing.T) {
	for _, young := range []string{"old.pdf", "old.pdf.md"} {
		for data, bound := range map[string]time.Duration{marker: 6 * time.Second, "half of it": 15 * time.Second} {
			t.Run(young+" "+data, func(t *testing.T) {
				onPolled(t, func(p *polled) {
					p.write("old.pdf.md", "a sidecar")
					time.Sleep(time.Hour)
					var path string
					var wrote time.Time
					told := func() bool {
						p.mu.Lock()
						defer p.mu.Unlock()
						return p.delivered[path].After(wrote)
					}
					for i := 0; i < 600 || !told() && i < 1000; i++ {
						if i == 599 {
							path, wrote = p.write("old.pdf", "much longer "+data), time.Now()
						}
						if i < 599 || young != "old.pdf" {
							p.stamp(filepath.Join(p.root, young))
						}
						time.Sleep(100 * time.Millisecond)
					}
					if took := time.Since(wrote); took > bound {
						p.t.Errorf("told of %v after it was written, want %v at most", took, bound)
					}
				})
			})
		}
	}
}

// TestFolderInASidecarsPlace: when it goes, the source is told of, without an event too.
func TestFolderInASidecarsPlace(t *testing.T) {
	s := newStill(t)
	side := filepath.Join(s.top.path, "x.pdf.md")
	write(t, filepath.Join(s.top.path, "x.pdf"), marker)
	write(t, side, "preview")
	s.want("x.pdf")
	s.want("x.pdf")
	s.want()
	must(t, os.Remove(side))
	must(t, os.Mkdir(side, 0o755))
	s.want("x.pdf")
	s.want()
	must(t, os.Remove(side))
	s.want("x.pdf")
	s.want()
}

func TestPace(t *testing.T) {
	s := time.Second
	for _, c := range []struct {
		name           string
		fixed          time.Duration
		look, glance   time.Duration // what each costs
		looks, glances int           // in an hour of nothing, after a quiet hour
	}{
		{"cheap", 0, 0, 0, 721, 0},
		{"a look costs 0.1 s", 0, s / 10, s / 1000, 179, 538},
		{"a look costs 2 s", 0, 2 * s, s / 100, 58, 639},
		{"both are dear", 0, 20 * s, s, 17, 0},
		{"fixed", 30 * s, s, 0, 117, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := pace{fixed: c.fixed, pause: pollSoonest, ended: time.Now(), glanced: time.Now()}
				var looks, glances int
				hour := func() {
					looks, glances = 0, 0
					for end := time.Now().Add(time.Hour); ; {
						time.Sleep(time.Until(p.next()))
						if time.Now().After(end) {
							return
						}
						start, full := time.Now(), !time.Now().Before(p.nextLook())
						if full {
							looks++
							time.Sleep(c.look)
						} else {
							glances++
							time.Sleep(c.glance)
						}
						p.passed(full, false, start)
					}
				}
				hour()
				hour()
				if looks != c.looks || glances != c.glances {
					t.Errorf("%d looks and %d glances, want %d and %d", looks, glances, c.looks, c.glances)
				}
			})
		})
	}
}
