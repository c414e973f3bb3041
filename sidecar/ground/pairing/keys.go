package pairing

import (
	"hash/maphash"
	"path/filepath"
	"slices"
	"strings"

	"qacorpus/sidecar/ground/fold"
)

const (
	// headLines and headBytes (folded) bound the part of a first page in which its
	// title is looked for: journals and preprint servers print a few lines above
	// it. They also bound what an index of 100,000 papers takes.
	headLines = 12
	headBytes = 400
	// titleStart is how many folded bytes of a title find the papers to compare
	// it with; shorter titles count only where they are all there is.
	titleStart = 12
	// minTitle is the shortest folded title that says anything.
	minTitle = 5
	// minPrefix is the shortest name that a file in another folder may begin
	// with to be named after it.
	minPrefix = 4
)

// kinds of keys, so that a title is not taken for a name.
const (
	exactName = 'e'
	plainName = 'n'
	arxivID   = 'a'
	wholeName = 't'
	headStart = 'h'
)

func (x *Index) key(kind byte, s string) uint64 { return keyOf(x.seed, kind, s) }

func keyOf(seed maphash.Seed, kind byte, s string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteByte(kind)
	h.WriteString(s)
	return h.Sum64()
}

// describe prepares what a PDF itself says.
func describe(p PDF) told {
	t := told{title: fold.String(p.Title)}
	var folded []byte
	for line := range strings.Lines(p.FirstPage) {
		if len(t.starts) == headLines || len(folded) >= headBytes {
			break
		}
		t.starts = append(t.starts, len(folded))
		folded = fold.Append(folded, line[:min(len(line), 2*headBytes)])
	}
	t.head = string(folded)
	return t
}

// withoutExt cuts the extension, in whatever case, off a name that has more.
func withoutExt(name, ext string) string {
	if n := len(name) - len(ext); n > 0 && strings.EqualFold(name[n:], ext) {
		return name[:n]
	}
	return name
}

// nameKeys lists what a file could name the PDF by, but for the beginning of its title. Names that are the same letter by
// letter are so when folded, so only those with no letter have a key of their own.
func (p pdf) nameKeys() []uint64 {
	stem, seed := p.stem(), p.s.seed
	keys := make([]uint64, 0, 4)
	if plain := fold.String(stem); plain != "" {
		keys = append(keys, keyOf(seed, plainName, plain))
	} else {
		keys = append(keys, keyOf(seed, exactName, stem))
	}
	if id := findArxiv(stem); id != "" {
		keys = append(keys, keyOf(seed, arxivID, id))
	}
	if title := p.title(); len(title) >= minTitle {
		keys = append(keys, keyOf(seed, wholeName, title))
	}
	return keys
}

// startKeys adds the beginnings of the lines of the first page's head, and of
// the words of the file's name, at which a title could begin.
func (p pdf) startKeys(keys []uint64) []uint64 {
	first := len(keys)
	add := func(s string) {
		if len(s) >= titleStart {
			keys = append(keys, keyOf(p.s.seed, headStart, s[:titleStart]))
		}
	}
	t := p.s.told[p.n]
	for _, at := range t.starts {
		add(t.head[min(at, len(t.head)):])
	}
	stem := p.stem()
	plain, at, n := fold.String(stem), 0, 0
	fold.Words(stem, func(_, _ int, w []byte) bool {
		add(plain[at:])
		at += len(w)
		n++
		return n < 8
	})
	own := keys[first:]
	slices.Sort(own)
	return keys[:first+len(slices.Compact(own))]
}

// fileKeys lists everything that the file asks for.
func (x *Index) fileKeys(f File) []uint64 {
	var keys []uint64
	for _, name := range named(f.Path) {
		keys = append(keys, x.nameKeys(name)...)
	}
	for _, s := range []string{f.PaperID, f.Source} {
		for _, name := range sourceNames(s) {
			keys = append(keys, x.nameKeys(name)...)
		}
		if id := findArxiv(s); id != "" {
			keys = append(keys, x.key(arxivID, id))
		}
	}
	if t := fold.String(f.Title); len(t) >= minTitle {
		keys = append(keys, x.key(wholeName, t), x.key(plainName, t))
		if len(t) >= titleStart {
			keys = append(keys, x.key(headStart, t[:titleStart]))
		}
	}
	return keys
}

func (x *Index) nameKeys(name string) []uint64 {
	if plain := fold.String(name); plain != "" {
		return []uint64{x.key(plainName, plain)}
	}
	return []uint64{x.key(exactName, name)}
}

// named lists the names of PDFs that the file would be named after, the longest
// first: X_a.b for X_a.b.json, then X_a, then X.
func named(path string) []string {
	if path == "" {
		return nil
	}
	stem := filepath.Base(path)
	stem = withoutExt(withoutExt(stem, ".jsonl"), ".json")
	names := []string{stem}
	for i := len(stem) - 1; i > 0; i-- {
		if strings.IndexByte("._- (", stem[i]) >= 0 && strings.IndexByte("._- (", stem[i-1]) < 0 {
			names = append(names, stem[:i])
		}
	}
	return names
}

// sourceNames gives the names of PDFs that a source member can mean.
func sourceNames(s string) []string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, "?#"); i >= 0 && strings.Contains(s, "://") {
		s = s[:i]
	}
	s = strings.TrimRight(s, `/\`)
	base := s[strings.LastIndexAny(s, `/\`)+1:]
	if base == "" {
		return nil
	}
	names := []string{withoutExt(base, ".pdf")}
	if names[0] != base {
		names = append(names, base)
	}
	return names
}

// findArxiv finds an arXiv identifier (2106.09685, without its version) in s.
// See https://info.arxiv.org/help/arxiv_identifier.html.
func findArxiv(s string) string {
	for i := 0; i+9 < len(s)+1; i++ {
		if i > 0 && isDigit(s[i-1]) || !digits(s, i, 4) || i+4 >= len(s) || s[i+4] != '.' || !digits(s, i+5, 4) {
			continue
		}
		end := i + 9
		if digits(s, end, 1) {
			end++
		}
		if !digits(s, end, 1) && s[i+2:i+4] >= "01" && s[i+2:i+4] <= "12" {
			return s[i:end]
		}
	}
	return ""
}

func digits(s string, from, n int) bool {
	if from+n > len(s) {
		return false
	}
	for i := from; i < from+n; i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
