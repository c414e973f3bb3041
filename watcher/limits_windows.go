package watcher

import "github.com/fsnotify/fsnotify"

// limitOf says how to raise the limit that err tells of; "" if err tells of none.
func limitOf(error) string { return "" }

// addWatch asks for the events of the folder at path. have is the number of folders watched so far. Every watched folder has a
// buffer of its own for events that were not read yet: 64 KiB (the most that works on network shares) for the
// first ones, less in big trees, where one folder sees less of the traffic.
func addWatch(w *fsnotify.Watcher, path string, have int) error {
	size := 64 << 10
	if have >= 256 {
		size = 8 << 10
	}
	return w.AddWith(path, fsnotify.WithBufferSize(size))
}
