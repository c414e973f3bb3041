//go:build unix && !linux

package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// enter sets the limits that all Unix systems have.
func enter(Options) []string {
	gaps := []string{"files, network, other programs and memory: this system offers no sandbox to a program of this kind"}
	for _, l := range []struct {
		name  string
		what  int
		value uint64
	}{
		{"core files", unix.RLIMIT_CORE, 0},
		{"size of written files", unix.RLIMIT_FSIZE, 0},
	} {
		r := unix.Rlimit{}
		setValue(&r, l.value)
		if err := unix.Setrlimit(l.what, &r); err != nil {
			gaps = append(gaps, fmt.Sprintf("%s: %v", l.name, err))
		}
	}
	return gaps
}

// AllowSeconds bounds nothing here: the pool's clock does.
func AllowSeconds(int) error { return nil }
