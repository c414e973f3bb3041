package safefile

// Reading: one consistent state of a regular file, or an error that says why
// not. Never blocks on a pipe, never opens a device.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Version is what Read saw: the bytes' hash, and the identity of the file that
// held them. Two Versions of one path that are equal with == mean an untouched
// file.
type Version struct {
	SHA256  [sha256.Size]byte
	Size    int64
	Mode    fs.FileMode
	Symlink bool   // the path is a symbolic link; everything else describes its target
	Links   uint64 // hard links; 1 for an ordinary file
	Dev     uint64 // 0 where the system has no such number, as with Ino
	Ino     uint64
	MTime   int64 // nanoseconds since 1970
	CTime   int64 // change of content or attributes; 0 where unknown
}

// Hex returns the SHA-256 as 64 hexadecimal digits.
func (v Version) Hex() string { return hex.EncodeToString(v.SHA256[:]) }

// readTries bounds how often Read starts again while a writer is at work.
const readTries = 4

// Read returns the bytes of the regular file at path, following a symbolic
// link, and the Version that Replace and Remove want back. The file did not
// change while it was read, as far as its size and times tell; or only its times
// moved, at every try, and it held the same bytes twice: on an rclone mount each
// reading of a file moves them until it is uploaded.
//
// Errors: *UnsafeError for what is not a regular file or is longer than max
// bytes (the Version then holds all but the hash; max <= 0 is no limit),
// ErrBusy for one that keeps changing, fs.ErrNotExist and the like as the
// system gives them.
func Read(path string, max int64) ([]byte, Version, error) {
	var last Version
	for try := 0; ; try++ {
		data, v, err := readOnce(path, max)
		switch {
		case !errors.Is(err, ErrBusy):
			return data, v, err
		case try < readTries-1:
			last = v
		case v == (Version{}) || v.untimed() != last.untimed():
			return nil, Version{}, err
		default:
			return data, v, nil
		}
		time.Sleep(time.Millisecond << try)
	}
}

// untimed is v without its times.
func (v Version) untimed() Version {
	v.MTime, v.CTime = 0, 0
	return v
}

// readOnce is Read without the patience. With ErrBusy it returns what it read where nothing but the times moved.
func readOnce(path string, max int64) ([]byte, Version, error) {
	// Looked at before it is opened: opening a pipe wakes its writer, and
	// opening a device may act.
	link, err := os.Lstat(path)
	if err != nil {
		return nil, Version{}, err
	}
	symlink := link.Mode()&fs.ModeSymlink != 0
	info := link
	if symlink {
		if info, err = os.Stat(path); err != nil {
			return nil, Version{}, err
		}
	}
	if err := regular(path, info.Mode()); err != nil {
		return nil, Version{}, err
	}
	f, err := openForReading(path, symlink)
	if err != nil {
		return nil, Version{}, err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return nil, Version{}, err
	}
	if err := regular(path, before.Mode()); err != nil {
		return nil, Version{}, err
	}
	v := identify(before)
	v.Symlink = symlink
	if max > 0 && v.Size > max {
		return nil, v, unsafeFile(path, "too-large", fmt.Sprintf("it is larger than %d bytes", max))
	}
	data, err := readAll(f, v.Size)
	if err != nil {
		return nil, Version{}, err
	}
	after, err := f.Stat()
	if err != nil {
		return nil, Version{}, err
	}
	again := identify(after)
	again.Symlink = symlink
	if again.untimed() != v.untimed() || int64(len(data)) != v.Size {
		return nil, Version{}, fmt.Errorf("read %q: %w", path, ErrBusy)
	}
	if again != v {
		err = fmt.Errorf("read %q: %w", path, ErrBusy)
	}
	again.SHA256 = sha256.Sum256(data)
	return data, again, err
}

// readAll reads up to one byte more than size, which shows growth.
func readAll(f *os.File, size int64) ([]byte, error) {
	data := make([]byte, size+1)
	n, err := io.ReadFull(io.NewSectionReader(f, 0, size+1), data)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return data[:n:n], nil
}

func regular(path string, mode fs.FileMode) error {
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return unsafeFile(path, "folder", "it is a folder")
	case mode&fs.ModeNamedPipe != 0:
		return unsafeFile(path, "fifo", "it is a named pipe")
	case mode&fs.ModeSocket != 0:
		return unsafeFile(path, "socket", "it is a socket")
	case mode&fs.ModeSymlink != 0:
		return unsafeFile(path, "symlink", "it is a symbolic link")
	}
	return unsafeFile(path, "device", "it is a device")
}
