package safefile

// Recover: after a crash, a temporary name may be all that is left of somebody's
// save. It is swept only when it provably is not.

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// foreignAge is how long another machine's temporary file is left alone: much
// longer than any replacement takes, short enough not to be litter.
const foreignAge = time.Hour

// Recover looks at every temporary file of ours in dir, not below it, and
// settles those whose process is gone: our own bytes and bytes that the history
// has are removed, a person's save goes back under its name if that is free or
// holds only our bytes, else through Keep. It returns how many it left because
// they are in use, or young and another machine's, or could not be settled, in
// which case the error says why for the first of these.
//
// dir holds no temporary files of this process that are in use, or they are
// locked; calling it while the Writer works is safe.
func (w *Writer) Recover(dir string) (left int, err error) {
	names, err := tempsIn(dir)
	if err != nil {
		return 0, fmt.Errorf("recover %q: %w", dir, bare(err))
	}
	newestFirst(dir, names)
	settled := 0
	for _, name := range names {
		done, e := w.settleLeftover(dir, name)
		if e != nil && err == nil && !errors.Is(e, fs.ErrNotExist) {
			err = fmt.Errorf("recover %q: %w", filepath.Join(dir, name), bare(e))
		}
		switch {
		case done:
			settled++
		case !errors.Is(e, fs.ErrNotExist):
			left++
		}
	}
	if settled > 0 {
		err = errors.Join(err, w.synced(filepath.Join(dir, "any")))
	}
	return left, err
}

// newestFirst sorts temporary names by the last change of what they hold: where
// several are left of one file, the newest save gets its name.
func newestFirst(dir string, names []string) {
	changed := make(map[string]time.Time, len(names))
	for _, name := range names {
		if info, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			changed[name] = info.ModTime()
		}
	}
	slices.SortFunc(names, func(a, b string) int { return changed[b].Compare(changed[a]) })
}

func tempsIn(dir string) ([]string, error) {
	all, err := namesIn(dir)
	return slices.DeleteFunc(all, func(name string) bool { return !isTemp(name) }), err
}

func namesIn(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

// settleLeftover returns false if the file has to wait.
func (w *Writer) settleLeftover(dir, name string) (bool, error) {
	tmp := filepath.Join(dir, name)
	n, parsed := parseTemp(name)
	info, err := os.Lstat(tmp)
	if err != nil {
		return false, err
	}
	if parsed && n.machine != machineTag() && young(info) {
		return false, nil
	}
	if !info.Mode().IsRegular() {
		// Only a rename by a person, at the very instant, brings a link or a
		// folder here.
		if !parsed {
			return false, regular(tmp, info.Mode())
		}
		return true, moveNew(tmp, n.path(dir))
	}
	f, err := openForReading(tmp, false)
	if err != nil {
		return false, err
	}
	if !own(f, true) {
		f.Close()
		return false, nil // its process lives
	}
	f.Close()
	it, err := openItem(tmp)
	if err != nil {
		return false, err
	}
	defer it.close()
	if it.busy(tmp) {
		return false, nil // an editor has it open: wait for what it saves
	}
	return w.decide(dir, tmp, n, parsed, it)
}

func young(info fs.FileInfo) bool {
	last := max(info.ModTime().UnixNano(), identify(info).CTime)
	age := time.Now().UnixNano() - last
	return age < int64(foreignAge)
}

// decide settles a leftover that nobody uses.
func (w *Writer) decide(dir, tmp string, n tempName, parsed bool, it *item) (bool, error) {
	if !parsed { // none of our making, yet nobody else's name: keep it if it is new
		return w.done(w.dispose(tmp, tmp, it, nil))
	}
	if n.role == roleWriting || digits(it.sum) == n.hash {
		return w.done(os.Remove(tmp))
	}
	path := n.path(dir)
	known := w.Known != nil && w.Known(it.sum)
	if known && n.role != roleAside {
		return w.done(os.Remove(tmp))
	}
	err := moveNew(tmp, path)
	if !errors.Is(err, fs.ErrExist) {
		return w.done(err)
	}
	if known {
		return w.done(os.Remove(tmp))
	}
	if n.role == roleExchanged || n.role == roleAside {
		now, err := openItem(path)
		var other *UnsafeError // a folder, say
		if err != nil && !errors.As(err, &other) {
			return false, err
		}
		if err == nil {
			s := &swap{w: w, path: path, tmp: tmp, in: now, out: it}
			switch {
			case now.writing:
			case digits(now.sum) == n.hash:
				// Our bytes took the place of a save that nobody looked at any more.
				s.mine = [2][sha256.Size]byte{now.sum, now.sum}
				return w.done(s.reverse())
			case lastExchanged(it, now) && it.info.ModTime().After(now.info.ModTime()):
				// A save was being put back while a newer one came.
				s.mine = [2][sha256.Size]byte{it.sum, it.sum}
				return w.done(s.reverse())
			}
			now.close()
		}
	}
	return w.done(w.dispose(tmp, path, it, nil))
}

// lastExchanged tells that nothing has happened to either file since they were
// exchanged for each other, which sets the change time of both. A save that came
// after that would have a later one.
func lastExchanged(a, b *item) bool {
	t, u := identify(a.info).CTime, identify(b.info).CTime
	return t != 0 && max(t-u, u-t) < int64(200*time.Microsecond)
}

// reverse puts what is under the temporary name back under path.
func (s *swap) reverse() error {
	defer s.close()
	quiet, err := s.flip()
	if unsupported(err) {
		// No exchange here: our file is moved on, the save into its place.
		return s.w.undoAside(s.path, s.tmp, s.in.sum, nil)
	}
	if err != nil {
		return err
	}
	if err := s.settle(quiet); err != nil {
		return err
	}
	return s.dispose()
}

func (w *Writer) done(err error) (bool, error) { return err == nil, err }

// path is the name that a temporary file in dir was made for. For a cut name it
// is the one in dir that fits, or else the cut one.
func (n tempName) path(dir string) string {
	if n.cut == "" {
		return filepath.Join(dir, n.target)
	}
	names, _ := namesIn(dir) // without them the cut one has to do
	for _, name := range names {
		if n.is(name) {
			return filepath.Join(dir, name)
		}
	}
	return filepath.Join(dir, n.target+"~"+n.cut+filepath.Ext(n.target))
}
