package watcher

// A snapshot remembers the sources of one folder and a weight for each, in little memory: sorted names, each
// followed by a zero byte and eight bytes of weight. 100,000 papers take about 4 MB.

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// snapshot is nil until the folder was looked at for the first time.
type snapshot []byte

// weighed is a source's name within its folder and the sum of what its own and its sidecars' entries weigh.
type weighed struct {
	name   string
	weight uint64
}

// weigh mixes a name and its stamp into a number that differs when any of it does.
func weigh(name string, st stamp) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	for _, v := range [...]uint64{uint64(st.size), uint64(st.blocks), uint64(st.mtime), uint64(st.ctime), st.inode} {
		h = (h ^ v) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h
}

// pack sorts all in place and returns their snapshot; weights of equal names are added up.
func pack(all []weighed) snapshot {
	slices.SortFunc(all, func(a, b weighed) int { return strings.Compare(a.name, b.name) })
	n := 0
	for _, w := range all {
		n += len(w.name) + 9
	}
	s := make(snapshot, 0, n)
	for i := 0; i < len(all); {
		name, sum := all[i].name, uint64(0)
		for ; i < len(all) && all[i].name == name; i++ {
			sum += all[i].weight
		}
		s = append(append(s, name...), 0)
		s = binary.NativeEndian.AppendUint64(s, sum)
	}
	if cap(s)-len(s) > len(s)/4 {
		s = slices.Clip(slices.Clone(s))
	}
	return s
}

// first splits off the first source. An empty snapshot has none.
func (s snapshot) first() (name []byte, weight uint64, rest snapshot) {
	i := bytes.IndexByte(s, 0)
	return s[:i], binary.NativeEndian.Uint64(s[i+1:]), s[i+9:]
}

// each calls f with every source's name.
func (s snapshot) each(f func(name string)) {
	for len(s) > 0 {
		var name []byte
		name, _, s = s.first()
		f(string(name))
	}
}

// diff calls changed with every name that is in only one of the two, or whose weight differs.
func diff(old, now snapshot, changed func(name string)) {
	for len(old) > 0 || len(now) > 0 {
		order := 0
		switch {
		case len(old) == 0:
			order = 1
		case len(now) == 0:
			order = -1
		}
		var a, b []byte
		var wa, wb uint64
		var restOld, restNow snapshot
		if len(old) > 0 {
			a, wa, restOld = old.first()
		}
		if len(now) > 0 {
			b, wb, restNow = now.first()
		}
		if order == 0 {
			order = bytes.Compare(a, b)
		}
		switch {
		case order < 0:
			changed(string(a))
			old = restOld
		case order > 0:
			changed(string(b))
			now = restNow
		default:
			if wa != wb {
				changed(string(a))
			}
			old, now = restOld, restNow
		}
	}
}
