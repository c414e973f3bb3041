package safefile

// Replacing where two names cannot be exchanged: the file is moved aside, not
// overwritten, so that a save which slips in between is still there to be found.

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// replaceAside replaces path, which is quiet, with t. The name is missing for
// the time of two renames.
func (w *Writer) replaceAside(path string, seen Version, t *temp) error {
	mine := [][sha256.Size]byte{seen.SHA256}
	defer hold(t.path)()
	data, _, err := readOnce(t.path, 0)
	if err != nil {
		t.discard()
		return err
	}
	sum := sha256.Sum256(data)
	aside := w.besides(path, roleAside, sum)
	if now, _, err := readOnce(path, 0); err != nil || sha256.Sum256(now) != seen.SHA256 {
		t.discard()
		if err == nil {
			err = ErrChanged
		}
		return err
	}
	w.step("moving aside")
	if err := os.Rename(path, aside); err != nil {
		t.discard()
		return err
	}
	// Nothing but this stands between the two renames: a program that appends
	// in that instant makes a new file of what it appends.
	w.step("moved aside")
	err = moveNew(t.path, path)
	defer hold(aside)()
	if err != nil {
		t.discard()
		if errors.Is(err, fs.ErrExist) {
			err = ErrChanged
		}
		return errors.Join(err, w.putBack(aside, path, mine))
	}
	if was, _, err := readOnce(aside, 0); err != nil || sha256.Sum256(was) != seen.SHA256 {
		return errors.Join(ErrChanged, w.undoAside(path, aside, sum, mine))
	}
	w.step("watching")
	quiet, err := w.watchAside(aside, seen.SHA256)
	if err != nil {
		return err
	}
	if quiet {
		return os.Remove(aside)
	}
	return errors.Join(ErrChanged, w.undoAside(path, aside, sum, mine))
}

// undoAside gives the file aside its place back, into which somebody who had it
// open went on writing, unless somebody saved anew, into our file at path or into
// another; sum is that of our file.
func (w *Writer) undoAside(path, aside string, sum [sha256.Size]byte, mine [][sha256.Size]byte) error {
	second := w.besides(path, roleAside, sum)
	var err error
	if os.Rename(path, second) == nil {
		w.step("undoing")
		err = w.dropOrPutBack(second, path, sum)
	}
	// Whatever came of that: the name is not to stay missing.
	return errors.Join(err, w.putBack(aside, path, mine))
}

// dropOrPutBack removes second, if it is our own file with that sum and nobody is
// at work on it; else it goes back to path at once, since who has it open means
// the file of that name.
func (w *Writer) dropOrPutBack(second, path string, sum [sha256.Size]byte) error {
	for end := time.Now().Add(removeGrace); ; time.Sleep(tick) {
		data, _, err := readOnce(second, 0)
		busy, werr := Writing(second)
		if err != nil || werr != nil || busy || sha256.Sum256(data) != sum {
			return w.putBack(second, path, nil)
		}
		if time.Now().After(end) {
			return os.Remove(second)
		}
	}
}

// watchAside watches the file that was moved aside for the grace time, and if
// it changes until it has stopped.
func (w *Writer) watchAside(aside string, sum [sha256.Size]byte) (quiet bool, err error) {
	quiet = true
	last := sum
	for end := time.Now().Add(w.grace()); time.Now().Before(end); time.Sleep(5 * tick) {
		busy, err := Writing(aside)
		if err != nil {
			return false, err
		}
		data, _, err := readOnce(aside, 0)
		if err != nil && !errors.Is(err, ErrBusy) {
			return false, err
		}
		if now := sha256.Sum256(data); busy || err != nil || now != last {
			quiet, last = false, now
			end = time.Now().Add(w.grace())
		}
	}
	return quiet && last == sum, nil
}

// putBack gives the file aside its name back, or if that is taken by now puts
// its bytes into the history. mine are hashes of bytes that need no keeping. A
// file that somebody still writes to stays, with ErrBusy, for Recover.
func (w *Writer) putBack(aside, path string, mine [][sha256.Size]byte) error {
	err := moveNew(aside, path)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	it, err := openItem(aside)
	if err != nil {
		return err
	}
	defer it.close()
	if it.busy(aside) {
		return ErrBusy
	}
	return w.dispose(aside, path, it, mine)
}

// hold takes the lock on the file at path, and returns how to end it.
func hold(path string) (release func()) {
	if keepsOpen {
		if f, err := openForReading(path, false); err == nil {
			own(f, false)
			return func() { f.Close() }
		}
	}
	return func() {}
}

// besides is a fresh temporary name in path's folder.
func (w *Writer) besides(path string, r role, ours [sha256.Size]byte) string {
	dir, base := filepath.Split(path)
	limit := maxName
	if len(base) <= shortName-tempOverhead {
		limit = shortName
	}
	return dir + newTempName(r, machineTag(), ours, base, limit).String()
}
