//go:build !windows

package install

import "os"

// moveOver puts a file in another's place.
func moveOver(from, to string) error { return os.Rename(from, to) }

// removeAll removes a folder with what is in it.
func removeAll(dir string) error { return os.RemoveAll(dir) }
