package sidecar

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"qacorpus/sidecar/name"
)

// sidecarPath returns the path of the sidecar of a source.
func sidecarPath(source string) string {
	return filepath.Join(filepath.Dir(source), name.Sidecar(filepath.Base(source)))
}

// gone handles a PDF that is not there any more: its preview goes too, if it is
// qacorpus's own and nobody edited it. An edited one follows the PDF to its new
// name where that is known.
func (p *look) gone() (Outcome, error) {
	p.r.lost.Delete(p.side)
	p.r.forgetDeparted()
	old, err := readExisting(p.side)
	if err != nil {
		return Outcome{}, err
	}
	if e, known := p.remembered(); known && old.state == absent && p.r.Grace > 0 {
		p.depart(e)
		return Outcome{}, nil
	}
	if wait := p.mayFollow(old); wait > 0 {
		return Outcome{Again: wait}, nil
	}
	var out Outcome
	switch old.state {
	case ours, newer:
		out.Changes = []Change{{Verb: "removed", Path: p.side, Old: old.data}}
		if !p.r.DryRun {
			err = p.r.Sidecars.Remove(p.side, old.version)
		}
	case edited:
		out, err = p.follow(old)
	case foreign:
		// Not ours to take away.
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Outcome{}, err
	}
	if p.cache != nil && !p.r.DryRun {
		p.cache.Delete(p.path)
	}
	return p.clearUp(out)
}

// strangerGrace is how long a preview may lie there before its PDF comes, when
// this machine never saw that PDF: a sync client brings small files first.
const strangerGrace = 10 * time.Minute

// mayFollow says how long the PDF may still follow its preview; 0 where it was
// here and is gone, and where nobody waits.
func (p *look) mayFollow(old existing) time.Duration {
	if _, known := p.remembered(); known || p.r.Grace == 0 || old.state == absent || p.movedAlong(old) {
		return 0
	}
	return max(0, strangerGrace-time.Since(time.Unix(0, max(old.version.CTime, old.version.MTime))))
}

// follow moves an edited preview to beside the PDF that its own was renamed to,
// if that has no preview or one that nobody has touched.
func (p *look) follow(old existing) (Outcome, error) {
	left := Outcome{Note: "the PDF is gone; its preview was edited by hand and is left"}
	to, ok := p.r.renamed.Load(p.path)
	if !ok {
		return left, nil
	}
	target := sidecarPath(to.(string))
	there, err := readExisting(target)
	if err != nil {
		return Outcome{}, err
	}
	if _, err := os.Lstat(to.(string)); err != nil || there.state != absent && there.state != ours {
		return left, nil
	}
	out := Outcome{Changes: []Change{{Verb: "moved", Path: target, From: p.side}}}
	if p.r.DryRun {
		return out, nil
	}
	p.r.renamed.Delete(p.path)
	if there.state == ours {
		if err := p.r.Sidecars.Remove(target, there.version); err != nil {
			return Outcome{}, err
		}
	}
	return out, p.r.Sidecars.Move(p.side, target)
}

// mostCopies bounds what each of many PDFs of the same bytes costs: without it, n
// copies take n*n looks at each other.
const mostCopies = 20

// noteCopies finds other PDFs with these bytes. One that is gone, while this one
// was not there before, has been renamed to it.
func (p *look) noteCopies() {
	if p.cache == nil {
		return
	}
	_, known := p.cache.Get(p.path)
	for _, other := range p.cache.SameBytes(p.sha, mostCopies) {
		if other == p.path || name.Of(filepath.Base(other)) != name.PDF {
			continue
		}
		switch _, err := os.Lstat(other); {
		case err == nil:
			p.sameAs = append(p.sameAs, other)
		case errors.Is(err, fs.ErrNotExist) && !known:
			p.renamed = append(p.renamed, other)
			p.r.renamed.Store(other, p.path)
		}
	}
}
