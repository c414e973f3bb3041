//go:build unix

package keeper

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner tells whose a folder is, where it is somebody else's than the asking
// person's. A service's private state folder is a link to the real one.
func owner(folder string) (account, home string, ok bool) {
	info, err := os.Stat(folder)
	if err != nil {
		if info, err = os.Lstat(folder); err != nil {
			return "", "", false
		}
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() {
		return "", "", false
	}
	u, err := user.LookupId(strconv.FormatUint(uint64(stat.Uid), 10))
	if err != nil {
		return "", "", false
	}
	return u.Username, u.HomeDir, true
}

// ofProcess tells whose a process is, where it is somebody else's. The folder is
// Linux's; elsewhere there is none.
func ofProcess(pid int) (account, home string, ok bool) {
	return owner(filepath.Join("/proc", strconv.Itoa(pid)))
}

// StateOf returns the state folder that a process works with, wherever it was told
// to keep it: the one whose cache it has open. It is "" where the asking person may
// not see that, and on systems that do not tell (only Linux's /proc/PID/fd does).
func StateOf(pid int) string {
	dir := filepath.Join("/proc", strconv.Itoa(pid), "fd")
	open, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, entry := range open {
		file, err := os.Readlink(filepath.Join(dir, entry.Name()))
		if err != nil || filepath.Ext(file) != ".db" {
			continue
		}
		if folder := filepath.Dir(file); filepath.Base(folder) == "cache" {
			return filepath.Dir(folder)
		}
	}
	return ""
}

// Give gives what this process, being root, has left in a state folder that is
// somebody else's to whose the folder is. Others cannot, and need not.
func Give(state string) error {
	info, err := os.Stat(state)
	if err != nil || os.Geteuid() != 0 {
		return nil
	}
	theirs, ok := info.Sys().(*syscall.Stat_t)
	if !ok || theirs.Uid == 0 {
		return nil
	}
	err = filepath.WalkDir(state, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Sys().(*syscall.Stat_t).Uid == theirs.Uid {
			return nil // or gone meanwhile
		}
		return os.Lchown(path, int(theirs.Uid), int(theirs.Gid))
	})
	if err != nil {
		return fmt.Errorf("give state back to its owner: %w", err)
	}
	return nil
}
