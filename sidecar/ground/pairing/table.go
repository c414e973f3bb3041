package pairing

// table holds entries by path, and finds them by any of their keys. Removing
// only marks an entry; the table is made anew when most entries are marked, so
// that keys which thousands of papers share ("Published as a conference paper")
// cost nothing to leave.
type table[T any] struct {
	entries []entry[T]
	byPath  map[string]int32 // path to place in entries
	heads   map[uint64]int32 // key to 1 + place in links of its last link
	links   []link
	dead    int
}

type entry[T any] struct {
	path  string
	value T
	keys  []uint64
	live  bool
}

// link is one entry under one key.
type link struct {
	entry int32
	next  int32 // 1 + place in links, 0 at the end
}

func newTable[T any]() table[T] {
	return table[T]{byPath: map[string]int32{}, heads: map[uint64]int32{}}
}

func (t *table[T]) put(path string, value T, keys []uint64) {
	t.remove(path)
	n := int32(len(t.entries))
	t.entries = append(t.entries, entry[T]{path, value, keys, true})
	t.byPath[path] = n
	t.add(n)
}

func (t *table[T]) add(n int32) {
	for _, k := range t.entries[n].keys {
		t.links = append(t.links, link{n, t.heads[k]})
		t.heads[k] = int32(len(t.links))
	}
}

func (t *table[T]) remove(path string) {
	n, ok := t.byPath[path]
	if !ok {
		return
	}
	delete(t.byPath, path)
	t.entries[n] = entry[T]{}
	if t.dead++; t.dead > len(t.byPath)+64 {
		t.rebuild()
	}
}

func (t *table[T]) rebuild() {
	old := t.entries
	t.entries = make([]entry[T], 0, len(t.byPath))
	t.links, t.heads, t.dead = t.links[:0], make(map[uint64]int32, len(t.heads)), 0
	for _, e := range old {
		if e.live {
			n := int32(len(t.entries))
			t.entries = append(t.entries, e)
			t.byPath[e.path] = n
			t.add(n)
		}
	}
}

func (t *table[T]) get(path string) (T, bool) {
	if n, ok := t.byPath[path]; ok {
		return t.entries[n].value, true
	}
	var none T
	return none, false
}

// set changes the value of an entry whose keys stay.
func (t *table[T]) set(path string, value T) {
	if n, ok := t.byPath[path]; ok {
		t.entries[n].value = value
	}
}

// each calls f for every live entry under the key.
func (t *table[T]) each(key uint64, f func(path string, value *T)) {
	for l := t.heads[key]; l != 0; l = t.links[l-1].next {
		if e := &t.entries[t.links[l-1].entry]; e.live {
			f(e.path, &e.value)
		}
	}
}

// under lists the paths of all entries under any of the keys, some perhaps more
// than once.
func (t *table[T]) under(keys []uint64) []string {
	var paths []string
	for _, k := range keys {
		t.each(k, func(path string, _ *T) { paths = append(paths, path) })
	}
	return paths
}
