package safefile

// Refusal says, without touching anything, why Replace would leave the file at
// path alone, as far as that can be known beforehand: an *UnsafeError, ErrBusy,
// ErrChanged, or nil. A file system that cannot exchange two names shows only
// when it is tried.
func (w *Writer) Refusal(path string, seen Version) error {
	if seen.Symlink {
		return unsafeFile(path, "symlink", "it is a symbolic link")
	}
	it, err := w.expect(path, seen)
	if err != nil {
		return err
	}
	defer it.close()
	if !it.trusted() && !w.Always {
		return unsafeFile(path, "no-safe-way", noLease)
	}
	return nil
}

const noLease = "its file system has no safe way to replace a file that may be open in an editor"
