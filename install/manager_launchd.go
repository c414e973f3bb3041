//go:build !windows && !linux

// What only launchd has.

package install

import (
	"fmt"
	"os"
	"path/filepath"
)

func busy(error) bool { return false } // launchd takes orders at any time

// definition returns what makes the service anew as it is now.
func (m manager) definition() (again func() error, err error) {
	path := filepath.Join(m.o.Place.Units, serviceFile)
	old, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("look at service: %w", err)
	}
	return func() error { return replace(path, old, 0o644) }, nil
}
