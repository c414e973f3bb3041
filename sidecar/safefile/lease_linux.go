package safefile

// Leases: the kernel's own answer to "is anybody writing to this file", and its
// way of making new writers wait. fcntl(2), "Leases". The owner of the file or
// CAP_LEASE is needed.

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// takeLease puts a read lease on f, which must be open for reading only.
// ErrBusy: somebody has the file open for writing. errors.ErrUnsupported: no
// leases here, or not for us.
func takeLease(f *os.File) error {
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EAGAIN):
		return ErrBusy
	case unsupported(err), errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM), errors.Is(err, unix.ENOLCK):
		return fmt.Errorf("lease: %w", errors.ErrUnsupported)
	}
	return fmt.Errorf("lease: %w", err)
}

// leaseBroken tells that a writer waits for the lease on f, or that the kernel
// took it away because it waited too long (/proc/sys/fs/lease-break-time).
func leaseBroken(f *os.File) bool {
	kind, err := unix.FcntlInt(f.Fd(), unix.F_GETLEASE, 0)
	return err != nil || kind != unix.F_RDLCK
}

func dropLease(f *os.File) { unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK) }
