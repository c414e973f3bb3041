package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/install/config"
	"qacorpus/sidecar/name"
	"qacorpus/sidecar/preview"
	"qacorpus/sidecar/safefile"
	"qacorpus/watcher"
)

// paper is one PDF of a folder as list and show see it.
type paper struct {
	rel    string // from the folder
	path   string
	header preview.Header // of its preview; zero where there is none
	known  bool           // whether there is one
}

// papers returns the PDFs of the folders, sorted by the bytes of their paths
// from their folder: the order in which list numbers them. The error tells of
// folders that could not be read; the other PDFs are returned all the same.
func papers(ctx context.Context, c *config.Config, withHeaders bool) ([]paper, error) {
	all, _, err := survey(ctx, c, nil)
	if withHeaders {
		for i := range all {
			all[i].readHeader()
		}
	}
	return all, err
}

// maxPreview bounds what is read of a file that has a preview's name, in bytes.
const maxPreview = 256 << 20

// survey finds the PDFs of the folders, sorted as list numbers them, and the
// files that may hold question-answer pairs, sorted by path. Of folders that
// cannot be read it tells in the error, after all others were searched. skip may
// be nil; it tells further folders to leave out.
func survey(ctx context.Context, c *config.Config, skip func(string) bool) (pdfs []paper, qas []string, err error) {
	e := &engine{config: c, leftovers: map[string]bool{}}
	o := e.walks()
	if skip != nil {
		o.SkipDir = func(path string) bool { return e.skip(path) || skip(path) }
	}
	var unread []error
	for _, f := range c.Folders {
		err := watcher.Walk(ctx, f.Path, o, func(path string) error {
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
				return nil
			}
			if name.Of(filepath.Base(path)) == name.QA {
				qas = append(qas, path)
				return nil
			}
			rel, err := filepath.Rel(f.Path, path)
			if err != nil {
				return err
			}
			pdfs = append(pdfs, paper{rel: rel, path: path})
			return nil
		})
		unread = append(unread, err)
	}
	slices.SortStableFunc(pdfs, func(x, y paper) int { return strings.Compare(x.rel, y.rel) })
	slices.Sort(qas)
	return pdfs, qas, errors.Join(unread...)
}

// readHeader reads what the preview's first lines say, whoever changed the rest.
func (p *paper) readHeader() {
	data, _, err := safefile.Read(filepath.Join(filepath.Dir(p.path), name.Sidecar(filepath.Base(p.path))), maxPreview)
	if err != nil {
		return
	}
	h, err := preview.Parse(data)
	if errors.Is(err, preview.ErrForeign) {
		return
	}
	p.header, p.known = h, true
}

// folderOrHere loads the configuration of whoever watches the named folder;
// without one that of the first who watches any or, where nobody does, for the
// working directory.
func (a *app) folderOrHere(dirs []string) (*config.Config, error) {
	if _, err := a.choose(dirs...); err != nil {
		return nil, err
	}
	c, err := a.load(dirs)
	if err == nil && len(c.Folders) == 0 {
		c, err = a.load([]string{"."})
	}
	if err != nil {
		return nil, err
	}
	for _, f := range c.Folders {
		info, err := os.Stat(f.Path)
		if err != nil && len(dirs) == 0 {
			continue // away just now
		}
		if err := folderError(f.Path, info, err); err != nil {
			return nil, err
		}
	}
	return c, nil
}
