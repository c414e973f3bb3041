package watcher

// The surveyor looks at everything after lost events and from time to time, and at the mounts and the clocks.

import (
	"context"
	"time"
)

const (
	// round is the time between two checks of the roots, the mounts and the clocks, and between two calls of Options.Status. One
	// tick serves all, because what an idle process costs is its waking up.
	round = 4 * time.Second
	// lookShare bounds the share of a core that regular full looks take to 1/lookShare.
	lookShare = 3500
)

// lookAgain asks the surveyor for a full look at once.
func (t *tree) lookAgain(reason string) {
	select {
	case t.again <- reason:
	default:
	}
}

// survey runs until ctx ends.
func (t *tree) survey(ctx context.Context) error {
	l := &looker{tree: t}
	tick := time.NewTicker(round)
	defer tick.Stop()
	mounts := openMountTable()
	defer mounts.close()
	clock := time.Now()
	var relevant []string // mounts, when the table changed last
	nextFull, nextQuick := time.Now().Add(t.opt.Rescan), time.Now().Add(t.opt.Rescan)
	for {
		reason := ""
		select {
		case <-ctx.Done():
			return nil
		case reason = <-t.again:
		case <-tick.C:
			for _, r := range t.roots {
				t.glance(r)
			}
		}
		now := t.beat()
		if jumped(now.Round(0).Sub(clock.Round(0)), now.Sub(clock)) {
			reason = "the clock jumped, or the machine slept"
			t.checkAgain()
		}
		clock = now
		if lines, changed := mounts.changed(); changed {
			relevant = t.checkMounts(lines, relevant)
		}
		switch {
		case reason != "":
			t.hurryUp()
			t.opt.Log.Debug("looking at everything again", "reason", reason)
			fallthrough
		case now.After(nextFull):
			t.fullLook(ctx, l, false)
			took := time.Since(now)
			nextFull = time.Now().Add(max(t.opt.Rescan, lookShare*took))
			nextQuick = time.Now().Add(t.opt.Rescan)
			t.opt.Log.Debug("looked at everything", "took", took)
		case now.After(nextQuick):
			t.fullLook(ctx, l, true)
			nextQuick = time.Now().Add(max(t.opt.Rescan, lookShare*time.Since(now)))
		}
	}
}

// jumped tells whether two clocks disagree on how long a round took: the monotonic one stops while the machine sleeps.
func jumped(wall, monotonic time.Duration) bool { return (wall - monotonic).Abs() > 5*time.Second }

// beat has the event loop call Status, and returns the time.
func (t *tree) beat() time.Time {
	select {
	case t.pulse <- struct{}{}:
	default:
	}
	return time.Now()
}

// fullLook looks at every folder, save those whose mount has a poller; a quick one leaves out those whose own time stamp is that of the last look, in which
// no name came or went.
func (t *tree) fullLook(ctx context.Context, l *looker, quick bool) {
	t.mu.Lock()
	t.looks = true
	type known struct {
		f     *folder
		mtime int64
	}
	all := make([]known, 0, len(t.all))
	for _, f := range t.all {
		if f.mount != nil && f.mount.trusted {
			all = append(all, known{f, f.mtime})
		}
	}
	t.mu.Unlock()
	last := t.beat()
	for _, k := range all {
		if ctx.Err() != nil {
			break
		}
		if time.Since(last) > round {
			last = t.beat()
		}
		if quick && k.mtime != 0 && k.mtime == folderTime(k.f.path) {
			continue
		}
		t.raiseYoung(l.look(k.f)...)
	}
	t.mu.Lock()
	t.looks = false
	t.mu.Unlock()
}
