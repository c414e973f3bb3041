// The program: that the service runs an executable which will still be there
// tomorrow.

package install

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// lastingPlace reports whether a program at path can be relied on to stay.
// System services run only what nobody but root can replace.
func (s *Service) lastingPlace(path string) bool {
	if path == s.o.Place.Binary {
		return true
	}
	lasting := []string{"/usr/", "/opt/", "/bin/", "/nix/store/", "/gnu/store/", "/Applications/", "/Library/"}
	if !s.o.Place.System {
		for _, dir := range []string{".local", "bin", "go/bin", "Applications"} {
			lasting = append(lasting, filepath.Join(s.o.Home, dir)+string(filepath.Separator))
		}
	} else if !ownedByRoot(path) {
		return false
	}
	return slices.ContainsFunc(lasting, func(dir string) bool { return strings.HasPrefix(path, dir) })
}

// program returns where the service is to find the executable, and copies it
// there if need be; copied is where an installation put it, this one or an
// earlier one.
func (s *Service) program(before Status, u *undo) (path, copied string, err error) {
	from := s.o.Program
	if real, err := filepath.EvalSymlinks(from); err == nil {
		from = real
	}
	if s.lastingPlace(from) {
		if before.copied == from {
			copied = from
		}
		return from, copied, nil
	}
	to := s.o.Place.Binary
	if to == "" {
		return "", "", fmt.Errorf("find a place for the program: the home folder is not known")
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return "", "", fmt.Errorf("copy the program: %w", err)
	}
	changed, err := u.write(to, data, 0o755)
	if err != nil {
		return "", "", fmt.Errorf("copy the program: %w", err)
	}
	if changed {
		s.say("copied the program to %s, since %s may not stay", to, from)
	}
	return to, to, nil
}
