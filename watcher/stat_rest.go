//go:build !linux && !darwin && !windows

package watcher

// Systems this project does not promise to run on: what the standard library tells everywhere.

import "io/fs"

func stampOf(fi fs.FileInfo) stamp {
	return stamp{size: fi.Size(), mtime: fi.ModTime().UnixNano()}
}

func identityOf(_ fs.FileInfo, _ string) identity { return identity{} }
