package safefile

// Remove: a file of ours goes, unless somebody made it theirs.

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// removeGrace is shorter than Grace: what is removed is our own file, seldom
// open in an editor, and whole folders of them go at once.
const removeGrace = 5 * time.Millisecond

// Remove removes the file at path if it still holds what was seen. Its bytes
// are not kept. ErrChanged, ErrBusy, *UnsafeError (a symbolic link, a folder)
// or fs errors, fs.ErrNotExist too; the file is then where it was.
func (w *Writer) Remove(path string, seen Version) error {
	if err := w.settleEarlier(path); err != nil {
		return err
	}
	err := w.remove(path, seen)
	var unsafe *UnsafeError
	switch {
	case err == nil:
		return w.synced(path)
	case errors.As(err, &unsafe):
		return unsafe
	}
	return fmt.Errorf("remove %q: %w", path, bare(err))
}

func (w *Writer) remove(path string, seen Version) error {
	it, err := openItem(path)
	if err != nil {
		return err
	}
	defer it.close()
	if it.sum != seen.SHA256 {
		return ErrChanged
	}
	busy := it.writing
	if !it.trusted() && !busy {
		if busy, err = Writing(path); err != nil {
			return err
		}
	}
	if busy || it.leased && leaseBroken(it.f) {
		return ErrBusy
	}
	if !keepsOpen {
		it.close()
	}
	tmp := w.besides(path, roleRemoving, seen.SHA256)
	w.step("removing")
	if err := os.Rename(path, tmp); err != nil {
		return err
	}
	if !w.leftAlone(tmp, it, seen) {
		err = errors.Join(ErrChanged, w.putBack(tmp, path, nil))
	} else {
		err = os.Remove(tmp)
	}
	if err != nil {
		w.leave(path) // perhaps; looked at once
	}
	return err
}

// leftAlone watches what was moved to tmp, and should be it, for a moment.
func (w *Writer) leftAlone(tmp string, it *item, seen Version) bool {
	for end := time.Now().Add(removeGrace); ; time.Sleep(tick) {
		now, err := openItem(tmp)
		if err != nil {
			return false
		}
		good := now.sum == seen.SHA256 && !now.writing && (!it.leased || !leaseBroken(it.f))
		now.close()
		if !good || time.Now().After(end) {
			return good
		}
	}
}
