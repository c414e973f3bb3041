package watcher

// What the listing of a folder shows of its sources and their sidecars, for a caller that can tell from that alone that
// there is nothing to do. At a start over an unchanged folder that is so for all of them, and asking the disk about each
// path once more, in a queue of its own, takes longer than the walk.

import (
	"slices"
	"strings"
)

// File is what tells an unchanged file from a changed one without reading it. Times are in nanoseconds since 1970; what the
// system does not tell is 0. The zero File stands for none.
type File struct {
	Size, Mtime, Ctime int64
	Inode              uint64
}

// Sight is one source as the listing of its folder shows it. Source and Sidecar are zero where there is no such file, and
// both are where a listing does not tell all: for links, for what is no regular file, and where several files seem to be
// sidecars of one source.
type Sight struct {
	Path            string // valid until Known returns
	Source, Sidecar File
	Skip            bool // set by Known: nothing is to be done

	odd  bool
	real bool // a file or link is there, the source or a sidecar
}

func (s stamp) file() File { return File{s.size, s.mtime, s.ctime, s.inode} }

// sights lists the sources among the items, which know their source and stamp, sorted by their paths. It is valid until
// the next call.
func (l *listing) sights(o Options) []Sight {
	all := l.seen[:0]
	for i := range l.items {
		it := &l.items[i]
		source := it.source
		plain := it.kind == kindFile && it.known
		if it.kind == kindFolder || it.kind == kindOther {
			// One that stands in a sidecar's place keeps the sidecar away. A pipe or a device in a source's is told of.
			source, _ := o.Key(it.path)
			if own := source == it.path; source != "" && !(own && it.kind == kindFolder) {
				all = append(all, Sight{Path: source, real: own, odd: true})
			}
			continue
		}
		switch {
		case source == "":
		case !plain:
			all = append(all, Sight{Path: source, real: true, odd: true})
		case source == it.path:
			all = append(all, Sight{Path: source, real: true, Source: it.stamp.file()})
		default:
			all = append(all, Sight{Path: source, real: true, Sidecar: it.stamp.file()})
		}
	}
	slices.SortFunc(all, func(a, b Sight) int { return strings.Compare(a.Path, b.Path) })
	l.seen = merge(all)
	return l.seen
}

// merge puts what is known of one source together, in place.
func merge(all []Sight) []Sight {
	n := 0
	for i := range all {
		s := &all[i]
		if n == 0 || all[n-1].Path != s.Path {
			all[n] = *s
			n++
			continue
		}
		into := &all[n-1]
		switch {
		case s.Source != File{}:
			into.Source = s.Source
		case into.Sidecar == File{}:
			into.Sidecar = s.Sidecar
		default:
			into.odd = true
		}
		into.odd, into.real = into.odd || s.odd, into.real || s.real
	}
	all = slices.DeleteFunc(all[:n], func(s Sight) bool { return !s.real })
	for i := range all {
		if all[i].odd {
			all[i].Source, all[i].Sidecar = File{}, File{}
		}
	}
	return all
}

// known asks about the settled sources of the present look, sorted, and takes out those with which nothing is to be done.
func (l *looker) known() {
	o := l.tree.opt
	if o.Known == nil || len(l.settled) == 0 {
		return
	}
	all := l.list.sights(o)
	n := 0
	for i := range all { // both are sorted: by names in one folder
		for len(l.settled) > 0 && n < len(l.settled) && l.settled[n] < all[i].Path {
			n++
		}
		all[i].Skip = n >= len(l.settled) || l.settled[n] != all[i].Path
	}
	all = slices.DeleteFunc(all, func(s Sight) bool { return s.Skip })
	o.Known(all)
	l.skip = l.skip[:0]
	for i := range all {
		if all[i].Skip {
			l.skip = append(l.skip, all[i].Path)
		}
	}
}
