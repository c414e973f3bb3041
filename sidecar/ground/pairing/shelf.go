package pairing

import (
	"hash/maphash"
	"path/filepath"
	"strings"

	"qacorpus/sidecar/ground/fold"
)

// shelf holds the PDFs, of which there may be 100,000 or more, in about 100 bytes each beside their names: names lie one
// after the other, folders are kept once, and what can be computed from a name is. Removing only marks a PDF; the shelf is
// made anew when most are marked.
type shelf struct {
	seed    maphash.Seed
	folders []string         // each with the separator at its end
	places  map[string]int32 // by folder: its place in folders
	names   []byte
	books   []book
	paths   chains         // by hash of the path
	keys    chains         // by everything that a file could name a PDF by; of beginnings of titles only if titled
	told    map[int32]told // by place in books: of the PDFs that were put with a title or a first page
	titled  bool           // whether somebody asked for a beginning of a title
	dead    int
}

// book is one PDF; its folder is -1 once it was removed.
type book struct {
	folder   int32
	at, size uint32 // of its name in names
}

// told is what a PDF itself says.
type told struct {
	title  string // folded
	head   string // folded beginning of the first page
	starts []int  // where in head lines begin
}

// pdf is one PDF on the shelf.
type pdf struct {
	s *shelf
	n int32
}

func newShelf(seed maphash.Seed) *shelf {
	return &shelf{seed: seed, places: map[string]int32{}, told: map[int32]told{}}
}

func (p pdf) name() string {
	b := p.s.books[p.n]
	return string(p.s.names[b.at : b.at+b.size])
}

func (p pdf) path() string  { return p.s.folders[p.s.books[p.n].folder] + p.name() }
func (p pdf) stem() string  { return withoutExt(p.name(), ".pdf") }
func (p pdf) plain() string { return fold.String(p.stem()) }
func (p pdf) title() string { return p.s.told[p.n].title }
func (p pdf) head() string  { return p.s.told[p.n].head }

// put adds the PDF at path, or replaces it.
func (s *shelf) put(path string, t told) pdf {
	s.remove(path)
	dir, name := filepath.Split(path)
	folder, ok := s.places[dir]
	if !ok {
		folder = int32(len(s.folders))
		dir = strings.Clone(dir)
		s.folders, s.places[dir] = append(s.folders, dir), folder
	}
	p := pdf{s, int32(len(s.books))}
	s.books = append(s.books, book{folder, uint32(len(s.names)), uint32(len(name))})
	s.names = append(s.names, name...)
	if t.title != "" || t.head != "" {
		s.told[p.n] = t
	}
	s.paths.add(maphash.String(s.seed, path), p.n)
	for _, k := range p.nameKeys() {
		s.keys.add(k, p.n)
	}
	if s.titled {
		s.addStarts(p)
	}
	return p
}

func (s *shelf) addStarts(p pdf) {
	for _, k := range p.startKeys(nil) {
		s.keys.add(k, p.n)
	}
}

func (s *shelf) find(path string) (p pdf, ok bool) {
	s.paths.each(maphash.String(s.seed, path), func(n int32) {
		if q := (pdf{s, n}); !ok && s.books[n].folder >= 0 && q.path() == path {
			p, ok = q, true
		}
	})
	return p, ok
}

func (s *shelf) remove(path string) {
	p, ok := s.find(path)
	if !ok {
		return
	}
	delete(s.told, p.n)
	s.books[p.n].folder = -1
	if s.dead++; s.dead > len(s.books)/2+64 {
		s.rebuild()
	}
}

func (s *shelf) rebuild() {
	fresh := newShelf(s.seed)
	fresh.titled = s.titled
	for n := range s.books {
		if s.books[n].folder >= 0 {
			fresh.put(pdf{s, int32(n)}.path(), s.told[int32(n)])
		}
	}
	*s = *fresh
}

// each calls f for every PDF under the key, and perhaps for others.
func (s *shelf) each(key uint64, f func(p pdf)) {
	s.keys.each(key, func(n int32) {
		if s.books[n].folder >= 0 {
			f(pdf{s, n})
		}
	})
}

// index makes PDFs known by the beginnings of titles, which takes more memory than all else and which few folders need.
func (s *shelf) index() {
	if s.titled {
		return
	}
	s.titled = true
	for n := range s.books {
		if s.books[n].folder >= 0 {
			s.addStarts(pdf{s, int32(n)})
		}
	}
}

// chains find numbers by hashes.
type chains struct {
	heads []int32 // by the hash's last bits: 1 + place in links of the last link
	links []chained
}

type chained struct {
	hash   uint32
	number int32
	next   int32 // 1 + place in links, 0 at the end
}

func (c *chains) add(key uint64, number int32) {
	if len(c.links) >= len(c.heads) {
		c.heads = make([]int32, max(64, 2*len(c.heads)))
		for i := range c.links {
			c.hook(int32(i))
		}
	}
	c.links = append(c.links, chained{hash: uint32(key), number: number})
	c.hook(int32(len(c.links) - 1))
}

func (c *chains) hook(i int32) {
	head := &c.heads[c.links[i].hash&uint32(len(c.heads)-1)]
	c.links[i].next, *head = *head, i+1
}

func (c *chains) each(key uint64, f func(number int32)) {
	if len(c.heads) == 0 {
		return
	}
	for l := c.heads[uint32(key)&uint32(len(c.heads)-1)]; l != 0; l = c.links[l-1].next {
		if c.links[l-1].hash == uint32(key) {
			f(c.links[l-1].number)
		}
	}
}
