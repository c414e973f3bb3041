package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/cmd/qacorpus/page"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
)

// errNoPaper says that an address names no paper of the table.
var errNoPaper = fmt.Errorf("find paper: %w", fs.ErrNotExist)

// Paper returns one paper with the texts of at most count pages from first on.
func (v *view) Paper(ctx context.Context, id string, first, count int) (page.Paper, error) {
	rows, _ := v.Papers()
	i := slices.IndexFunc(rows, func(r page.Row) bool { return r.ID == id })
	if i < 0 {
		return page.Paper{}, errNoPaper
	}
	v.mu.Lock()
	path := v.paths[id]
	p := v.papers[path]
	if p == nil {
		v.mu.Unlock()
		return page.Paper{}, errNoPaper
	}
	header, known := p.header, p.known
	files := map[string]*viewFile{}
	for file, f := range v.files {
		if _, ok := f.pairs[path]; ok {
			files[file] = f // not written to once it is there
		}
	}
	v.mu.Unlock()
	out := page.Paper{Row: rows[i], Author: header.Author, Preview: known, First: 1, Uncovered: v.corpus.Coverage(path).Uncovered}
	if header.Status != preview.OK && header.Status != "" {
		out.What, out.Hint, _ = strings.Cut(header.Status.Explain(header.Pages), "\n\n")
	}
	texts, err := v.allTexts(ctx, path, header, known)
	switch {
	case ctx.Err() != nil:
		return page.Paper{}, ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		return page.Paper{}, errNoPaper
	case err != nil:
		return page.Paper{}, err
	}
	out.Length = len(texts)
	if first <= len(texts) {
		out.First = first
	}
	out.Texts = texts[out.First-1 : min(len(texts), out.First-1+count)]
	for _, file := range slices.Sorted(maps.Keys(files)) {
		out.Questions = append(out.Questions, v.questions(path, file, files[file]))
	}
	return out, nil
}

// allTexts returns the text of all pages: from the state folder where that has it,
// the PDF's hash taken from its preview.
func (v *view) allTexts(ctx context.Context, path string, h preview.Header, known bool) ([]string, error) {
	if h.Status != preview.OK && h.Status != preview.NoText {
		return nil, nil
	}
	if known {
		kept := cachedTexts{v.texts.kept, map[string]string{path: h.SHA256}}
		if pages, _ := kept.Pages(ctx, path); pages != nil {
			return pages, nil
		}
	}
	return v.texts.Pages(ctx, path)
}

// maxPairs bounds the pairs of one file that a paper's page shows.
const maxPairs = 500

// questions reads the pairs of a file that belong to the paper at pdf.
func (v *view) questions(pdf, path string, f *viewFile) page.File {
	out := page.File{Name: v.relative(path), Was: f.was, Reading: identity(path) != f.seen}
	r, _, err := v.judge.read(path, false)
	if err != nil {
		out.Reading = true // it went, or cannot be read just now
		return out
	}
	if !out.Reading && len(f.supports) != len(r.Pairs) {
		out.Reading = true
	}
	problems := f.problems
	if out.Reading {
		problems = nil
		v.queue.Add(path)
	}
	placed := make([]bool, len(problems))
	for i := range r.Pairs {
		if f.papers != nil && !out.Reading && f.papers[i] != pdf {
			markPlaced(placed, problems, r, i)
			continue
		}
		if out.Count++; out.Count > maxPairs {
			continue
		}
		pair := page.Pair{Question: r.Pairs[i].Question, Answer: r.Pairs[i].Answer, Context: r.Pairs[i].Context, Line: r.Line(i)}
		if !out.Reading {
			s := f.supports[i]
			pair.Page, pair.Start, pair.End = int(s.page), int(s.start), int(s.end)
		}
		for _, j := range markPlaced(placed, problems, r, i) {
			pair.Problems = append(pair.Problems, problemOf(problems[j]))
		}
		out.Pairs = append(out.Pairs, pair)
	}
	for j, p := range problems {
		if !placed[j] {
			out.Problems = append(out.Problems, problemOf(p))
		}
	}
	return out
}

// markPlaced finds the problems that are about the nth pair, and notes that they
// have a place.
func markPlaced(placed []bool, problems []problem.Problem, r *qa.Result, n int) []int {
	var own []int
	pointer, line := r.Pointer(n), r.Line(n)
	for j, p := range problems {
		if placed[j] || p.Line == 0 {
			continue
		}
		rest, ok := strings.CutPrefix(p.Pointer, pointer)
		if ok && pointer == "" {
			ok = p.Line == line // JSON Lines: every line is a value of its own
		} else {
			ok = ok && (rest == "" || rest[0] == '/')
		}
		if ok {
			placed[j] = true
			own = append(own, j)
		}
	}
	return own
}

func problemOf(p problem.Problem) page.Problem {
	out := page.Problem{Code: string(p.Code), Severity: p.Severity.String(), Line: p.Line, Column: p.Column, Message: p.Message, Hint: p.Hint}
	if p.Line > 0 && p.Excerpt != "" {
		line := []rune(p.Excerpt)
		at := min(max(p.Caret, 0), len(line))
		end := min(at+1, len(line))
		out.Before, out.At, out.Behind = string(line[:at]), string(line[at:end]), string(line[end:])
	}
	return out
}

// Picture draws the first page of a paper.
func (v *view) Picture(ctx context.Context, id string, width int) ([]byte, error) {
	v.mu.Lock()
	path, ok := v.paths[id]
	v.mu.Unlock()
	if !ok {
		return nil, errNoPaper
	}
	f, _, err := v.texts.open(path)
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", filepath.Base(path), cause(err))
	}
	if f == nil {
		return nil, fmt.Errorf("draw %s: %w", filepath.Base(path), fs.ErrNotExist)
	}
	defer f.Close()
	folder, _ := v.wide.FolderOf(path)
	return v.pool.Thumbnail(ctx, f, width, folder.Preview.Passwords)
}
