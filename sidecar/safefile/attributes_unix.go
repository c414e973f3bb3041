//go:build linux || darwin

package safefile

// Attributes: everything that belongs to a file but its bytes and times goes
// over to the file that replaces it, or the file is not replaced.

import (
	"errors"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// copyAttributes gives to the owner, group, mode, ACL and extended attributes
// of from. path is for errors. *UnsafeError if one of them cannot be given.
func copyAttributes(path string, from, to *os.File) error {
	info, err := from.Stat()
	if err != nil {
		return err
	}
	own, err := to.Stat()
	if err != nil {
		return err
	}
	want, have := info.Sys().(*syscall.Stat_t), own.Sys().(*syscall.Stat_t)
	if want.Uid != have.Uid || want.Gid != have.Gid {
		if err := to.Chown(int(want.Uid), int(want.Gid)); err != nil {
			return unsafeFile(path, "foreign-owner", "its owner or group is another one, and could not be kept")
		}
	}
	if err := copyXattrs(path, from, to); err != nil {
		return err
	}
	if err := unix.Fchmod(int(to.Fd()), uint32(want.Mode)&0o7777); err != nil {
		return os.NewSyscallError("fchmod", err)
	}
	return nil
}

func copyXattrs(path string, from, to *os.File) error {
	want, err := listXattrs(from)
	if err != nil {
		return err
	}
	have, err := listXattrs(to) // the folder's default ACL, a security label
	if err != nil {
		return err
	}
	for name, value := range want {
		if have[name] == value || boundToContent(name) {
			continue
		}
		if err := unix.Fsetxattr(int(to.Fd()), name, []byte(value), 0); err != nil && !optional(name, err) {
			return unsafeFile(path, "attributes", "its attribute "+name+" could not be kept")
		}
	}
	for name := range have {
		if _, ok := want[name]; ok {
			continue
		}
		if err := unix.Fremovexattr(int(to.Fd()), name); err != nil && !optional(name, err) {
			return unsafeFile(path, "attributes", "the folder's default access list could not be taken off")
		}
	}
	return nil
}

// boundToContent names attributes that are wrong for any other bytes: integrity
// hashes and program capabilities.
func boundToContent(name string) bool {
	return name == "security.ima" || name == "security.evm" || name == "security.capability"
}

// optional: labels that the system sets by its own rules, and that only it may set.
func optional(name string, err error) bool {
	system := strings.HasPrefix(name, "security.") || strings.HasPrefix(name, "trusted.") || strings.HasPrefix(name, "com.apple.")
	return system && (errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) || unsupported(err))
}

func listXattrs(f *os.File) (map[string]string, error) {
	names, err := xattrBytes(func(b []byte) (int, error) { return unix.Flistxattr(int(f.Fd()), b) })
	if unsupported(err) {
		return nil, nil
	}
	if err != nil {
		return nil, os.NewSyscallError("flistxattr", err)
	}
	out := make(map[string]string)
	for name := range strings.SplitSeq(string(names), "\x00") {
		if name == "" {
			continue
		}
		value, err := xattrBytes(func(b []byte) (int, error) { return unix.Fgetxattr(int(f.Fd()), name, b) })
		if errors.Is(err, unix.ENODATA) || unsupported(err) || optional(name, err) {
			continue
		}
		if err != nil {
			return nil, os.NewSyscallError("fgetxattr", err)
		}
		out[name] = string(value)
	}
	return out, nil
}

// xattrBytes calls get with a buffer that is large enough.
func xattrBytes(get func([]byte) (int, error)) ([]byte, error) {
	for {
		n, err := get(nil)
		if err != nil || n == 0 {
			return nil, err
		}
		b := make([]byte, n)
		n, err = get(b)
		if errors.Is(err, unix.ERANGE) {
			continue // it grew in between
		}
		if err != nil {
			return nil, err
		}
		return b[:n], nil
	}
}
