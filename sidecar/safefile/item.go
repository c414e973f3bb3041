package safefile

// An item is one of the two files of an exchange, held so that it can be
// recognised again and so that a writer who opens it is seen.

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
)

type item struct {
	f       *os.File // open for reading, with our lock
	info    fs.FileInfo
	sum     [sha256.Size]byte
	leased  bool // f holds a lease
	writing bool // somebody had it open for writing, or locked, when we opened it
}

// openItem opens what path refers to now and reads it. It does not follow
// links, nor accept anything but a regular file.
func openItem(path string) (*item, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := regular(path, info.Mode()); err != nil {
		return nil, err
	}
	f, err := openForReading(path, false)
	if err != nil {
		return nil, err
	}
	it := &item{f: f}
	if err := it.load(path); err != nil {
		f.Close()
		return nil, err
	}
	return it, nil
}

func (it *item) load(path string) (err error) {
	if it.info, err = it.f.Stat(); err != nil {
		return err
	}
	if err := regular(path, it.info.Mode()); err != nil {
		return err
	}
	it.writing = !own(it.f, false)
	switch err := takeLease(it.f); {
	case err == nil:
		it.leased = true
	case errors.Is(err, ErrBusy):
		it.writing = true
	case !errors.Is(err, errors.ErrUnsupported):
		return err
	}
	it.sum, err = it.read()
	return err
}

// read hashes the bytes as they are now, whatever their number.
func (it *item) read() (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	_, err = io.Copy(h, io.NewSectionReader(it.f, 0, math.MaxInt64))
	h.Sum(sum[:0])
	return sum, err
}

func (it *item) bytes() ([]byte, error) {
	info, err := it.f.Stat()
	if err != nil {
		return nil, err
	}
	return readAll(it.f, info.Size())
}

// busy tells whether somebody had the item at path open for writing when it was
// opened or, where leases do not tell, has now.
func (it *item) busy(path string) bool {
	if it.writing || it.trusted() {
		return it.writing
	}
	busy, err := Writing(path)
	return busy && err == nil
}

// blind tells an item that could not be opened: only its identity is known.
func (it *item) blind() bool { return it == nil || it.f == nil }

// is tells whether the item is the file that info describes.
func (it *item) is(info fs.FileInfo) bool {
	return it != nil && it.info != nil && os.SameFile(it.info, info)
}

// release lets writers that wait for the lease go on.
func (it *item) release() {
	if it != nil && it.leased {
		dropLease(it.f)
		it.leased = false
	}
}

// close is for every item once; nil is none.
func (it *item) close() {
	if it != nil && it.f != nil {
		it.release()
		it.f.Close()
		it.f = nil
	}
}

// stirred tells whether somebody writes to the item, or wants to, or has since
// it was opened.
func (it *item) stirred() bool {
	if it.writing {
		return true
	}
	if it.leased {
		return leaseBroken(it.f)
	}
	changed, err := it.changed()
	return err == nil && changed // a fault of the disk is no sign of a writer
}

// changed reads the item again.
func (it *item) changed() (bool, error) {
	info, err := it.f.Stat()
	if err != nil || info.Size() != it.info.Size() || !info.ModTime().Equal(it.info.ModTime()) {
		return true, err
	}
	sum, err := it.read()
	return sum != it.sum, err
}
