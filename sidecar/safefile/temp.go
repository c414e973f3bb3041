package safefile

// Temporary files: made in the target's own folder, owned by a lock while they
// are in use, and never left behind by a return.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// temp is a temporary file of ours that holds all of its bytes, durably.
type temp struct {
	name tempName
	path string
	f    *os.File // open for reading only, with our lock; nil where open files cannot be renamed
}

// write makes a temporary file for the file at path that holds data. prepare,
// if not nil, sees it before it is made durable.
func (w *Writer) write(path string, data []byte, perm fs.FileMode, prepare func(*os.File) error) (*temp, error) {
	dir, base := filepath.Split(path)
	sum := sha256.Sum256(data)
	t := &temp{name: newTempName(roleWriting, machineTag(), sum, base, maxName)}
	t.path = dir + t.name.String()
	f, err := createOwned(t.path, perm)
	if nameTooLong(err) {
		t.name = newTempName(roleWriting, machineTag(), sum, base, shortName)
		t.path = dir + t.name.String()
		f, err = createOwned(t.path, perm)
	}
	if err != nil {
		return nil, err
	}
	if err := t.fill(f, data, prepare); err != nil {
		f.Close()
		t.discard()
		return nil, err
	}
	return t, nil
}

// fill writes and then holds the file by a descriptor that cannot write, since
// one that can stands in the way of a lease.
func (t *temp) fill(f *os.File, data []byte, prepare func(*os.File) error) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	if prepare != nil {
		if err := prepare(f); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if !keepsOpen {
		return f.Close()
	}
	held, err := openForReading(t.path, false)
	if err != nil {
		return err
	}
	t.f = held
	if !own(held, false) {
		return fmt.Errorf("lock temporary file: %w", ErrBusy)
	}
	return f.Close()
}

// become renames the temporary file for what it may hold from now on.
func (t *temp) become(r role) error {
	name := t.name
	name.role = r
	path := filepath.Join(filepath.Dir(t.path), name.String())
	if err := os.Rename(t.path, path); err != nil {
		return err
	}
	t.name, t.path = name, path
	return nil
}

// discard removes the name; for a temporary file that holds nothing of a person's.
func (t *temp) discard() error {
	t.close()
	if err := os.Remove(t.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (t *temp) close() {
	if t.f != nil {
		t.f.Close()
		t.f = nil
	}
}

// createOwned creates path and takes the lock on it. Recover of another process
// may see the name before the lock is there and sweep the empty file: then a
// new one is made.
func createOwned(path string, perm fs.FileMode) (*os.File, error) {
	for try := 0; ; try++ {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if err != nil {
			return nil, err
		}
		if own(f, false) {
			if info, err := os.Lstat(path); err == nil && sameFile(f, info) {
				return f, nil
			}
		}
		f.Close()
		os.Remove(path)
		if try == 3 {
			return nil, fmt.Errorf("lock temporary file: %w", ErrBusy)
		}
	}
}

func sameFile(f *os.File, info fs.FileInfo) bool {
	own, err := f.Stat()
	return err == nil && os.SameFile(own, info)
}

// machineTag tells this machine's temporary names from those that a sync client
// brought. It is a hash, not the name.
func machineTag() string {
	id, err := os.ReadFile("/etc/machine-id") // machine-id(5)
	if err != nil || len(id) == 0 {
		host, _ := os.Hostname()
		id = []byte(host)
	}
	sum := sha256.Sum256(append([]byte("qacorpus temporary files "), id...))
	return hex.EncodeToString(sum[:tagDigits/2])
}
