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
			o := observation{exists: b.f.there, stamp: stamp{size: b.f.size, mtime: b.f.mtime}}
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
