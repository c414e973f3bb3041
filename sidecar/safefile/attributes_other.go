//go:build !linux && !darwin

package safefile

import "os"

// copyAttributes gives to the mode of from, which is all that is portable.
func copyAttributes(_ string, from, to *os.File) error {
	info, err := from.Stat()
	if err != nil {
		return err
	}
	return to.Chmod(info.Mode().Perm())
}
