// Package pairing tells which PDF a file of question-answer pairs belongs to,
// wherever in the watched folders the two lie.
//
// # Design notes
//
// Three rules, the first that names a PDF wins: the file is named after it
// (X.json, X.qa.json, X_train.json; the longest such name), the file says so
// (paper_id, source), or its title is the paper's. Names and titles are
// compared by their letters and digits alone, because a title downloaded as a
// file name has its colons, spaces and line ends replaced. Where a rule names
// several PDFs the nearest in the folder tree is meant; where none is nearer,
// none is chosen and the candidates are told: a wrong paper makes every check
// that follows wrong.
//
// Everything is found through hashes of what two names must have in common, so
// a change of one PDF looks only at the files that could belong to it. An Index
// is not safe for concurrent use.
package pairing

import (
	"hash/maphash"
	"slices"
)

// PDF is what is known of a paper. Only Path is needed.
type PDF struct {
	Path      string
	Title     string // from the document's metadata
	FirstPage string // text of the first page
}

// File is what is known of a file of pairs. Only Path is needed; an empty Path
// is for asking about a single pair that names its own source.
type File struct {
	Path    string
	PaperID string // its paper_id
	Source  string // its source: a file name, a path, an address
	Title   string
}

// Match says which PDF a file belongs to.
type Match struct {
	PDF string // path; "" where there is none, or no telling which
	By  string // "name", "source" or "title"; "" where there is none
	// Candidates are the PDFs that By fits equally well, sorted, where there are
	// several: then PDF is empty.
	Candidates []string
}

// Index knows all PDFs and all files of pairs of a configuration.
type Index struct {
	seed  maphash.Seed
	pdfs  *shelf
	files table[file]
	// paired lists, by path of a PDF, the files whose match or candidates name it.
	paired map[string][]string
}

type file struct {
	File
	match Match
}

// New makes an empty index.
func New() *Index {
	seed := maphash.MakeSeed()
	return &Index{seed: seed, pdfs: newShelf(seed), files: newTable[file](), paired: map[string][]string{}}
}

// PutPDF adds a PDF, or replaces what was known of it. It returns the paths of
// the files whose match changed by that, sorted.
func (x *Index) PutPDF(p PDF) []string {
	d := x.pdfs.put(p.Path, describe(p))
	affected := x.files.under(d.startKeys(d.nameKeys()))
	affected = append(affected, x.paired[p.Path]...)
	return x.again(affected)
}

// HasPDF reports whether the PDF was put and not removed.
func (x *Index) HasPDF(path string) bool {
	_, ok := x.pdfs.find(path)
	return ok
}

// PDFs lists the paths of all PDFs, in no order.
func (x *Index) PDFs() []string {
	var paths []string
	for n := range x.pdfs.books {
		if x.pdfs.books[n].folder >= 0 {
			paths = append(paths, pdf{x.pdfs, int32(n)}.path())
		}
	}
	return paths
}

// RemovePDF forgets a PDF and returns the files whose match changed, sorted.
func (x *Index) RemovePDF(path string) []string {
	x.pdfs.remove(path)
	return x.again(slices.Clone(x.paired[path]))
}

// PutFile adds a file, or replaces what was known of it, and matches it.
func (x *Index) PutFile(f File) Match {
	x.unlink(f.Path)
	m := x.Ask(f)
	x.files.put(f.Path, file{f, m}, x.fileKeys(f))
	x.link(f.Path, m)
	return m
}

// RemoveFile forgets a file.
func (x *Index) RemoveFile(path string) {
	x.unlink(path)
	x.files.remove(path)
}

// Match gives the match of a file that was put, the zero Match for others.
func (x *Index) Match(path string) Match {
	f, _ := x.files.get(path)
	return f.match
}

// Files lists the files that belong to the PDF, sorted.
func (x *Index) Files(pdf string) []string {
	var own []string
	for _, f := range x.paired[pdf] {
		if x.Match(f).PDF == pdf {
			own = append(own, f)
		}
	}
	slices.Sort(own)
	return own
}

// again matches files anew and returns those with another result.
func (x *Index) again(paths []string) []string {
	slices.Sort(paths)
	var changed []string
	for _, path := range slices.Compact(paths) {
		f, ok := x.files.get(path)
		if !ok {
			continue
		}
		m := x.Ask(f.File)
		if m.PDF == f.match.PDF && m.By == f.match.By && slices.Equal(m.Candidates, f.match.Candidates) {
			continue
		}
		x.unlink(path)
		f.match = m
		x.files.set(path, f)
		x.link(path, m)
		changed = append(changed, path)
	}
	return changed
}

func (x *Index) link(path string, m Match) {
	for _, p := range m.names() {
		x.paired[p] = append(x.paired[p], path)
	}
}

func (x *Index) unlink(path string) {
	for _, p := range x.Match(path).names() {
		rest := slices.DeleteFunc(x.paired[p], func(f string) bool { return f == path })
		if len(rest) == 0 {
			delete(x.paired, p)
		} else {
			x.paired[p] = rest
		}
	}
}

func (m Match) names() []string {
	if m.PDF != "" {
		return []string{m.PDF}
	}
	return m.Candidates
}
