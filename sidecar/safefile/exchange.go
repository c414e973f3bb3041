package safefile

// The exchange: two names, two files, and the rule that whatever somebody
// touched last goes back under the name that they know.

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// tick is how long a writer waits at most for a lease that it breaks.
const tick = time.Millisecond

// maxFlips ends an exchange in which two writers keep both files busy. What is
// then under the temporary name goes to the history.
const maxFlips = 64

// swap is an exchange under way. path refers to in and the temporary name to
// out, as far as anybody knows who has not looked again.
type swap struct {
	w       *Writer
	path    string
	tmp     string
	in, out *item
	mine    [2][sha256.Size]byte // our bytes and those that were read: no person's news
}

func (s *swap) close() {
	s.in.close()
	s.out.close()
}

// flip exchanges the two names, and looks at what came out. It returns whether
// that is what had been put in, untouched. An error means that nothing was
// exchanged; fs.ErrNotExist that path has gone.
func (s *swap) flip() (bool, error) {
	if err := exchange(s.tmp, s.path); err != nil {
		return false, err
	}
	s.in, s.out = s.out, s.in
	s.w.step("exchanged")
	now, err := openItem(s.tmp)
	switch {
	case err == nil && s.out.blind() && s.out.is(now.info):
		s.out = now
		return !now.writing, nil
	case err == nil && s.out.is(now.info):
		quiet := s.out.sum == now.sum && !now.writing && !(s.out.leased && leaseBroken(s.out.f))
		if !s.out.leased {
			s.out.close()
			s.out = now
			return quiet, nil
		}
		// The older of the two is kept: its lease is the one that a writer may wait for.
		s.out.info, s.out.sum, s.out.writing = now.info, now.sum, now.writing
		now.close()
		return quiet, nil
	case err == nil:
		s.out.close()
		s.out = now
		return false, nil
	case s.expected():
		return true, nil
	}
	// A folder or a link, or no descriptor left to look: back with it. It is
	// remembered as far as it shows.
	s.out.close()
	s.out = &item{}
	s.out.info, _ = os.Lstat(s.tmp)
	return false, nil
}

// expected tells from the descriptor at hand, when there is no other to be had,
// whether the temporary name refers to what had been put under path.
func (s *swap) expected() bool {
	info, err := os.Lstat(s.tmp)
	if err != nil || !s.out.is(info) || s.out.blind() || s.out.stirred() {
		return false
	}
	changed, err := s.out.changed()
	return err == nil && !changed
}

// settle runs after the first flip, which returned quiet. It flips until what
// is under the temporary name has been left alone for the grace time.
func (s *swap) settle(quiet bool) error {
	end := time.Now().Add(s.w.grace())
	for flips := 1; ; {
		switch {
		case !quiet && flips >= maxFlips:
			return s.waitForWriter()
		case !quiet:
			// Somebody's newer save is under the temporary name: back with it,
			// and only then may its writer go on.
			var err error
			s.w.step("back")
			quiet, err = s.flip()
			s.in.release()
			if errors.Is(err, fs.ErrNotExist) {
				// path was deleted: what is under the temporary name goes to the history.
				s.in.close()
				s.in = nil
				return nil
			}
			if err != nil {
				return err
			}
			if flips++; flips > 4 {
				time.Sleep(tick)
			}
			end = time.Now().Add(s.w.grace())
			continue
		case time.Now().After(end):
			return nil
		}
		if s.in != nil && s.in.leased && leaseBroken(s.in.f) {
			s.in.release() // an ordinary edit of the new file
		}
		s.w.step("watching")
		time.Sleep(tick)
		quiet = !s.out.stirred()
	}
}

// waitForWriter waits until nobody has the temporary name's file open for
// writing, and then takes it as it is.
func (s *swap) waitForWriter() error {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(tick) {
		s.out.close()
		now, err := openItem(s.tmp)
		if err != nil {
			return err
		}
		s.out = now
		if !now.writing {
			return nil
		}
	}
	return ErrBusy
}

// dispose ends the exchange: the temporary name goes, and its bytes into the
// history if they are a person's and not there yet.
func (s *swap) dispose() error {
	s.w.step("disposing")
	if s.expected() && s.out.leased { // nothing can have changed
		return s.w.dispose(s.tmp, s.path, s.out, s.mine[:])
	}
	now, err := openItem(s.tmp)
	if err != nil {
		return err
	}
	defer now.close()
	if now.writing || s.out != nil && s.out.leased && leaseBroken(s.out.f) {
		return ErrBusy
	}
	return s.w.dispose(s.tmp, s.path, now, s.mine[:])
}

// dispose removes tmp, which it refers to, after its bytes are safe. mine are
// hashes of bytes that need no keeping.
func (w *Writer) dispose(tmp, path string, it *item, mine [][sha256.Size]byte) error {
	safe := w.Known != nil && w.Known(it.sum)
	for _, sum := range mine {
		safe = safe || it.sum == sum
	}
	if !safe {
		if w.Keep == nil {
			return fmt.Errorf("displaced bytes have no history to go to: %w", ErrBusy)
		}
		data, err := it.bytes()
		if err != nil {
			return err
		}
		if err := w.Keep(path, data); err != nil {
			return fmt.Errorf("keep displaced bytes: %w", err)
		}
	}
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
