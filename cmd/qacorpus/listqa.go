package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"qacorpus/extract"
	"qacorpus/install/config"
	"qacorpus/sidecar"
	"qacorpus/sidecar/corpus"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// addQA adds to the rows what the question-answer files of their PDFs hold. It
// returns the files that belong to no PDF at all.
func (a *app) addQA(ctx context.Context, c *config.Config, all []paper, rows []row, read bool) (lost []string, err error) {
	wide, err := a.around(c)
	if err != nil {
		return nil, err
	}
	pdfs, qas, err := survey(ctx, wide, nil)
	if ctx.Err() != nil {
		return nil, err // else it is about folders that list has told of
	}
	o := corpus.Options{SameFile: sameFile, Head: func(_ context.Context, path string) (string, string) {
		title, first, _ := previewHead(path)
		return title, first
	}}
	for _, f := range wide.Folders {
		o.Roots = append(o.Roots, f.Path)
	}
	kept := keptTexts(wide)
	o.Texts = cachedTexts{kept, shaOf(all)}
	if read {
		x := c.Extract
		pool, perr := extract.New(extract.Options{
			Workers: x.Workers, Timeout: x.Timeout, Memory: x.Memory, Sandbox: x.Sandbox, OCR: x.OCR, Log: a.logger(c),
		})
		if perr != nil {
			return nil, perr
		}
		defer func() {
			if cerr := pool.Close(); err == nil {
				err = cerr
			}
		}()
		t := newPaperTexts(wide, pool)
		o.Texts, o.Head = t, t.head
	}
	k := corpus.New(o)
	for _, p := range pdfs {
		k.PutPDF(ctx, corpus.PDF{Path: p.path})
	}
	t := tallyQA{corpus: k, at: map[string]int{}, rows: rows, history: keptHistory(wide)}
	for i, p := range all {
		t.at[p.path] = i
	}
	j := newJudge(wide, k)
	named := func(string) bool { return false }
	if err := j.meet(ctx, qas, named); err != nil {
		return nil, err
	}
	if err := j.judge(ctx, qas, named, t.add); err != nil {
		return nil, err
	}
	t.finish(all)
	return t.lost, nil
}

// around is the configuration for the folders of c and, where one of them is or
// lies in a watched one, for all watched folders: a PDF's question-answer files
// may lie in any of them.
func (a *app) around(c *config.Config) (*config.Config, error) {
	own, err := a.load(nil)
	if err != nil {
		return nil, err
	}
	t := &targets{config: own}
	for _, f := range c.Folders {
		t.around(target{path: f.Path, folder: true})
	}
	t.roots = slices.DeleteFunc(t.roots, func(path string) bool { _, err := os.Stat(path); return err != nil })
	if len(t.roots) == 0 {
		return c, nil
	}
	return a.load(t.roots)
}

func shaOf(all []paper) map[string]string {
	sha := make(map[string]string, len(all))
	for _, p := range all {
		sha[p.path] = p.header.SHA256
	}
	return sha
}

// tallyQA adds verdicts to rows.
type tallyQA struct {
	corpus  *corpus.Corpus
	at      map[string]int // index of a PDF's row, by path
	rows    []row
	history *history.Store
	lost    []string
}

// add takes the verdict about one file. What is wrong with a collection is wrong
// for each of its papers.
func (t *tallyQA) add(v verdict) error {
	if v.err != nil || !v.result.Counts {
		return nil
	}
	pairs, lost := v.pairs()
	if lost {
		t.lost = append(t.lost, v.path)
		return nil
	}
	q := qaRow{jsonName: jsonNameOf(v.path), Form: v.result.Shape, Was: wasBefore(t.history, v.path, v.result.Shape)}
	q.Errors, q.Warnings = v.problems()
	for pdf, n := range pairs {
		i, ok := t.at[pdf]
		if !ok {
			continue
		}
		r := &t.rows[i]
		q.Pairs = n
		r.QA = append(r.QA, q)
		r.Pairs += n
		r.Errors += q.Errors
		r.Warnings += q.Warnings
	}
	return nil
}

// pairs counts the file's pairs for each PDF that they belong to, "" for none; lost
// says that there is none at all.
func (v *verdict) pairs() (count map[string]int, lost bool) {
	count = map[string]int{}
	if f := v.findings; f.Papers == nil {
		count[f.PDF] = len(v.result.Pairs)
	} else {
		for _, pdf := range f.Papers {
			count[pdf]++
		}
	}
	_, lost = count[""]
	return count, lost && len(count) == 1
}

func (v *verdict) problems() (errors, warnings int) {
	for _, p := range v.result.Problems {
		switch p.Severity {
		case problem.Error:
			errors++
		case problem.Warning:
			warnings++
		}
	}
	return errors, warnings
}

// wasBefore tells what form the file had when it was first seen, "" where that is
// the form it has. past may be nil.
func wasBefore(past *history.Store, path, form string) string {
	if past == nil {
		return ""
	}
	kept, err := past.List(sidecar.HistoryPath(path))
	if err != nil || len(kept) == 0 {
		return ""
	}
	data, err := past.Get(kept[0].SHA256)
	if err != nil {
		return ""
	}
	r := qa.Normalise(data, qa.Options{Name: filepath.Base(path), Asked: true})
	if r.Shape == form {
		return ""
	}
	return r.Shape
}

// finish adds what is known of a PDF once all its files were judged.
func (t *tallyQA) finish(all []paper) {
	for i, p := range all {
		if c := t.corpus.Coverage(p.path); c.Pages > 0 {
			t.rows[i].Asked, t.rows[i].NotAsked = &c.Covered, c.Uncovered
		}
	}
}
