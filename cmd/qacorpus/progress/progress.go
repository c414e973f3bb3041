// Package progress shows on a terminal how far a pass over many files is, and
// never tears the lines that are logged meanwhile.
//
// # Design notes
//
// Nothing is drawn during the first moments: most passes are over by then. What
// is drawn is taken from this package's own counts at each redraw; the library
// below (mpb) only keeps the lines in their place. Its callbacks take the lock
// mu, so nothing of the library is called while that is held.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"qacorpus/cmd/qacorpus/cell"
)

const (
	patience = 300 * time.Millisecond // before anything is drawn
	slow     = 2 * time.Second        // after which a file is named
	named    = 3                      // how many files are named at most
	barWidth = 40
)

// Bar counts files and draws how far their number is done. A nil Bar counts and
// draws nothing, and drops what is written to it.
type Bar struct {
	out  *os.File
	show func(path string) string

	writing sync.Mutex    // guards the next three; held while something is written
	drawn   *mpb.Progress // nil before the first drawing and after the end
	line    *mpb.Bar
	ended   bool

	later *time.Timer // begins the drawing

	mu   sync.Mutex           // guards the rest
	busy map[string]time.Time // files under way, and since when
	done map[string]bool      // files that were ended
	all  int                  // files found so far
	more bool                 // whether there may be more
	pace pace
}

// New makes a bar that is drawn on out, a terminal, from a moment later on.
// show makes a path fit for a line of it.
func New(out *os.File, show func(path string) string) *Bar {
	b := &Bar{out: out, show: show, busy: map[string]time.Time{}, done: map[string]bool{}, more: true}
	b.pace.start(time.Now())
	b.later = time.AfterFunc(patience, b.draw)
	return b
}

// draw begins to draw.
func (b *Bar) draw() {
	b.writing.Lock()
	defer b.writing.Unlock()
	if b.ended {
		return
	}
	w := cupwriter.New(leftmost{b.out}, false)
	w.SetTermFd(int(b.out.Fd()))
	b.drawn = mpb.New(mpb.WithConsoleWriter(w))
	extra := make([]mpb.BarFiller, named)
	for i := range extra {
		extra[i] = mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
			return line(w, b.slow(i, s.AvailableWidth-1, time.Now()))
		})
	}
	inner := mpb.BarStyle().Build()
	main := mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
		before, after, total, current := b.words(time.Now())
		s.Total, s.Current = total, current
		s.AvailableWidth--
		return fill(w, inner, s, before, after)
	})
	var err error
	b.line, err = b.drawn.Add(0, main, mpb.BarFillerTrim(), mpb.BarBtmExtender(extra...))
	if err != nil { // only after its end, which comes with ours
		b.drawn = nil
	}
}

// leftmost writes from the start of the line on: what a person types, as ^C, may
// have moved the cursor.
type leftmost struct{ out io.Writer }

func (l leftmost) Write(p []byte) (int, error) {
	n, err := l.out.Write(append([]byte{'\r'}, p...))
	return max(n-1, 0), err
}

// line writes s and its end, or nothing.
func line(w io.Writer, s string) error {
	if s == "" {
		return nil
	}
	_, err := io.WriteString(w, s+"\n")
	return err
}

// fill writes a line with a bar between before and after, where there is room.
func fill(w io.Writer, inner mpb.BarFiller, s decor.Statistics, before, after string) error {
	room := s.AvailableWidth - cell.Width(before) - cell.Width(after) - 2
	if room < 10 {
		_, err := io.WriteString(w, cell.Shorten(before+"  "+after, max(s.AvailableWidth, 1)))
		return err
	}
	if _, err := io.WriteString(w, before+" "); err != nil {
		return err
	}
	s.AvailableWidth = min(room, barWidth)
	if err := inner.Fill(w, s); err != nil {
		return err
	}
	_, err := io.WriteString(w, " "+after)
	return err
}

// Add counts a file that was found.
func (b *Bar) Add() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all++
}

// Found says that all files were found.
func (b *Bar) Found() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.more = false
}

// Begin says that work on a file begins.
func (b *Bar) Begin(path string) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.busy[path] = time.Now()
}

// End says that work on a file ended for now and, where done is set, for good.
func (b *Bar) End(path string, done bool) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.busy, path)
	if done {
		b.done[path] = true
	}
}

// Write writes whole lines above the bar.
func (b *Bar) Write(p []byte) (int, error) {
	if b == nil {
		return len(p), nil
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if b.drawn != nil {
		return b.drawn.Write(p)
	}
	return b.out.Write(p)
}

// Close takes the bar off the screen. What is written later goes straight there.
func (b *Bar) Close() {
	if b == nil {
		return
	}
	b.later.Stop()
	b.writing.Lock()
	defer b.writing.Unlock()
	b.ended = true
	if b.drawn != nil {
		b.line.Abort(true)
		b.drawn.Wait()
		b.drawn = nil
	}
}

// words are what stands before and behind the bar, and the bar's numbers.
func (b *Bar) words(now time.Time) (before, after string, total, current int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	done := min(len(b.done), b.all)
	b.pace.see(now, done)
	before = fmt.Sprintf("%d of %d files", done, b.all)
	if b.more {
		return before + ", still looking", "", 0, 0
	}
	var said []string
	if b.all > 0 {
		said = append(said, fmt.Sprintf("%d%%", done*100/b.all))
	}
	if rate := b.pace.rate; rate > 0 && done < b.all {
		said = append(said, perSecond(rate), left(time.Duration(float64(b.all-done)/rate*float64(time.Second)))+" left")
	}
	return before, strings.Join(said, "  "), int64(b.all), int64(done)
}

// slow is line i of those that name what takes long.
func (b *Bar) slow(i, width int, now time.Time) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	long := longest(b.busy, now)
	if i >= len(long) {
		return ""
	}
	path := long[i]
	head := fmt.Sprintf("  %s  ", left(now.Sub(b.busy[path])))
	tail := ""
	if more := len(long) - named; i == named-1 && more > 0 {
		tail = fmt.Sprintf(" and %d more", more)
	}
	room := width - cell.Width(head) - cell.Width(tail)
	if room < 8 {
		return ""
	}
	return head + cell.Shorten(b.show(path), room) + tail
}
