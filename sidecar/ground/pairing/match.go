package pairing

import (
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/sidecar/ground/fold"
)

// Ask matches a file, or a single pair's own source, without remembering it.
func (x *Index) Ask(f File) Match {
	for _, rule := range []struct {
		by   string
		find func(File) []string
	}{
		{"name", x.byOwnName}, {"source", x.bySource}, {"title", x.byTitle}, {"name", x.byName},
	} {
		if found := nearest(f.Path, rule.find(f)); len(found) == 1 {
			return Match{PDF: found[0], By: rule.by}
		} else if len(found) > 1 {
			return Match{By: rule.by, Candidates: found}
		}
	}
	return Match{}
}

// byOwnName finds the PDFs that the file's name names, but for words such as qa
// or train. A name that goes on otherwise (LoRA_vs_full.json beside LoRA.pdf)
// may be another paper's: then what the file says comes first.
func (x *Index) byOwnName(f File) []string {
	return x.byNames(f, func(rest string) bool {
		own := true
		fold.Words(rest, func(_, _ int, w []byte) bool {
			own = ofFile(string(w))
			return own
		})
		return own
	})
}

// byName finds the PDFs with the longest name that the file's name begins with.
func (x *Index) byName(f File) []string {
	return x.byNames(f, func(string) bool { return true })
}

func (x *Index) byNames(f File, fits func(rest string) bool) []string {
	dir := filepath.Dir(f.Path)
	names := named(f.Path)
	for i, name := range names {
		if !fits(names[0][len(name):]) {
			return nil
		}
		found := x.called(name)
		if i > 0 && len(fold.String(name)) < minPrefix { // too short to go far
			found = slices.DeleteFunc(found, func(p string) bool { return filepath.Dir(p) != dir })
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// ofFile tells whether the word says something about a file of pairs rather
// than about its paper.
func ofFile(w string) bool {
	if w = strings.TrimRight(w, "0123456789"); w == "" {
		return true
	}
	switch w {
	case "qa", "qas", "q", "a", "qna", "faq", "pair", "pairs", "question", "questions", "answers", "train", "training", "eval", "evaluation", "test", "dev",
		"val", "valid", "validation", "gold", "with", "without", "context", "contexts", "evidence", "ctx", "data", "dataset", "sft", "final", "draft", "new", "old",
		"edited", "reviewed", "checked", "fixed", "clean", "cleaned", "raw", "v", "part", "batch", "set", "en", "de", "fr", "es", "zh", "ja", "gpt", "llm", "human", "copy":
		return true
	}
	return false
}

// called finds the PDFs of that name; where some have it letter by letter,
// only those.
func (x *Index) called(name string) []string {
	var exact, found []string
	plain := fold.String(name)
	x.pdfs.each(x.nameKeys(name)[0], func(p pdf) {
		if p.stem() == name {
			exact = append(exact, p.path())
		} else if plain != "" && p.plain() == plain {
			found = append(found, p.path())
		}
	})
	if len(exact) > 0 {
		return exact
	}
	return found
}

func (x *Index) bySource(f File) []string {
	for _, s := range []string{f.Source, f.PaperID} {
		for _, name := range sourceNames(s) {
			if found := x.called(name); len(found) > 0 {
				return samePath(s, found)
			}
		}
		if id := findArxiv(s); id != "" {
			var found []string
			x.pdfs.each(x.key(arxivID, id), func(p pdf) {
				if findArxiv(p.stem()) == id {
					found = append(found, p.path())
				}
			})
			if len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// samePath keeps, where the source is a path, the PDFs whose path ends with it.
func samePath(source string, found []string) []string {
	want := strings.Split(strings.ReplaceAll(source, `\`, "/"), "/")
	if len(want) < 2 || len(found) < 2 {
		return found
	}
	dir := "/" + want[len(want)-2]
	same := slices.DeleteFunc(slices.Clone(found), func(p string) bool {
		return !strings.HasSuffix(filepath.ToSlash(filepath.Dir(p)), dir)
	})
	if len(same) > 0 {
		return same
	}
	return found
}

// byTitle finds the PDFs whose metadata or file name is the title, else those
// whose first page or file name has it, give or take a misprint.
func (x *Index) byTitle(f File) []string {
	title := fold.String(f.Title)
	if len(title) < minTitle {
		return nil
	}
	var found []string
	x.pdfs.each(x.key(wholeName, title), func(p pdf) {
		if p.title() == title {
			found = append(found, p.path())
		}
	})
	x.pdfs.each(x.key(plainName, title), func(p pdf) {
		if p.plain() == title && !slices.Contains(found, p.path()) {
			found = append(found, p.path())
		}
	})
	if len(found) > 0 || len(title) <= titleStart {
		return found
	}
	x.pdfs.index()
	x.pdfs.each(x.key(headStart, title[:titleStart]), func(p pdf) {
		if hasTitle(p.head(), title) || hasTitle(p.plain(), title) {
			found = append(found, p.path())
		}
	})
	return found
}

// hasTitle tells whether the text has the title, give or take one letter in
// sixteen.
func hasTitle(text, title string) bool {
	for {
		i := strings.Index(text, title[:titleStart])
		if i < 0 {
			return false
		}
		text = text[i:]
		if startsLike(text, title, len(title)/16) {
			return true
		}
		text = text[1:]
	}
}

// startsLike tells whether some beginning of text is at most most edits away
// from want: the edit distance, in a band around the diagonal.
func startsLike(text, want string, most int) bool {
	if strings.HasPrefix(text, want) {
		return true
	}
	if most == 0 || len(text) < len(want)-most {
		return false
	}
	width := 2*most + 1
	row := make([]int, width+1) // row[k]: distance of want[:i] and text[:i+k-most]
	for k := range row {
		row[k] = max(0, k-most)
	}
	far := len(want) + most
	for i := 1; i <= len(want); i++ {
		next := make([]int, width+1)
		best := far
		for k := range width {
			j := i + k - most
			next[k] = far
			if j < 0 || j > len(text) {
				continue
			}
			if j == 0 {
				next[k] = i
			} else {
				next[k] = row[k]
				if want[i-1] != text[j-1] {
					next[k]++
				}
				if k > 0 {
					next[k] = min(next[k], next[k-1]+1)
				}
			}
			if k+1 < width {
				next[k] = min(next[k], row[k+1]+1)
			}
			best = min(best, next[k])
		}
		if best > most {
			return false
		}
		row = next
	}
	return slices.Min(row[:width]) <= most
}

// nearest keeps those of the PDFs that share the most leading folders with the
// file, sorted. Those in the file's own folder are nearer than any other.
func nearest(file string, pdfs []string) []string {
	slices.Sort(pdfs)
	pdfs = slices.Compact(pdfs)
	if len(pdfs) < 2 || file == "" {
		return pdfs
	}
	var best []string
	most := -1
	for _, p := range pdfs {
		n := shared(filepath.Dir(file), filepath.Dir(p))
		if n > most {
			best, most = nil, n
		}
		if n == most {
			best = append(best, p)
		}
	}
	return best
}

// shared counts the bytes of the folders that two folders both lie in.
func shared(a, b string) int {
	if a == b {
		return len(a) + 1
	}
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return n
		}
		if a[i] == filepath.Separator {
			n = i
		}
	}
	short, long := a, b
	if len(a) > len(b) {
		short, long = b, a
	}
	if long[len(short)] == filepath.Separator {
		return len(short)
	}
	return n
}
