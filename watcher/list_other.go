//go:build !linux

package watcher

// Reading a folder by the standard library.

import (
	"io/fs"
	"os"
)

// read fills items with the entries of the folder at path, in no order, and with the stamps of those files and links that
// wants chooses, if it is not nil. It follows a link only if follow is set.
func (l *listing) read(path string, follow bool, wants func(*item) bool) error {
	clear(l.items)
	l.items = l.items[:0]
	if fi, err := os.Lstat(path); err != nil {
		return err
	} else if !follow && !fi.IsDir() {
		return &fs.PathError{Op: "open", Path: path, Err: errNotFolder}
	}
	id, err := identify(path)
	if err != nil {
		return err
	}
	l.id = id
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	if fi, err := d.Stat(); err == nil {
		l.mtime = fi.ModTime().UnixNano()
	}
	entries, err := d.ReadDir(-1)
	if err != nil {
		return err
	}
	for _, e := range entries {
		it := item{path: join(path, e.Name()), kind: kindOfMode(e.Type())}
		if wants != nil && (it.kind == kindFile || it.kind == kindLink) && wants(&it) {
			it.kind, it.known, it.stamp = statItem(it.path, it.kind)
		}
		l.items = append(l.items, it)
	}
	return nil
}

func statItem(path string, k kind) (kind, bool, stamp) {
	fi, err := os.Lstat(path)
	if err != nil {
		return k, false, stamp{} // gone meanwhile: its event follows, or the next look
	}
	k = kindOfMode(fi.Mode())
	if k == kindLink {
		if target, err := os.Stat(path); err == nil {
			fi = target
		}
	}
	return k, true, stampOf(fi)
}
