package watcher

// The settler decides when a touched path is checked and when it is delivered. It is pure: every method is told the time,
// and what the disk holds arrives as an observation.

import (
	"container/heap"
	"time"
)

const (
	// firstRetry is the pause before a busy file is asked about again, and the shortest pause between two checks of a file.
	firstRetry = time.Millisecond
	// checkShare bounds the time spent on checking one path that is written to all the time to 1/checkShare.
	checkShare = 20
	// checkBudget is what checks of a path may take before checkShare counts: most files are complete before it is spent.
	checkBudget = 10 * time.Millisecond
	// firstCool is the pause after a delivery in which further touches are gathered; it doubles while they go on.
	firstCool = 10 * time.Millisecond
	// patience multiplies Options.Ceiling for a file that looks incomplete and is touched without end.
	patience = 10
	// unsureTwice is how often a path without a known folder is delivered as gone: on a polled mount nothing else tells of
	// what came and went between two looks.
	unsureTwice = 2
)

// settler holds all entries. It has no lock: its owner serialises calls.
type settler struct {
	quiet, ceiling, grace time.Duration
	entries               map[string]*entry // by path; only touch and judge write
	queue                 byDue             // the entries no asker has
}

func newSettler(o Options) *settler {
	return &settler{quiet: o.Quiet, ceiling: o.Ceiling, grace: o.DeleteGrace, entries: map[string]*entry{}}
}

// touch notes that something may have happened to path.
func (s *settler) touch(path string, now time.Time) {
	e := s.entries[path]
	if e == nil {
		e = &entry{path: path, due: now, first: now, touched: now, retry: firstRetry, cool: firstCool, news: true}
		s.entries[path] = e
		heap.Push(&s.queue, e)
		return
	}
	e.touched, e.news, e.retry = now, true, firstRetry
	if e.cooling {
		e.cooling, e.first = false, now
		e.cool = min(2*e.cool, s.quiet)
		return // due stays: the end of the cooling time
	}
	if e.position < 0 {
		return // judge sees news
	}
	due := later(later(now, e.asked.Add(e.pause)), e.cooled)
	if e.known && e.said.Complete && !e.said.Busy && e.said.Quiet > 0 {
		e.due = now.Add(e.said.Quiet)
		if at := e.first.Add(s.ceiling); e.due.After(at) {
			e.due = later(at, due)
		}
		heap.Fix(&s.queue, e.position)
	} else if due.Before(e.due) {
		e.due = due
		heap.Fix(&s.queue, e.position)
	}
}

// pop hands out an entry that is due. The caller observes it and calls judge.
func (s *settler) pop(now time.Time) (job, bool) {
	for len(s.queue) > 0 && !s.queue[0].due.After(now) {
		e := heap.Pop(&s.queue).(*entry)
		if e.cooling {
			delete(s.entries, e.path)
			continue
		}
		j := job{entry: e, path: e.path, stamp: e.stamp, news: e.news, force: !e.known || e.news || e.said.Busy, judged: e.judged}
		// On the mounts of some sync clients each reading of a file moves its times and puts off its upload.
		j.spare = !e.judgedAt.IsZero() && !e.news && !e.said.Complete && now.Before(e.judgedAt.Add(s.quiet))
		e.position, e.news = -1, false
		return j, true
	}
	return job{}, false
}

// next tells when the next entry is due.
func (s *settler) next() (time.Time, bool) {
	if len(s.queue) == 0 {
		return time.Time{}, false
	}
	return s.queue[0].due, true
}

