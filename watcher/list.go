package watcher

// item is one name in a folder. path is the folder's path, a separator and the name.
type item struct {
	path   string
	source string // set by the reader's wants; "" if the name does not matter
	kind   kind
	known  bool  // stamp is set
	stamp  stamp // what a link leads to, for links
}

// listing reads folders, one after the other.
type listing struct {
	buf   []byte   // raw directory entries, on systems that give them
	items []item   // of the folder read last; valid until the next read
	seen  []Sight  // what sights made of them
	id    identity // of that folder
	mtime int64    // of that folder, before it was read; nanoseconds since 1970
}
