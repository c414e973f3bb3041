package watcher

// When a poller looks next: how often depends on what happens, and on what looking costs.

import "time"

// pace is the clock of one poller.
type pace struct {
	fixed time.Duration // between two looks, if a person asked for it: then there are no glances
	pause time.Duration // between two looks at everything, as far as they are cheap

	ended, glanced time.Time     // end of the last look at everything, of the last look or glance
	took, cost     time.Duration // what the last look at everything took, and the last glance
}

// nextLook tells when everything is to be looked at again.
func (p *pace) nextLook() time.Time {
	if p.fixed > 0 {
		return p.ended.Add(max(p.fixed, p.took))
	}
	// Nothing happens, and a look is cheap: see what no folder's time stamp shows, too.
	pause := min(p.pause, max(glanceEvery, idleShare*p.took))
	return p.ended.Add(max(pause, pollShare*p.took))
}

// next tells when the poller is to look or to glance.
func (p *pace) next() time.Time {
	look := p.nextLook()
	if p.fixed > 0 {
		return look
	}
	return earlier(look, p.glanced.Add(max(glanceEvery, idleShare*p.cost)))
}

// passed notes that all folders were looked at, or glanced at, since start.
func (p *pace) passed(full, changed bool, start time.Time) {
	now := time.Now()
	p.glanced = now
	switch {
	case full:
		p.ended, p.took = now, now.Sub(start)
		p.pause = min(p.pause*3/2, pollLatest)
	case !changed:
		p.cost = now.Sub(start)
	}
	if changed {
		p.pause = pollSoonest
	}
}
