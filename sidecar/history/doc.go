// Package history keeps what files held before qacorpus changed them, and
// promises that what Put accepted can be had back: after a crash, while other
// processes read and write the same history, and for the first version of every
// file for ever.
//
// # Design notes
//
// A folder of plain files. blobs/ab/abcd… holds the bytes, named by their
// SHA-256, so that ten versions which differ by nothing cost one file, and so
// that a damaged one is noticed. logs/ab/abcd….log, named by the SHA-256 of the
// file's path, is text with a line per version: time, SHA-256, size, reason and
// path, the last two quoted as in Go, since names are bytes. Lines are appended
// under a lock and a line that a crash cut short is passed over.
//
// A blob is durable before its line is written, so a line never points to
// nothing. It also carries its path and reason in an extended attribute where
// the file system has them: if the logs are lost, Open writes new ones from
// those.
//
// Prune writes a new log beside the old one and renames it, then removes blobs
// that no log names. All writers hold the lock file: Put shared, Prune alone.
package history

import (
	"errors"
	"time"
)

// ErrNotFound says that the history has no such version.
var ErrNotFound = errors.New("no such version")

// Version is one kept state of a file.
type Version struct {
	Time   time.Time // when it was kept, UTC
	SHA256 string    // of its bytes, 64 hexadecimal digits
	Size   int64     // bytes
	Why    string    // in the words given to Put; Restored for a mark
	Path   string    // of the file, as given to Put
}
