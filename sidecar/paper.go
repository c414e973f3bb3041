package sidecar

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"qacorpus/sidecar/cache"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/safefile"
)

// hash tells settings apart that could lead to another preview.
func (s Settings) hash() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %t %t %d %q %s %q", preview.Format, s.Pages, s.Expand, s.Fetch, s.MaxSize, s.Passwords, preview.MuPDF, s.Reader)
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// render returns the preview that should stand beside the PDF. Where the PDF
// cannot be read now but perhaps later, it returns both a preview that says so
// and the error; a nil preview means that nothing can be said.
func (p *look) render(ctx context.Context, old existing) ([]byte, error) {
	plain := preview.Preview{Source: filepath.Base(p.path)}
	if p.info != nil && onlineOnly(p.info) && !p.settings.Fetch {
		plain.Status = preview.OnlineOnly
		return preview.Render(plain), nil
	}
	f, err := openPDF(p.path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		plain.Status = preview.Unreadable
		return preview.Render(plain), err
	case errors.Is(err, fs.ErrNotExist):
		return nil, errMoving
	case err != nil:
		return nil, err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !sameFile(before, p.info) {
		return nil, errMoving
	}
	if p.sha, err = hashFile(ctx, f); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		plain.Status = preview.Unreadable
		return preview.Render(plain), err // which names the path
	}
	want, err := p.text(ctx, f, old)
	if err != nil {
		return nil, err
	}
	if err := p.unmoved(ctx, f); err != nil {
		return nil, err
	}
	// The path may lead to another file by now; then the next look is for that.
	if now, err := os.Stat(p.path); err != nil || !sameFile(now, before) {
		return nil, errMoving
	}
	return want, nil
}

// unmoved returns errMoving if f does not hold the bytes any more that were hashed. Times that moved are no proof of that: on the
// mounts of some sync clients each reading moves them until the file is uploaded.
func (p *look) unmoved(ctx context.Context, f *os.File) error {
	after, err := f.Stat()
	if err != nil || cache.StatOf(after) == cache.StatOf(p.info) {
		return err
	}
	if !sameFile(after, p.info) {
		return errMoving
	}
	if sum, err := hashFile(ctx, f); err != nil || sum != p.sha {
		return errMoving
	}
	return nil
}

// sameFile reports whether two looks were at one file of one size, at whatever time. Where files have no number, only times tell one
// from another.
func sameFile(a, b fs.FileInfo) bool {
	x, y := cache.StatOf(a), cache.StatOf(b)
	return x == y || x.Ino != 0 && x.Ino == y.Ino && x.Size == y.Size
}

// text renders the preview of the open PDF, from what already exists where that
// is as good as reading it again.
func (p *look) text(ctx context.Context, f *os.File, old existing) ([]byte, error) {
	sha, base := hex.EncodeToString(p.sha[:]), filepath.Base(p.path)
	p.noteCopies()
	if p.settings.MaxSize > 0 && p.info.Size() > p.settings.MaxSize {
		return preview.Render(preview.Preview{Source: base, SHA256: sha, Status: preview.TooLarge}), nil
	}
	if old.state == ours && old.header.SHA256 == sha && old.header.MuPDF == preview.MuPDF && p.covers(old.header) {
		return preview.WithSource(old.data, base)
	}
	if old.state == edited || old.state == foreign || old.state == newer && old.header.SHA256 == sha {
		// Whatever the PDF holds, this stays; do not read for nothing.
		return preview.Render(preview.Preview{Source: base, SHA256: sha, Status: old.status()}), nil
	}
	for _, other := range slices.Concat(p.sameAs, p.renamed) {
		if data := p.copyOf(other); data != nil {
			return preview.WithSource(data, base)
		}
	}
	key := sha + string(binary.LittleEndian.AppendUint64(nil, p.options))
	found, err, _ := p.r.flight.Do(key, func() (any, error) {
		doc, err := p.r.Extractor.Extract(ctx, f, p.settings.Pages, p.settings.Passwords)
		if err != nil {
			return doc, err
		}
		// What others get too must be of the bytes that were hashed.
		return doc, p.unmoved(ctx, f)
	})
	if err != nil {
		return nil, err
	}
	doc := found.(preview.Preview)
	doc.Source, doc.SHA256 = base, sha
	if p.settings.Expand {
		doc.Texts = preview.ExpandLigatures(doc.Texts)
	}
	return preview.Render(doc), nil
}

// covers reports whether reading the PDF again could not give more than the
// intact preview h of the same bytes already says.
func (p *look) covers(h preview.Header) bool {
	switch h.Status {
	case preview.OK:
		wanted := h.Pages
		if p.settings.Pages > 0 {
			wanted = min(wanted, p.settings.Pages)
		}
		return h.Last-h.First+1 >= wanted
	case preview.Damaged, preview.NotAPDF:
		return true
	}
	return false // other options, a faster or a better equipped machine may find more
}

// copyOf returns the preview beside other, a PDF of the same bytes, if this
// program wrote it with the same options; else nil. What a neighbour merely has
// lying there must not show.
func (p *look) copyOf(other string) []byte {
	e, ok := p.cache.Get(other)
	if !ok || e.SHA != p.sha || e.Options != p.options || e.Written == ([32]byte{}) {
		return nil
	}
	data, _, err := safefile.Read(sidecarPath(other), maxPreview)
	if err != nil || sum(data) != e.Written {
		return nil
	}
	if h, err := preview.Parse(data); err != nil || h.Status == preview.TimedOut || h.Status == preview.Crashed || h.Status == preview.TooLarge {
		return nil // these may go better another time
	}
	return data
}

// status returns what the existing preview says, for the record; "" where it
// says nothing that qacorpus knows.
func (e existing) status() preview.Status { return e.header.Status }

// hashBuffer is how many bytes of a PDF are hashed at once.
const hashBuffer = 128 << 10

// hashBuffers are used again and again: a fresh one costs a page fault every 4 KiB.
var hashBuffers = sync.Pool{New: func() any { return new([hashBuffer]byte) }}

// hashFile returns the SHA-256 of all of f, which is then at its start again.
func hashFile(ctx context.Context, f *os.File) (sum [32]byte, err error) {
	h := sha256.New()
	kept := hashBuffers.Get().(*[hashBuffer]byte)
	defer hashBuffers.Put(kept)
	buf := kept[:]
	for off := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		n, err := f.ReadAt(buf, off)
		h.Write(buf[:n])
		off += int64(n)
		if errors.Is(err, io.EOF) {
			h.Sum(sum[:0])
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
	}
}
