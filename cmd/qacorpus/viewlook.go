package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"qacorpus/extract"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/qa/problem"
)

// viewFile is what was found out about a question-answer file.
type viewFile struct {
	seen     string         // what it was like when it was looked at
	counts   bool           // whether it is one at all
	lost     bool           // whether it belongs to no paper
	pairs    map[string]int // by path of a PDF: how many of its pairs belong to it
	errors   int
	warnings int
	was      string // the form that it had before it was converted; "" where that is the same

	papers   []string          // for each pair the path of its paper; nil where there is only one
	supports []viewSupport     // for each pair
	problems []problem.Problem // of all
}

// viewSupport is a passage of a paper.
type viewSupport struct{ page, start, end int32 }

// look is the queue's work on one path.
func (v *view) look(ctx context.Context, path string) (time.Duration, error) {
	var err error
	switch name.Of(filepath.Base(path)) {
	case name.PDF:
		err = v.lookPDF(ctx, path)
	case name.QA:
		err = v.lookQA(ctx, path)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.unseen[path] {
		delete(v.unseen, path)
		v.change()
	}
	if ctx.Err() != nil {
		return 0, nil
	}
	if err != nil {
		v.log.Debug("not looked at, will be tried again", "path", path, "err", err)
	}
	return 0, err
}

// lookAgain asks for a look at files that are the same, but of which there may be
// something else to say.
func (v *view) lookAgain(paths []string) {
	v.mu.Lock()
	for _, path := range paths {
		v.again[path] = true
	}
	v.mu.Unlock()
	for _, path := range paths {
		v.queue.Add(path)
	}
}

// old tells whether there is nothing new to learn from a path that was like before and is like now. The caller holds v.mu.
func (v *view) old(path, before, now string) bool {
	forced := v.again[path]
	delete(v.again, path)
	return before == now && !forced
}

func (v *view) lookPDF(ctx context.Context, path string) error {
	_, shown := v.shown.FolderOf(path)
	info, err := os.Stat(path)
	if err != nil && errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		again := v.corpus.RemovePDF(path)
		v.mu.Lock()
		if v.papers[path] != nil {
			delete(v.papers, path)
			delete(v.paths, idOf(path))
			v.order = nil
			v.change()
		}
		v.mu.Unlock()
		v.lookAgain(again)
		return nil
	}
	id := identity(path)
	now := id + " " + identity(filepath.Join(filepath.Dir(path), name.Sidecar(filepath.Base(path))))
	v.mu.Lock()
	p := v.papers[path]
	old := p != nil && v.old(path, p.seen, now)
	v.mu.Unlock()
	if old {
		return nil
	}
	v.lookAgain(v.corpus.PutPDF(ctx, corpus.PDF{Path: path, ID: id}))
	if !shown {
		return nil
	}
	header, known, err := v.readHeader(ctx, path)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if p = v.papers[path]; p == nil {
		p = v.newPaper(path)
		v.papers[path] = p
	}
	p.seen, p.stamp, p.header, p.known = now, id, header, known
	v.change()
	p.version = v.version
	return nil
}

// readHeader tells what the preview of a PDF says or, where there is none of the
// PDF as it is, what one would say.
func (v *view) readHeader(ctx context.Context, path string) (h preview.Header, known bool, err error) {
	p := paper{path: path}
	p.readHeader()
	side := filepath.Join(filepath.Dir(path), name.Sidecar(filepath.Base(path)))
	if p.known && newerThan(side, path) {
		return p.header, true, nil
	}
	f, before, err := v.texts.open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return h, false, nil // the watcher tells of that too
	case err != nil:
		return preview.Header{Status: preview.Unreadable}, false, nil
	case f == nil && p.header.Status == preview.OnlineOnly:
		return p.header, true, nil
	case f == nil:
		return preview.Header{Status: preview.TooLarge}, false, nil
	}
	defer f.Close()
	folder, _ := v.wide.FolderOf(path)
	last := folder.Preview.Pages
	if last == 0 {
		last = -1
	}
	doc, err := v.pool.Extract(ctx, f, extract.Request{First: 1, Last: last, Passwords: folder.Preview.Passwords})
	if err != nil {
		return h, false, err
	}
	if after, err := f.Stat(); err != nil || !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
		return h, false, fmt.Errorf("read paper %q: %w", path, errChanging)
	}
	return preview.Header{Status: preview.Status(doc.Status), Pages: doc.Pages, Title: doc.Title, Author: doc.Author}, false, nil
}

func (v *view) lookQA(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		again := v.corpus.RemoveQA(path)
		v.mu.Lock()
		if f := v.files[path]; f != nil {
			delete(v.files, path)
			v.touch(f)
		}
		v.mu.Unlock()
		v.lookAgain(again)
		return nil
	}
	now := identity(path)
	v.mu.Lock()
	before := v.files[path]
	old := v.old(path, seenOf(before), now)
	v.mu.Unlock()
	if old {
		return nil
	}
	r, _, err := v.judge.read(path, false)
	if err != nil {
		return err
	}
	again := v.corpus.PutQA(ctx, path, r)
	found, err := v.corpus.Review(ctx, path, r)
	if err != nil {
		return err
	}
	next := &viewFile{seen: now, counts: r.Counts}
	if r.Counts {
		verdict := verdict{path: path, result: r, findings: found}
		next.pairs, next.lost = verdict.pairs()
		next.errors, next.warnings = verdict.problems()
		next.was = wasBefore(v.past, path, r.Shape)
		next.papers, next.problems = found.Papers, r.Problems
		for _, s := range found.Supports {
			next.supports = append(next.supports, viewSupport{int32(s.Page), int32(s.Start), int32(s.End)})
		}
	}
	v.mu.Lock()
	v.files[path] = next
	if before != nil {
		v.touch(before)
	}
	v.touch(next)
	v.mu.Unlock()
	v.lookAgain(again)
	return nil
}

// touch notes a change of a file in its papers. The caller holds v.mu.
func (v *view) touch(f *viewFile) {
	if !f.counts {
		return
	}
	v.change()
	for pdf := range f.pairs {
		if p := v.papers[pdf]; p != nil {
			p.version = v.version
		}
	}
}

func seenOf(f *viewFile) string {
	if f == nil {
		return ""
	}
	return f.seen
}

// identity is short, of letters and digits, and changes when the file at path does;
// it is "0" where there is none.
func identity(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "0"
	}
	sum := sha256.Sum256(fmt.Append(nil, info.ModTime().UnixNano(), info.Size(), info.Mode()))
	return hex.EncodeToString(sum[:6])
}
