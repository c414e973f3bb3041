package watcher

// Walk finds every source below a folder, for one pass without watching.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// Walk calls visit once for each source below root that exists or has a sidecar, the sources of a folder sorted by bytes, then its
// sub-folders in the same order. Only Key, SkipDir and Known of o are used. A source whose sidecar alone is left is visited too:
// it may not exist. Those for which Known sets Skip are not visited; it is called once for each folder that has sources. Without
// it, Walk does not stat files (visit does what it needs). It does not follow linked folders, save root itself.
//
// An error of visit ends the walk and is returned as it is. Folders that can't be read are left out, and the walk
// returns their errors, joined, at its end; one that vanished meanwhile is not an error, unless it is root.
func Walk(ctx context.Context, root string, o Options, visit func(path string) error) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return fmt.Errorf("resolve folder %q: %w", root, err)
	}
	var (
		list   listing
		stack  = []string{root}
		unread []error
		wants  func(*item) bool
	)
	if o.Known != nil {
		wants = func(it *item) (ok bool) {
			it.source, ok = o.Key(it.path)
			return ok
		}
	}
	for len(stack) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		folder := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if err := list.read(folder, folder == root, wants); err != nil {
			if folder == root || !errors.Is(err, fs.ErrNotExist) {
				unread = append(unread, fmt.Errorf("read folder %q: %w", folder, err))
			}
			continue
		}
		sources, folders := list.split(o)
		for _, s := range sources {
			if err := visit(s); err != nil {
				return err
			}
		}
		slices.Reverse(folders) // the stack gives back the folder put on it last
		stack = append(stack, folders...)
	}
	return errors.Join(unread...)
}

// split returns the sources among the items, each once, and the folders to descend into, both sorted by bytes.
func (l *listing) split(o Options) (sources, folders []string) {
	if o.Known != nil {
		return l.unknown(o), l.folders(o)
	}
	for i := range l.items {
		it := &l.items[i]
		switch it.kind {
		case kindFolder:
			if !o.SkipDir(it.path) {
				folders = append(folders, strings.Clone(it.path))
			}
		case kindFile, kindLink:
			if source, ok := o.Key(it.path); ok {
				sources = append(sources, source)
			}
		}
	}
	slices.Sort(folders)
	slices.Sort(sources)
	sources = slices.Compact(sources)
	for i := range sources {
		sources[i] = strings.Clone(sources[i]) // else one of them keeps the whole listing in memory
	}
	return sources, folders
}

// unknown returns the sources among the items with which something may be to be done.
func (l *listing) unknown(o Options) (sources []string) {
	all := l.sights(o)
	if len(all) > 0 {
		o.Known(all)
	}
	for i := range all {
		if !all[i].Skip {
			sources = append(sources, strings.Clone(all[i].Path))
		}
	}
	return sources
}

// folders returns the folders to descend into, sorted by bytes.
func (l *listing) folders(o Options) (folders []string) {
	for i := range l.items {
		if it := &l.items[i]; it.kind == kindFolder && !o.SkipDir(it.path) {
			folders = append(folders, strings.Clone(it.path))
		}
	}
	slices.Sort(folders)
	return folders
}
