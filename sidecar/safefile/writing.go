package safefile

import (
	"errors"
	"os"
)

// Writing tells whether another process has the regular file at path open for
// writing, as far as the system lets us know: exactly for local files that are
// ours, on Linux; elsewhere true is sure and false is not.
func Writing(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if err := regular(path, info.Mode()); err != nil {
		return false, err
	}
	f, err := openForReading(path, true)
	if err != nil {
		return false, err
	}
	defer f.Close()
	err = takeLease(f)
	switch {
	case err == nil:
		dropLease(f)
		it := item{f: f, leased: true}
		if it.trusted() {
			return false, nil
		}
	case errors.Is(err, ErrBusy):
		return true, nil
	case !errors.Is(err, errors.ErrUnsupported):
		return false, err
	}
	return openElsewhere(path, info), nil
}
