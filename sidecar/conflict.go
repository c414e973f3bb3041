package sidecar

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"qacorpus/sidecar/preview"
)

// A sync client that finds two different previews of one PDF, made by machines with different options, may put both aside as
// conflict copies and keep none in the preview's place. If each machine then made its own again, that would go on for ever. So
// the best of all is put there, which is the same everywhere.

// best returns the preview that should be written: want, or a conflict copy that says more about the same PDF.
func (p *look) best(want []byte) ([]byte, error) {
	if len(p.copies) == 0 {
		return want, nil
	}
	header, err := preview.Parse(want)
	if err != nil {
		return nil, fmt.Errorf("read back preview of %q: %w", p.path, err)
	}
	for _, path := range p.copies {
		c, err := readExisting(path)
		if err != nil {
			return nil, err
		}
		if h := c.header; c.state == ours && h.SHA256 == hex.EncodeToString(p.sha[:]) && h.Source == header.Source && h.Supersedes(header) {
			want, header = c.data, h
		}
	}
	return want, nil
}

// clearUp removes the conflict copies that nobody edited, once whoever made them is surely done with them: a client that is to
// copy one to other machines fails if it is gone.
func (p *look) clearUp(out Outcome) (Outcome, error) {
	for _, path := range p.copies {
		c, err := readExisting(path)
		if err != nil {
			return out, err
		}
		if c.state != ours {
			continue
		}
		if left := strangerGrace - time.Since(time.Unix(0, max(c.version.CTime, c.version.MTime))); left > 0 {
			if p.r.Grace > 0 {
				out.Later = max(out.Later, left)
			}
			continue
		}
		if !p.r.DryRun {
			if err := p.r.Sidecars.Remove(path, c.version); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return out, err
			}
		}
		out.Changes = append(out.Changes, Change{Verb: "removed", Path: path, Old: c.data})
	}
	return out, nil
}
