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
//
// Why a power cut loses nothing that Put accepted. Assumed is only what POSIX
// gives: after a cut, any write to a file or a folder that no fsync(2) of that
// file or folder followed may be there or not, in any order, each name on its
// own. Put returns after these, in order: fsync of the blob's bytes under a
// temporary name, rename, fsync of the folder; then the line, fsync of the log,
// fsync of its folder; and of each folder above, up to the one that holds the
// history, since a folder that was just made is a name as well. Whatever is
// found there already is made durable again and not taken on trust, blob, line
// and folder alike: another process may have been killed between its write and
// its fsync, and the bytes then are only in memory. Prune replaces a log by one
// that is durable before its rename, makes the rename durable, and does so with
// all logs before it removes the first blob; the removals may come undone, which
// costs room. A cut before the line leaves a blob without one: it is not kept,
// Has says so, and Prune removes it.
//
// So after a cut a log holds the first version and all since the last Prune that
// reached the disk. It need not hold the newest that a process had reported when
// somebody last looked: later versions may have become durable and Prune may
// have taken it away, as it should.
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
