package safefile

// Probes: files of ours by which a person can see what works in a folder. Their
// names are those of temporary files, so that no daemon heeds them and, after a
// crash, Recover sweeps them.

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Drop makes a small hidden file in the folder dir and returns its path. remove
// takes it away; until then no daemon does.
func (w *Writer) Drop(dir string) (path string, remove func() error, err error) {
	text := []byte("a probe of qacorpus, which will be removed at once\n")
	path = filepath.Join(dir, newTempName(roleWriting, machineTag(), sha256.Sum256(text), "probe", shortName).String())
	f, err := createOwned(path, 0o600)
	if err != nil {
		return "", nil, fmt.Errorf("make probe in %q: %w", dir, bare(err))
	}
	remove = func() error {
		f.Close()
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("remove probe: %w", err)
		}
		return nil
	}
	if _, err := f.Write(text); err != nil {
		_ = remove() // the first error tells more
		return "", nil, fmt.Errorf("write probe in %q: %w", dir, bare(err))
	}
	return path, remove, nil
}

// TryReplace makes a file in the folder dir and replaces it as Replace would a
// person's. It returns nil, an *UnsafeError where there is no safe way, or what
// failed. Nothing is left.
func (w *Writer) TryReplace(ctx context.Context, dir string) error {
	path, remove, err := w.Drop(dir)
	if err != nil {
		return err
	}
	// A file that is open for writing, as Drop has it, would not be replaced.
	if err := remove(); err != nil {
		return err
	}
	data := []byte("a probe of qacorpus, to be replaced\n")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("write probe in %q: %w", dir, bare(err))
	}
	defer os.Remove(path) // what is left of it is swept by Recover
	f, err := openForReading(path, false)
	if err != nil {
		return fmt.Errorf("open probe in %q: %w", dir, bare(err))
	}
	defer f.Close()
	own(f, false)
	_, seen, err := Read(path, 0)
	if err != nil {
		return fmt.Errorf("read probe: %w", err)
	}
	try := &Writer{Grace: time.Millisecond}
	return try.Replace(ctx, path, seen, []byte("replaced\n"))
}
