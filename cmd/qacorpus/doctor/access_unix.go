//go:build unix

package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// mayUse tells whether this process may list, enter and write the folder.
func mayUse(path string) error {
	return unix.Faccessat(unix.AT_FDCWD, path, unix.R_OK|unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}

// mayMake tells whether this process may make a folder in the one at path.
func mayMake(path string) error {
	return unix.Faccessat(unix.AT_FDCWD, path, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}

func mayRead(path string) bool {
	return !errors.Is(unix.Faccessat(unix.AT_FDCWD, path, unix.R_OK, unix.AT_EACCESS), unix.EACCES)
}

// mayUseAs is mayUse for another account, which only root can find out: owner,
// group and access lists all count, so the system is asked as that account.
func mayUseAs(ctx context.Context, account, path string) error {
	u, err := user.Lookup(account)
	if err != nil {
		return fmt.Errorf("look up account: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return fmt.Errorf("look up account: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return fmt.Errorf("look up account: %w", err)
	}
	if os.Geteuid() == int(uid) {
		return mayUse(path)
	}
	if os.Geteuid() != 0 {
		return errors.ErrUnsupported
	}
	as := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	ids, err := u.GroupIds()
	if err != nil {
		return fmt.Errorf("look up groups: %w", err)
	}
	for _, id := range ids {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil {
			as.Groups = append(as.Groups, uint32(n))
		}
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", `test -r "$1" && test -w "$1" && test -x "$1"`, "sh", path)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	return cmd.Run()
}

// owns tells whether this process's user owns the file, or is root.
func owns(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || os.Geteuid() == 0 || int(stat.Uid) == os.Geteuid()
}

// names is the number of names that a file has.
func names(info fs.FileInfo) uint64 {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 1
	}
	return uint64(stat.Nlink)
}

func (d *doctor) descriptors() {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &l) == nil {
		d.add(judgeDescriptors(uint64(l.Cur), perFile, 0))
	}
}
