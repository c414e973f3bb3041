//go:build freebsd || dragonfly

package sandbox

import "golang.org/x/sys/unix"

// setValue is needed because limits are signed on these systems.
func setValue(r *unix.Rlimit, v uint64) { r.Cur, r.Max = int64(v), int64(v) }
