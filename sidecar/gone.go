package sidecar

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
)

// sidecarPath returns the path of the sidecar of a source.
func sidecarPath(source string) string {
	return filepath.Join(filepath.Dir(source), name.Sidecar(filepath.Base(source)))
}

// gone handles a PDF that is not there any more: its preview goes too, if it is
// qacorpus's own and nobody edited it. An edited one follows the PDF to its new
// name where that is known.
func (p *look) gone() (Outcome, error) {
	old, err := readExisting(p.side)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	switch old.state {
	case ours:
		out.Changes = []Change{{Verb: "removed", Path: p.side, Old: old.data}}
		if !p.r.DryRun {
			err = p.r.Files.Remove(p.side, old.version)
		}
	case edited:
		out, err = p.follow(old)
	case newer, foreign:
		// Not ours to take away.
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Outcome{}, err
	}
	if p.cache != nil && !p.r.DryRun {
		p.cache.Delete(p.path)
	}
	return out, nil
}

// follow moves an edited preview to beside the PDF that was renamed: one of the
// same bytes without a preview, or with one that nobody has touched.
func (p *look) follow(old existing) (Outcome, error) {
	note := "the PDF is gone; its preview was edited by hand and is left"
	if p.cache == nil {
		return Outcome{Note: note}, nil
	}
	e, ok := p.cache.Get(p.path)
	if !ok {
		return Outcome{Note: note}, nil
	}
	for _, other := range p.cache.SameBytes(e.SHA) {
		if _, err := os.Lstat(other); other == p.path || err != nil {
			continue
		}
		there, err := readExisting(sidecarPath(other))
		if err != nil || there.state != absent && (there.state != ours || there.header.Status != preview.OK) {
			continue
		}
		target := sidecarPath(other)
		out := Outcome{Changes: []Change{{Verb: "moved", Path: target, From: p.side}}}
		if p.r.DryRun {
			return out, nil
		}
		if there.state == ours {
			if err := p.r.Files.Remove(target, there.version); err != nil {
				return Outcome{}, err
			}
		}
		return out, p.r.Files.Move(p.side, target)
	}
	return Outcome{Note: note}, nil
}
