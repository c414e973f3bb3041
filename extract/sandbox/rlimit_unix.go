//go:build unix && !linux && !freebsd && !dragonfly

package sandbox

import "golang.org/x/sys/unix"

func setValue(r *unix.Rlimit, v uint64) { r.Cur, r.Max = v, v }
