package progress

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"qacorpus/cmd/qacorpus/cell"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestPaceForgetsWhatFlewBy(t *testing.T) {
	p := pace{}
	p.start(epoch)
	now, done := epoch, 0
	pass := func(seconds int, rate float64) {
		for range seconds * 2 {
			now = now.Add(500 * time.Millisecond)
			done += int(rate / 2)
			p.see(now, done)
		}
	}
	pass(1, 1000)
	if p.rate != 1000 {
		t.Errorf("after a second the pace is %v", p.rate)
	}
	p.see(now.Add(time.Millisecond), done+500)
	if p.rate != 1000 {
		t.Errorf("a moment changes the pace to %v", p.rate)
	}
	pass(60, 10)
	if p.rate < 10 || p.rate > 20 {
		t.Errorf("a minute later the pace is %v, want about 10", p.rate)
	}
}

func TestLeft(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 s"},
		{time.Millisecond, "1 s"},
		{99 * time.Second, "99 s"},
		{100 * time.Second, "2 min"},
		{59 * time.Minute, "59 min"},
		{99 * time.Minute, "99 min"},
		{2 * time.Hour, "2 h"},
		{47*time.Hour + 31*time.Minute, "48 h"},
		{1e6 * time.Hour, "days"},
	} {
		if got := left(c.d); got != c.want {
			t.Errorf("left(%v) = %q, want %q", c.d, got, c.want)
		}
	}
}

// newTestBar draws nothing by itself.
func newTestBar() *Bar {
	b := New(nil, func(s string) string { return strings.ReplaceAll(s, "\n", `\n`) })
	b.later.Stop()
	b.pace.start(epoch)
	return b
}

func TestWords(t *testing.T) {
	b := newTestBar()
	say := func(now time.Time) string {
		before, after, _, _ := b.words(now)
		return before + "|" + after
	}
	for _, path := range []string{"a", "b", "c", "d"} {
		b.Add()
		b.Begin(path)
	}
	if got := say(epoch); got != "0 of 4 files, still looking|" {
		t.Error(got)
	}
	b.Found()
	b.End("a", true)
	b.End("b", false) // it is being written: looked at again later
	if got := say(epoch.Add(time.Second)); got != "1 of 4 files|25%  1.0/s  3 s left" {
		t.Error(got)
	}
	for _, path := range []string{"b", "c", "d"} {
		b.End(path, true)
	}
	if got := say(epoch.Add(time.Second)); got != "4 of 4 files|100%" {
		t.Error(got)
	}
	b.End("d", true) // a second look is none of another file
	if got := say(epoch.Add(time.Second)); got != "4 of 4 files|100%" {
		t.Error(got)
	}
}

func TestSlowFilesAreNamed(t *testing.T) {
	b := newTestBar()
	now := epoch.Add(10 * time.Second)
	for path, since := range map[string]time.Duration{
		"Fine-Tuning:\n__A_Benchmark_of_Everything.pdf": 10 * time.Second,
		"多语言适配器与低秩更新的综述以及更多.pdf":                        5 * time.Second,
		"quick.pdf":      time.Second,
		"d.pdf":          4 * time.Second,
		"not_named.pdf":  3 * time.Second,
		"not_named2.pdf": 2 * time.Second,
	} {
		b.busy[path] = now.Add(-since)
	}
	want := []string{
		`  10 s  Fine-Tuning:\…Everything.pdf`,
		"  5 s  多语言适配器与…述以及更多.pdf",
		"  4 s  d.pdf and 2 more",
	}
	for i, w := range want {
		got := b.slow(i, 36, now)
		if got != w || cell.Width(got) > 36 {
			t.Errorf("line %d is %q, want %q", i, got, w)
		}
	}
	if got := b.slow(0, 12, now); got != "" {
		t.Errorf("where there is no room: %q", got)
	}
	if got := newTestBar().slow(0, 80, now); got != "" {
		t.Errorf("where nothing is slow: %q", got)
	}
}

func TestLineFits(t *testing.T) {
	inner := mpb.BarStyle().Build()
	for width := 1; width < 120; width++ {
		var b bytes.Buffer
		if err := fill(&b, inner, decor.Statistics{AvailableWidth: width, Total: 10, Current: 3}, "3 of 10 files", "30%  4.0/s  2 s left"); err != nil {
			t.Fatal(err)
		}
		if got := cell.Width(b.String()); got > width {
			t.Errorf("at %d columns the line takes %d: %q", width, got, b.String())
		}
		if strings.Contains(b.String(), "[") != (width >= 45) {
			t.Errorf("at %d columns: %q", width, b.String())
		}
	}
}

func TestNothingIsShownWhereThereIsNoTerminal(t *testing.T) {
	var b *Bar
	b.Add()
	b.Found()
	b.Begin("a")
	b.End("a", true)
	b.Close()
	if n, err := io.WriteString(b, "line\n"); n != 5 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
