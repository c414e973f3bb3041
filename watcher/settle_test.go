package watcher

import (
	"testing"
	"testing/synctest"
	"time"
)

// fakeFile is a file whose content is a size, and that is complete from a certain size on.
type fakeFile struct {
	there  bool
	size   int64
	mtime  int64
	whole  int64 // complete from this size on
	busy   bool
	quiet  time.Duration
	checks int
	took   time.Duration
	home   time.Duration // its folder is known from then on
	moves  uint64        // of the folders that it lies in
}

// bench runs a settler over one fake file in a synctest bubble, as the askers would.
type bench struct {
	t         *testing.T
	s         *settler
	f         *fakeFile
	delivered []time.Duration // since the start
	start     time.Time
}

func newBench(t *testing.T, f *fakeFile) *bench {
	s := newSettler(Options{Quiet: 8 * time.Second, Ceiling: time.Minute, DeleteGrace: 2 * time.Second})
	return &bench{t: t, s: s, f: f, start: time.Now()}
}

// until lets time pass until d after the start, doing what is due.
func (b *bench) until(d time.Duration) {
	end := b.start.Add(d)
	for {
		next, ok := b.s.next()
		if !ok || next.After(end) {
			time.Sleep(time.Until(end))
			return
		}
		time.Sleep(time.Until(next))
		if j, ok := b.s.pop(time.Now()); ok {
			o := observation{homeless: time.Since(b.start) < b.f.home, moves: b.f.moves, exists: b.f.there, stamp: stamp{size: b.f.size, mtime: b.f.mtime}}
			if o.exists && j.wantsCheck(o.stamp) {
				b.f.checks++
				time.Sleep(b.f.took)
				o.asked, o.took = true, b.f.took
				o.said = Verdict{Complete: b.f.size >= b.f.whole, Busy: b.f.busy, Quiet: b.f.quiet}
			}
			if b.s.judge(j, o, time.Now()) {
				b.delivered = append(b.delivered, time.Since(b.start))
			}
		}
	}
}

func (b *bench) touch() { b.s.touch("x", time.Now()) }

// write grows the file and touches it.
func (b *bench) write(n int64) {
	b.f.there = true
	b.f.size += n
	b.f.mtime = time.Now().UnixNano()
	b.touch()
}

func (b *bench) want(times ...time.Duration) {
	b.t.Helper()
	if len(b.delivered) != len(times) {
		b.t.Fatalf("delivered at %v, want %v", b.delivered, times)
	}
	for i := range times {
		if b.delivered[i] != times[i] {
			b.t.Fatalf("delivered at %v, want %v", b.delivered, times)
		}
	}
}

const s, ms = time.Second, time.Millisecond

func TestSettle(t *testing.T) {
	for _, c := range []struct {
		name string
		file fakeFile
		do   func(b *bench)
		want []time.Duration
	}{
		{"complete at once", fakeFile{whole: 1}, func(b *bench) { b.write(1) }, []time.Duration{0}},
		{"incomplete after quiet", fakeFile{whole: 9}, func(b *bench) { b.write(1) }, []time.Duration{8 * s}},
		{"empty after quiet", fakeFile{whole: 9}, func(b *bench) { b.write(0) }, []time.Duration{8 * s}},
		{"slow copy only when whole", fakeFile{whole: 20}, func(b *bench) {
			for i := range 20 {
				b.until(time.Duration(i) * 5 * s)
				b.write(1)
			}
		}, []time.Duration{95 * s}},
		{"quiet counts from the last write", fakeFile{whole: 100}, func(b *bench) {
			for i := range 10 {
				b.until(time.Duration(i) * s)
				b.write(1)
			}
		}, []time.Duration{17 * s}},
		{"growth without events is seen", fakeFile{whole: 100}, func(b *bench) {
			b.write(1)
			for i := range 10 {
				b.until(time.Duration(i) * s)
				b.f.size++
			}
		}, []time.Duration{18 * s}},
		{"gone after grace", fakeFile{}, func(b *bench) { b.touch() }, []time.Duration{2 * s}},
		{"gone twice without a folder", fakeFile{home: time.Hour}, func(b *bench) { b.touch() }, []time.Duration{2 * s, 4*s + 10*ms}},
		{"gone again when a folder came and went", fakeFile{home: time.Hour}, func(b *bench) {
			b.touch()
			b.until(5 * s)
			b.f.moves++
		}, []time.Duration{2 * s, 4*s + 10*ms, 6*s + 30*ms}},
		{"again until its folder is known", fakeFile{whole: 1, home: 100 * ms}, func(b *bench) { b.write(1) },
			[]time.Duration{0, 10 * ms, 30 * ms, 70 * ms, 150 * ms}},
		{"back within grace", fakeFile{whole: 1}, func(b *bench) {
			b.touch()
			b.until(1 * s)
			b.write(1)
		}, []time.Duration{1 * s}},
		{"wanted quiet", fakeFile{whole: 1, quiet: 300 * ms}, func(b *bench) {
			b.write(1)
			b.until(200 * ms)
			b.write(1)
		}, []time.Duration{500 * ms}},
		{"held open for ever", fakeFile{whole: 1, busy: true}, func(b *bench) { b.write(1) }, []time.Duration{60 * s}},
		{"incomplete and held open", fakeFile{whole: 9, busy: true}, func(b *bench) { b.write(1) }, []time.Duration{60 * s}},
		{"cut off, held open for 9 s", fakeFile{whole: 9, busy: true}, func(b *bench) {
			b.write(1)
			b.until(9 * s)
			b.f.busy = false
		}, []time.Duration{10 * s}},
		{"whole without an event", fakeFile{whole: 9}, func(b *bench) {
			b.write(1)
			b.until(1 * s)
			b.f.whole, b.f.mtime = 1, 7
		}, []time.Duration{4 * s}},
		{"wanted quiet, only gets younger", fakeFile{whole: 1, quiet: 2 * s}, func(b *bench) {
			b.write(1)
			for i := range 300 {
				b.until(time.Duration(i) * s)
				b.f.mtime = time.Now().UnixNano()
			}
		}, []time.Duration{2 * s}},
		{"wanted quiet, touched without end", fakeFile{whole: 1, quiet: 2 * s}, func(b *bench) {
			b.write(1)
			for i := range 62 {
				b.until(time.Duration(i) * s)
				b.touch()
			}
		}, []time.Duration{60 * s, 63 * s}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := c.file
				b := newBench(t, &f)
				c.do(b)
				b.until(10 * time.Minute)
				b.want(c.want...)
				if len(b.s.entries) != 0 || len(b.s.queue) != 0 {
					t.Errorf("%d entries are left", len(b.s.entries))
				}
			})
		})
	}
}

