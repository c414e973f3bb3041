package main

import (
	"context"
	"encoding/hex"
	"path/filepath"

	"qacorpus/sidecar"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/qa"
	"qacorpus/watcher"
)

// knowCorpus lets the reconciler ask about the papers and the other QA files of
// a file, and look again at files for which the answer has changed.
func (e *engine) knowCorpus() {
	o := corpus.Options{SameFile: sameFile}
	for _, f := range e.config.Folders {
		o.Roots = append(o.Roots, f.Path)
	}
	texts := newPaperTexts(e.config, e.pool)
	texts.readOnly = e.rec.DryRun
	o.Texts, o.Head = texts, texts.head
	e.corpus = corpus.New(o)
	e.rec.NamedAfterPDF = func(path string) bool {
		e.names.Do(e.learnNames)
		return e.corpus.NamedAfterPDF(path)
	}
	e.rec.Met = func(ctx context.Context, path string, r *qa.Result) {
		for _, other := range e.corpus.PutQA(ctx, path, r) {
			e.queue.Add(other)
		}
	}
	e.rec.Review = func(ctx context.Context, path string, r *qa.Result) {
		if _, err := e.corpus.Review(ctx, path, r); err != nil && ctx.Err() == nil {
			e.log.Debug("paper not compared", "path", path, "err", err)
		}
	}
}

// learnNames tells the corpus which PDFs there are, once the first file turns up
// that may hold pairs: no such file is told at first that it has no PDF, and a
// folder without any costs no memory.
func (e *engine) learnNames() {
	o := e.walks()
	o.Key = func(path string) (string, bool) {
		return path, name.Of(filepath.Base(path)) == name.PDF && !e.ignored(path)
	}
	e.learnt.Store(true)
	ctx := context.Background() // names alone are quick
	for _, f := range e.config.Folders {
		err := watcher.Walk(ctx, f.Path, o, func(path string) error {
			e.corpus.PutPDF(ctx, corpus.PDF{Path: path})
			return nil
		})
		if err != nil {
			e.log.Debug("some names are not known yet", "path", f.Path, "err", err)
		}
	}
}

// tellCorpus tells of a source that was looked at, and has those QA files looked
// at again for which that makes a difference.
func (e *engine) tellCorpus(ctx context.Context, path string, out sidecar.Outcome) {
	if !e.learnt.Load() {
		return
	}
	var again []string
	exists := out.Status != "" || out.SHA256 != [32]byte{}
	switch kind := name.Of(filepath.Base(path)); {
	case kind == name.PDF && exists:
		again = e.corpus.PutPDF(ctx, corpus.PDF{Path: path, ID: hex.EncodeToString(out.SHA256[:8])})
	case kind == name.PDF:
		again = e.corpus.RemovePDF(path)
	case kind == name.QA && !exists:
		again = e.corpus.RemoveQA(path)
	}
	for _, other := range again {
		e.queue.Add(other)
	}
}
