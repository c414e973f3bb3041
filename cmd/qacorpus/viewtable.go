package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/cmd/qacorpus/page"
	"qacorpus/sidecar/preview"
)

// table makes the rows anew, in the order in which list numbers them. The caller
// holds v.mu.
func (v *view) table() []page.Row {
	papers := v.sorted()
	bySHA := map[string][]*viewPaper{}
	for _, p := range papers {
		if p.header.SHA256 != "" {
			bySHA[p.header.SHA256] = append(bySHA[p.header.SHA256], p)
		}
	}
	for _, same := range bySHA {
		slices.SortFunc(same, func(a, b *viewPaper) int { return strings.Compare(a.rel, b.rel) })
	}
	before := make(map[string]*page.Row, len(v.rows))
	for i := range v.rows {
		before[v.rows[i].ID] = &v.rows[i]
	}
	at := make(map[string]int, len(papers))
	rows := make([]page.Row, len(papers))
	for i, p := range papers {
		at[p.path] = i
		rows[i] = p.row(i, len(v.shown.Folders) > 1)
		same := bySHA[p.header.SHA256]
		for _, other := range same[:min(len(same), mostCopies+1)] {
			if other != p && len(rows[i].SameAs) < mostCopies {
				rows[i].SameAs = append(rows[i].SameAs, other.rel)
			}
		}
	}
	for _, f := range v.files {
		for pdf, n := range f.pairs {
			if i, ok := at[pdf]; ok {
				rows[i].Files++
				rows[i].Pairs += n
				rows[i].Errors += f.errors
				rows[i].Warnings += f.warnings
			}
		}
	}
	for i, p := range papers {
		r := &rows[i]
		if r.Files > 0 {
			if c := v.corpus.Coverage(p.path); c.Pages > 0 {
				r.Asked, r.Askable = c.Covered, c.Covered+len(c.Uncovered)
			}
		}
		if old := before[r.ID]; old != nil {
			r.Version = old.Version
			if same(*old, *r) && p.version <= old.Version {
				continue
			}
		}
		r.Version = v.version
	}
	return rows
}

// sorted gives the papers in their order. The caller holds v.mu.
func (v *view) sorted() []*viewPaper {
	if v.order == nil {
		v.order = slices.SortedFunc(maps.Values(v.papers), func(a, b *viewPaper) int {
			return cmp.Or(strings.Compare(a.rel, b.rel), cmp.Compare(a.folder, b.folder))
		})
	}
	return v.order
}

// same tells whether two rows show the same.
func same(a, b page.Row) bool {
	if !slices.Equal(a.SameAs, b.SameAs) {
		return false
	}
	a.SameAs, b.SameAs = nil, nil
	return a.ID == b.ID && a.Index == b.Index && a.Name == b.Name && a.Title == b.Title && a.Status == b.Status && a.Pages == b.Pages &&
		a.Files == b.Files && a.Pairs == b.Pairs && a.Errors == b.Errors && a.Warnings == b.Warnings && a.Asked == b.Asked &&
		a.Askable == b.Askable && a.Stamp == b.Stamp && a.Drawn == b.Drawn
}

// idOf names a paper in addresses. It is no path, so that no address can lead to a
// file that is not in the table.
func idOf(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:10])
}

// viewPaper is a PDF of the table.
type viewPaper struct {
	id        string // in addresses
	path, rel string
	folder    int    // place of its folder among those shown
	label     string // name of its folder
	seen      string // what it and its preview were like when they were looked at; "" for not yet
	stamp     string // changes when the PDF does
	header    preview.Header
	known     bool   // whether the header is that of its preview, not of our own reading
	version   uint64 // of the view when it, or a file of it, changed last
}

// newPaper makes an entry, which the caller puts into v.papers while it holds v.mu.
func (v *view) newPaper(path string) *viewPaper {
	p := &viewPaper{id: idOf(path), path: path, rel: v.relative(path), version: v.version}
	for i, f := range v.shown.Folders {
		if own, _ := v.shown.FolderOf(path); own.Path == f.Path {
			p.folder, p.label = i, filepath.Base(f.Path)
		}
	}
	v.paths[p.id] = path
	v.order = nil
	return p
}

func (p *viewPaper) row(index int, labelled bool) page.Row {
	h := p.header
	r := page.Row{
		ID: p.id, Index: index, Name: p.rel, Title: h.Title, Status: string(h.Status), Pages: h.Pages, Stamp: p.stamp,
		Drawn: h.Status == preview.OK || h.Status == preview.NoText,
	}
	if labelled {
		r.Folder = p.label
	}
	return r
}