// judge takes what an asker saw of the path of j and tells whether to deliver it. The entry is queued again unless it
// is finished with.
func (s *settler) judge(j job, o observation, now time.Time) (deliver bool) {
	e := j.entry
	e.asked = now
	e.pause = firstRetry
	if e.spent += o.took; e.spent > checkBudget {
		e.pause = max(firstRetry, checkShare*o.took)
	}
	if !o.asked && o.exists {
		e.pause = 0 // nothing expensive was done: the next touch may check at once
	}
	if e.dropped {
		return false
	}
	if o.hidden {
		delete(s.entries, e.path)
		return false
	}
	var due time.Time
	if !o.exists {
		deliver, due = s.judgeGone(e, now)
		if deliver && o.homeless && e.unsure >= unsureTwice && !o.lagging && o.moves == e.moves {
			delete(s.entries, e.path) // nothing can have come there and gone since it was delivered
			return false
		}
	} else {
		e.learn(j, o, now)
		deliver, due = s.judgeFile(e, now)
	}
	if deliver {
		// Whoever looks at a homeless path once it was delivered may find what the tree never saw, because its folder came
		// and went too quickly. So the path is delivered again until it has a home, or was gone twice and no folder on the
		// way to it moved since.
		if o.homeless {
			e.news = true
		}
		if e.unsure, e.moves = e.unsure+1, o.moves; !o.homeless || o.exists {
			e.unsure = 0
		}
		s.settled(e, now)
		return true
	}
	if e.news {
		due = earlier(due, now.Add(e.pause))
	}
	e.due = later(due, e.cooled)
	heap.Push(&s.queue, e)
	return false
}

// drop takes out all entries whose path is chosen.
func (s *settler) drop(chosen func(path string) bool) {
	for path, e := range s.entries {
		if !chosen(path) {
			continue
		}
		delete(s.entries, path)
		if e.position >= 0 {
			heap.Remove(&s.queue, e.position)
		}
		e.dropped = true
	}
}

// judgeGone does the same for a path that is not there.
func (s *settler) judgeGone(e *entry, now time.Time) (bool, time.Time) {
	if e.gone.IsZero() {
		e.gone, e.known, e.stamp = now, false, stamp{}
	}
	due := e.gone.Add(s.grace)
	return !now.Before(due), due
}

// learn puts what an asker saw of an existing file into its entry.
func (e *entry) learn(j job, o observation, now time.Time) {
	e.gone = time.Time{}
	if o.stamp != e.stamp {
		if j.news || !e.said.Complete || !o.stamp.sameContent(e.stamp) { // else it only gets younger, without anybody writing
			e.changed = now
		}
		if j.news {
			e.changed = e.touched // its event told when
		}
		if o.stamp.size != e.stamp.size || o.stamp.blocks != e.stamp.blocks {
			e.grown = now
		}
		e.known = false
	}
	e.stamp = o.stamp
	switch {
	case o.asked:
		e.said, e.known, e.judged, e.judgedAt = o.said, true, o.stamp, now
	case o.stamp.size == 0:
		e.said, e.known = Verdict{}, true
	}
}

// judgeFile tells whether to deliver an existing file, else when to look at it again.
func (s *settler) judgeFile(e *entry, now time.Time) (deliver bool, due time.Time) {
	last := later(e.touched, e.changed)
	ceiling := s.ceiling
	if !e.said.Complete {
		ceiling *= patience
	}
	still := !now.Before(e.grown.Add(min(s.quiet, s.ceiling)))
	limit := e.first.Add(ceiling)
	if still && !now.Before(limit) {
		return true, now
	}
	due = s.ready(e, last, now)
	if !e.said.Busy && !due.After(now) {
		return true, now
	}
	if !e.said.Complete {
		// Writes through a memory map and on polled mounts send no event: look whether the file grew.
		if !due.After(now) {
			return true, now
		}
		due = earlier(due, now.Add(s.quiet/4))
	}
	if limit.After(now) {
		due = earlier(due, limit)
	}
	return false, due
}

// ready tells when e may be delivered if nothing more happens to it, or asked again if it is complete but busy.
func (s *settler) ready(e *entry, last, now time.Time) time.Time {
	switch {
	case e.said.Complete && e.said.Busy:
		due := now.Add(e.retry)
		e.retry = min(2*e.retry, s.quiet)
		return due
	case e.said.Complete:
		return last.Add(e.said.Quiet)
	case e.said.Busy:
		return last.Add(max(s.quiet, s.ceiling))
	default:
		return last.Add(s.quiet)
	}
}

// settled keeps a delivered entry for a moment, so that a path touched all the time is not delivered all the time.
func (s *settler) settled(e *entry, now time.Time) {
	e.first, e.retry, e.spent = now, firstRetry, 0
	e.gone = time.Time{}
	e.cooling = !e.news
	e.cooled = now.Add(e.cool)
	e.due = e.cooled
	if e.news {
		e.cool = min(2*e.cool, s.quiet)
	}
	heap.Push(&s.queue, e)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
