//go:build unix

// Accounts: who the daemon runs as, and whether that account can do the work.

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is a user of the machine.
type account struct {
	name, group string
	uid, gid    uint32
	groups      []uint32
	self        bool // the one who installs: nothing to switch to
}

// account returns who the daemon is to run as: for a person's service that
// person, else --as, else who was named at the last installation, else the owner
// of the first folder.
func (s *Service) account(p *plan) (account, error) {
	if !s.o.Place.System {
		return account{self: true}, nil
	}
	var u *user.User
	var err error
	switch as := s.o.As; {
	case as == "" && p.before.As != "":
		u, err = user.Lookup(p.before.As)
	case as != "":
		if u, err = user.Lookup(as); err != nil {
			if byID, idErr := user.LookupId(as); idErr == nil {
				u, err = byID, nil
			}
		}
	default:
		u, err = owner(p.folders)
	}
	if err != nil {
		return account{}, err
	}
	return newAccount(u)
}

// owner returns whose the folders are. Root's are refused: a service that reads
// other people's files has no need of root.
func owner(folders []string) (*user.User, error) {
	for _, dir := range folders {
		info, err := os.Stat(dir)
		if err != nil {
			continue // not mounted now; another folder will tell
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			break
		}
		if stat.Uid == 0 {
			return nil, &problem{err: fmt.Errorf("folder %q belongs to root, and the service should not run as root", dir),
				hint: "give the folder to who uses it (chown), or name an account that can write to it: --as USER"}
		}
		u, err := user.LookupId(strconv.FormatUint(uint64(stat.Uid), 10))
		if err != nil {
			return nil, &problem{err: fmt.Errorf("folder %q belongs to user %d, who has no account here", dir, stat.Uid),
				hint: "name the account that the service is to run as: --as USER"}
		}
		return u, nil
	}
	return nil, &problem{err: errors.New("none of the folders is there, so nobody knows whose they are"), hint: "name the account that the service is to run as: --as USER"}
}

func newAccount(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read user ID of %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read group ID of %s: %w", u.Username, err)
	}
	a := account{name: u.Username, group: u.Gid, uid: uint32(uid), gid: uint32(gid)}
	if g, err := user.LookupGroupId(u.Gid); err == nil {
		a.group = g.Name
	}
	ids, err := u.GroupIds()
	if err != nil {
		return account{}, fmt.Errorf("read groups of %s: %w", u.Username, err)
	}
	for _, id := range ids {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil {
			a.groups = append(a.groups, uint32(n))
		}
	}
	return a, nil
}

// canWrite makes sure that the account can list and write the folder, by asking
// the system as that account: owner, group and access lists all count. A folder
// that is not there is waited for.
func (a account) canWrite(ctx context.Context, dir string) error {
	if !exists(dir) {
		return nil
	}
	if a.try(ctx, `test -r "$1" && test -w "$1" && test -x "$1"`, dir) == nil {
		return nil
	}
	who := "you"
	if !a.self {
		who = "user " + a.name
	}
	return &problem{err: fmt.Errorf("folder %q cannot be read and written by %s", dir, who),
		hint: "change its owner or mode (and that each folder above it can be entered), or choose another account with --as USER"}
}

// canRead makes sure that the account can read the configuration.
func (a account) canRead(ctx context.Context, file string) error {
	if a.try(ctx, `test -r "$1"`, file) == nil {
		return nil
	}
	return &problem{err: fmt.Errorf("configuration %q cannot be read by user %s", file, a.name),
		hint: "make it, and the folders above it, readable for that account"}
}

// try runs a line of shell with $1 set, as the account.
func (a account) try(ctx context.Context, script, arg string) error {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", script, "sh", arg)
	cmd.Dir = "/"
	if !a.self {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: a.groups}}
	}
	return cmd.Run()
}

// ownedByRoot reports whether only root can replace the file: neither it nor a
// folder above it belongs to somebody else or can be written by others.
func ownedByRoot(path string) bool {
	for name := path; ; name = filepath.Dir(name) {
		info, err := os.Stat(name)
		if err != nil {
			return false
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || stat.Uid != 0 || info.Mode().Perm()&0o002 != 0 {
			return false
		}
		if name == filepath.Dir(name) {
			return true
		}
	}
}
