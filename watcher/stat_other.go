//go:build !linux

package watcher

// What the file system says about a path, by the standard library.

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// kind is what a name in a folder stands for.
type kind uint8

const (
	kindOther kind = iota // socket, device, pipe
	kindFile
	kindLink
	kindFolder
	kindUnknown // the folder did not say: stat it
)

func kindOfMode(mode fs.FileMode) kind {
	switch {
	case mode.IsRegular():
		return kindFile
	case mode&fs.ModeSymlink != 0:
		return kindLink
	case mode.IsDir():
		return kindFolder
	}
	return kindOther
}

// statSource returns the stamp of a regular file, or of what a link leads to; ok is false if there is no such file.
// A link that leads nowhere is a file that can't be read, not a missing one.
func statSource(path string) (stamp, bool) {
	fi, err := os.Lstat(path)
	if err != nil {
		return stamp{}, !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err)
	}
	k := kindOfMode(fi.Mode())
	if k == kindLink {
		if target, err := os.Stat(path); err == nil {
			fi = target
			if fi.IsDir() {
				return stamp{}, false
			}
		}
	}
	return stampOf(fi), k == kindFile || k == kindLink
}

// statKind returns what path is, not following links.
func statKind(path string) (kind, bool) {
	fi, err := os.Lstat(path)
	if err != nil {
		return kindOther, false
	}
	return kindOfMode(fi.Mode()), true
}

// identity tells one folder from another that took its path: by inode, device and mount.
type identity struct {
	device, inode, mount uint64
}

// identify returns the identity of the folder at path, following links.
func identify(path string) (identity, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return identity{}, err
	}
	if !fi.IsDir() {
		return identity{}, &fs.PathError{Op: "stat", Path: path, Err: syscall.ENOTDIR}
	}
	return identityOf(fi, path), nil
}

// errNotFolder is what opening something else as a folder gives.
const errNotFolder = syscall.ENOTDIR

func isNotFolder(err error) bool {
	return errors.Is(err, errNotFolder) || errors.Is(err, syscall.ELOOP)
}

// folderTime returns when a name last came to or went from the folder at path, in nanoseconds since 1970; 0 if it can't tell.
func folderTime(path string) int64 {
	fi, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return fi.ModTime().UnixNano()
}