// TestCheckIsRareWhileAFileGrows copies 1 GB in 8,192 writes, 1 ms apart, with a check that takes 2 ms.
func TestCheckIsRareWhileAFileGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fakeFile{whole: 8192, took: 2 * ms}
		b := newBench(t, &f)
		for i := range 8192 {
			b.until(time.Duration(i) * ms)
			b.write(1)
		}
		end := time.Since(b.start)
		if spent := time.Duration(f.checks) * f.took; spent > checkBudget+end/(checkShare-2) {
			t.Errorf("%d checks took %v of %v", f.checks, spent, end)
		}
		b.until(time.Minute)
		if len(b.delivered) != 1 || b.delivered[0]-end > checkShare*f.took+2*f.took {
			t.Errorf("delivered at %v, %v after the start", b.delivered, end)
		}
	})
}

// TestFileThatOnlyGetsYoungerIsReadSeldom: on the mounts of some sync clients each reading of a file moves its times and puts off
// its upload.
func TestFileThatOnlyGetsYoungerIsReadSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fakeFile{whole: 9}
		b := newBench(t, &f)
		b.write(1)
		for i := range 60 {
			b.until(time.Duration(i) * s)
			b.f.mtime = time.Now().UnixNano()
		}
		if f.checks > 8 {
			t.Errorf("read %d times in a minute", f.checks)
		}
		b.f.whole = 1
		b.until(10 * time.Minute)
		if len(b.delivered) != 1 || b.delivered[0] > 63*s {
			t.Errorf("delivered at %v, want within two looks after it was whole", b.delivered)
		}
	})
}

// TestTouchedWithoutEndIsDeliveredSeldom touches a complete file every millisecond for ten minutes.
func TestTouchedWithoutEndIsDeliveredSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fakeFile{whole: 1}
		b := newBench(t, &f)
		b.write(1)
		for i := range 600_000 {
			b.until(time.Duration(i) * ms)
			b.touch()
		}
		if n := len(b.delivered); n < 600/8 || n > 600/8+12 {
			t.Errorf("delivered %d times in ten minutes", n)
		}
	})
}

func TestDroppedEntriesAreNotDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fakeFile{whole: 9}
		b := newBench(t, &f)
		b.write(1)
		b.until(s)
		b.write(1)
		j, ok := b.s.pop(time.Now())
		if !ok {
			t.Fatal("nothing is due")
		}
		b.s.drop(func(path string) bool { return path == "x" })
		if b.s.judge(j, observation{}, time.Now().Add(time.Hour)) {
			t.Error("delivered though it was dropped while it was looked at")
		}
		b.until(time.Minute)
		b.want()
	})
}

func TestJumped(t *testing.T) {
	for _, c := range []struct {
		wall, monotonic time.Duration
		want            bool
	}{{4 * s, 4 * s, false}, {time.Hour, 4 * s, true}, {-time.Hour, 4 * s, true}, {6 * s, 4 * s, false}, {9 * s, 9 * s, false}} {
		if got := jumped(c.wall, c.monotonic); got != c.want {
			t.Errorf("jumped(%v, %v) = %v", c.wall, c.monotonic, got)
		}
	}
}
