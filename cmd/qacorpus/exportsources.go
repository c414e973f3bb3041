package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/install/config"
	"qacorpus/sidecar/export"
	"qacorpus/sidecar/ground/across"
	"qacorpus/sidecar/ground/pairing"
	"qacorpus/sidecar/ground/similar"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/problem"
	"qacorpus/sidecar/safefile"
	"qacorpus/watcher"
)

// exportSources reads the QA files of the folders, in the order of their names.
func exportSources(ctx context.Context, c *config.Config) ([]export.Source, error) {
	e := &engine{config: c, leftovers: map[string]bool{}}
	var all []export.Source
	for _, folder := range c.Folders {
		err := watcher.Walk(ctx, folder.Path, e.walks(), func(path string) error {
			if name.Of(filepath.Base(path)) != name.QA {
				return nil
			}
			rel, err := filepath.Rel(folder.Path, path)
			if err != nil {
				return err
			}
			s, ok, err := exportSource(path, rel, folder)
			if ok {
				all = append(all, s)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(x, y export.Source) int { return strings.Compare(x.Path, y.Path) })
	return all, nil
}

// exportSource reads one file; ok is false where it is no QA file.
func exportSource(path, rel string, folder config.Folder) (s export.Source, ok bool, err error) {
	data, _, err := safefile.Read(path, folder.QA.MaxSize)
	var unsafe *safefile.UnsafeError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, false, nil // only its report is left
	case errors.As(err, &unsafe):
		return export.Source{Path: rel, LeftOut: []export.LeftOut{{Path: rel, Reason: unsafe.Reason}}}, unsafe.Kind != "folder", nil
	case err != nil:
		return s, false, err
	}
	o := qaOptions(folder)
	o.Name = path
	res := qa.Normalise(data, o)
	if !res.Counts {
		return s, false, nil
	}
	sum := sha256.Sum256(data)
	s = export.Source{Path: rel, SHA256: hex.EncodeToString(sum[:]), Paper: res.PaperID, Eval: across.IsEval(rel)}
	if name.ConflictCopy(filepath.Base(path)) {
		s.LeftOut = []export.LeftOut{{Path: rel, Reason: "it is a sync client's conflict copy"}}
		return s, true, nil
	}
	if s.Paper == "" {
		s.Paper, _, _ = strings.Cut(filepath.Base(path), ".")
	}
	for i, p := range res.Pairs {
		s.Pairs = append(s.Pairs, export.Pair{Pointer: res.Pointer(i), Question: p.Question, Answer: p.Answer, Context: p.Context})
	}
	for _, p := range res.Problems {
		if p.Severity == problem.Error {
			s.LeftOut = append(s.LeftOut, export.LeftOut{Path: rel, Pointer: p.Pointer, Reason: p.Message})
		}
	}
	return s, true, nil
}

// addTexts adds the texts of the sources' papers, as far as their previews have
// them. It returns how many papers have no preview.
func addTexts(ctx context.Context, c *config.Config, sources []export.Source) (unread int, err error) {
	pdfs, _, err := survey(ctx, c, nil)
	if err != nil {
		return 0, err
	}
	x := pairing.New()
	for _, p := range pdfs {
		title, first, _ := previewHead(p.path)
		x.PutPDF(pairing.PDF{Path: p.path, Title: title, FirstPage: first})
	}
	texts := map[string]similar.Text{} // by path of the PDF
	for i := range sources {
		pdf := paperOf(x, c, sources[i])
		if pdf == "" {
			continue
		}
		if _, known := texts[pdf]; !known {
			text, ok := previewText(pdf)
			if !ok {
				unread++
			}
			texts[pdf] = similar.Of(text)
		}
		sources[i].Text = texts[pdf]
	}
	return unread, nil
}

// paperOf finds the PDF of a source; "" where there is none.
func paperOf(x *pairing.Index, c *config.Config, s export.Source) string {
	for _, f := range c.Folders {
		if m := x.Ask(pairing.File{Path: filepath.Join(f.Path, s.Path), PaperID: s.Paper}); m.PDF != "" {
			return m.PDF
		}
	}
	return ""
}

// previewText is what the preview beside a PDF says of its pages.
func previewText(pdf string) (text string, ok bool) {
	data, _, err := safefile.Read(filepath.Join(filepath.Dir(pdf), name.Sidecar(filepath.Base(pdf))), maxPreview)
	if err != nil {
		return "", false
	}
	h, err := preview.Parse(data)
	if errors.Is(err, preview.ErrForeign) || h.Status != preview.OK {
		return "", err == nil
	}
	_, pages, _ := bytes.Cut(data, []byte("\n## Page "))
	return string(pages), true
}
