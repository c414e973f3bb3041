// Package safefile reads, creates, replaces, moves and removes files that
// people edit at the same moment, and promises that none of their bytes is
// lost by it: what a person saved last is in the file, and anything of theirs
// that was displaced on the way went through Writer.Keep first.
//
// # Design notes
//
// Replacing a file that an editor may be saving. The new bytes are written to
// a temporary file in the same folder and made durable. Then, with a read
// lease on the file (F_SETLEASE, fcntl(2): refused while anybody has it open
// for writing, and it holds new writers back until released), the bytes are
// compared with those that were read, and the two names are exchanged
// (RENAME_EXCHANGE, renameat2(2)): one atomic step after which nothing has
// been destroyed. What came out is looked at. If it is not what was read, a
// save slipped in between, and the names are exchanged again, until what comes
// out is what was put in. Both leases are held for a grace time: a writer that
// had looked up the old file but not yet opened it shows as a broken lease,
// and gets the old file back under its name before it may go on. So no editor
// ever writes into a file that is about to be unlinked.
//
// Why not rename over the file: a save between the comparison and the rename
// is lost, and an editor that has the file open writes into an unlinked inode.
//
// Where there are no leases or no exchange (FUSE, network file systems,
// Windows), Writer.Always decides. Without it the file is left alone. With it
// the file must have been quiet for Writer.Quiet, nobody visible may have it
// open for writing, and it is moved aside rather than overwritten, checked,
// and put back if it was not what was read. Between two renames the name is
// missing: a save that creates it wins, and what it lacks is in the history.
//
// Attributes. Owner, group, mode, access ACL and extended attributes go over
// to the new file; where they cannot, the file is left alone. The modification
// time is the time of the replacement, so that sync clients and build tools
// see that the bytes changed.
//
// Temporary names. ".qacorpus-ROLE-MACHINE-RANDOM-HASH-NAME.tmp": hidden, never
// ending in .json, and complete: NAME is the target, cut and hashed if it is
// long, HASH the start of the SHA-256 of our own bytes. Recover needs nothing
// else, so a lost state folder loses nothing. ROLE w holds only our own
// bytes, perhaps half of them; x may hold what an exchange displaced; a what was
// moved aside; d what was being removed. A process holds flock(2) on what its
// temporary names point to, which ends with the process, however it ends: a
// leftover that can be locked has no owner on this machine. One that another
// machine made (sync clients carry hidden files too) is left for an hour.
package safefile

import (
	"errors"
	"fmt"
	"strconv"
)

var (
	// ErrChanged says that the file no longer holds what was read. Nothing
	// was replaced: read it again.
	ErrChanged = errors.New("file changed since it was read")

	// ErrBusy says that somebody has the file open for writing, or wrote to it
	// a moment ago. Nothing was replaced: try again later.
	ErrBusy = errors.New("file is being written")
)

// UnsafeError says why a file is not read or not replaced although nothing
// failed. Trying again helps only once the cause is gone.
type UnsafeError struct {
	Path string

	// Kind is one of folder, fifo, socket, device, too-large (from Read);
	// symlink, hard-linked, read-only, immutable, foreign-owner, attributes,
	// mount-point, no-safe-way (from the methods of Writer).
	Kind string

	// Reason is a clause for people: "it is a symbolic link".
	Reason string
}

func (e *UnsafeError) Error() string {
	return fmt.Sprintf("%s: %s", strconv.Quote(e.Path), e.Reason)
}

func unsafeFile(path, kind, reason string) error {
	return &UnsafeError{Path: path, Kind: kind, Reason: reason}
}
