//go:build !unix

package cache

import "io/fs"

// system has nothing to add: the file's information holds no inode here.
func (s *Stat) system(fs.FileInfo) {}
