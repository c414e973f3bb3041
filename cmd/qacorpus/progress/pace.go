package progress

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// pace is how many files a second are done lately: the files that were up to
// date anyway, which fly by at first, are soon forgotten.
type pace struct {
	at   time.Time
	done int
	rate float64 // 0 while it is not known
}

const (
	// memory is how long it takes until a change of pace shows for two thirds.
	memory = 10 * time.Second
	// glance is the shortest time over which a pace is taken.
	glance = 500 * time.Millisecond
)

func (p *pace) start(now time.Time) { p.at = now }

// see takes the number of files that are done by now.
func (p *pace) see(now time.Time, done int) {
	took := now.Sub(p.at)
	if took < glance {
		return
	}
	lately := float64(done-p.done) / took.Seconds()
	p.at, p.done = now, done
	if p.rate == 0 {
		p.rate = lately
		return
	}
	p.rate += (lately - p.rate) * (1 - math.Exp(-took.Seconds()/memory.Seconds()))
}

func perSecond(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f/s", rate)
	}
	return fmt.Sprintf("%.0f/s", rate)
}

// left is a time for people: as exact as is of use.
func left(d time.Duration) string {
	seconds := int(math.Ceil(d.Seconds()))
	switch minutes := (seconds + 30) / 60; {
	case seconds < 100:
		return fmt.Sprintf("%d s", seconds)
	case minutes < 100:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 48*60:
		return fmt.Sprintf("%d h", (minutes+30)/60)
	}
	return "days"
}

// longest names the files that have been under way for long, the longest first.
func longest(busy map[string]time.Time, now time.Time) []string {
	var long []string
	for path, since := range busy {
		if now.Sub(since) >= slow {
			long = append(long, path)
		}
	}
	slices.SortFunc(long, func(x, y string) int {
		if c := busy[x].Compare(busy[y]); c != 0 {
			return c
		}
		return strings.Compare(x, y)
	})
	return long
}
