package sidecar

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"qacorpus/sidecar/cache"
)

// departed remembers PDFs that went at the same time as their previews, as it looked. A preview may turn up again: with the
// mount that was taken away, or elsewhere with its folder, which was renamed the moment after the PDF was deleted. If nothing
// were known of its PDF by then, it would be taken for one whose PDF is still to come.
type departed struct {
	mu   sync.Mutex  // guards list
	list []departure // the oldest first
}

type departure struct {
	path string
	at   time.Time
}

// mostDeparted bounds the memory that a big deletion takes.
const mostDeparted = 10000

func (d *departed) add(path string, now time.Time) {
	d.mu.Lock()
	d.list = append(d.list, departure{path, now})
	d.mu.Unlock()
}

// over takes out those that went as long ago as a stranger is waited for, or that are too many, and returns their paths.
func (d *departed) over(now time.Time) (paths []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.list) > 0 && (now.Sub(d.list[0].at) > strangerGrace || len(d.list) > mostDeparted) {
		paths = append(paths, d.list[0].path)
		d.list = d.list[1:]
	}
	return paths
}

// depart notes that the PDF is gone and its preview, too. e is what is remembered of them.
func (p *look) depart(e cache.Entry) {
	if e.Source == (cache.Stat{}) {
		return // noted before
	}
	e.Source = cache.Stat{}
	p.cache.Put(p.path, e)
	p.r.departed.add(p.path, time.Now())
}

// forgetDeparted drops what is remembered of PDFs that went long ago and stayed away.
func (r *Reconciler) forgetDeparted() {
	for _, path := range r.departed.over(time.Now()) {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			r.Cache(path).Delete(path)
		}
	}
}

// movedAlong reports whether the preview is the very file that stood beside another PDF, which this machine saw and which is
// gone: then it came here with its folder, and its PDF did not. What a sync client brings is another file.
func (p *look) movedAlong(old existing) bool {
	var sha [32]byte
	info, err := os.Lstat(p.side)
	if err != nil || p.cache == nil || len(old.header.SHA256) != hex.EncodedLen(len(sha)) {
		return false
	}
	if _, err := hex.Decode(sha[:], []byte(old.header.SHA256)); err != nil {
		return false
	}
	side := cache.StatOf(info)
	for _, other := range p.cache.SameBytes(sha, mostCopies) {
		if e, _ := p.cache.Get(other); side.Ino == 0 || e.Sidecar != side {
			continue
		}
		if _, err := os.Lstat(other); errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}
