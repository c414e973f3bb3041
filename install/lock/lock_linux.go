// Linux: read locks on ranges of the root directory; see the package comment.

package lock

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// pidBits is how many bits a process ID has at most (PID_MAX_LIMIT, proc(5)).
const pidBits = 22

// Taking turns: how often and how long a start waits for another one's. A foreign
// lock on "/" that never ends must not keep the program from starting.
const (
	turns = 100
	turn  = 10 * time.Millisecond
)

// handle is one folder's lock: a descriptor of "/" with its ranges. It is a bare
// number and not an *os.File, which would be closed, and the folder given away,
// by the garbage collector if the caller dropped its Lock.
type handle struct {
	root int
}

// release closes the descriptor; its locks go with it. An error would mean that
// it is not one of ours.
func (h handle) release() {
	_ = unix.Close(h.root)
}

// take locks the folder names[0], whose ancestors follow it.
func take(path string, names []string) (handle, error) {
	root, err := unix.Open("/", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return handle{}, fmt.Errorf("lock folder %q: %w", path, err)
	}
	h := handle{root}
	h.waitTurn()
	if err = h.mark(names); err == nil {
		err = h.others(path, names)
	}
	if err != nil {
		h.release()
		return handle{}, err
	}
	_ = unix.Flock(root, unix.LOCK_UN) // closing would do it too
	return h, nil
}

// holderOf looks for a lock on one of the folders. An error is as good as none:
// who asks wants to know more, not to start work.
func holderOf(names []string) int {
	root, err := unix.Open("/", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	h := handle{root}
	defer h.release()
	for _, name := range names {
		if pid, err := h.holder(offset("root", name)); err == nil && pid != 0 {
			return pid
		}
	}
	return 0
}

// waitTurn lets one process at a time mark and look. Without it two that start
// at once would see each other's marks and both back off.
func (h handle) waitTurn() {
	for range turns {
		if err := unix.Flock(h.root, unix.LOCK_EX|unix.LOCK_NB); err != unix.EWOULDBLOCK {
			return
		}
		time.Sleep(turn)
	}
}

// mark locks our byte in the folder's range and, for those who want a folder
// above it, in its ancestors' second ranges.
func (h handle) mark(names []string) error {
	for i, name := range names {
		kind := "below"
		if i == 0 {
			kind = "root"
		}
		at := offset(kind, name) + int64(os.Getpid())
		if err := h.fcntl(unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_RDLCK, Whence: io.SeekStart, Start: at, Len: 1}); err != nil {
			return fmt.Errorf("lock folder %q: %w", names[0], err)
		}
	}
	return nil
}

// others returns a *HeldError if somebody else has the folder, one above it or
// one within it.
func (h handle) others(path string, names []string) error {
	if pid, err := h.holder(offset("below", names[0])); err != nil || pid != 0 {
		return heldBy(path, "", pid, err)
	}
	for i, name := range names {
		by := name
		if i == 0 {
			by = path
		}
		if pid, err := h.holder(offset("root", name)); err != nil || pid != 0 {
			return heldBy(path, by, pid, err)
		}
	}
	return nil
}

func heldBy(path, by string, pid int, err error) error {
	if err != nil {
		return fmt.Errorf("look for the lock of folder %q: %w", path, err)
	}
	return &HeldError{Path: path, By: by, PID: pid}
}

// holder returns who, other than this handle, has a lock in the range; 0 is nobody.
func (h handle) holder(start int64) (int, error) {
	found := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart, Start: start, Len: 1 << pidBits}
	if err := h.fcntl(unix.F_OFD_GETLK, &found); err != nil {
		return 0, err
	}
	if found.Type == unix.F_UNLCK {
		return 0, nil
	}
	return int(found.Start - start), nil
}

func (h handle) fcntl(cmd int, lock *unix.Flock_t) error {
	for {
		err := unix.FcntlFlock(uintptr(h.root), cmd, lock)
		if err != syscall.EINTR {
			return err
		}
	}
}

// offset is where a name's range begins: 41 bits of its hash, so that the range
// ends within a positive 64-bit offset. Two of a hundred folders share one by
// chance once in 400 million machines; one would then refuse to start.
func offset(kind, name string) int64 {
	sum := sha256.Sum256([]byte("qacorpus " + kind + " " + name))
	return int64(binary.BigEndian.Uint64(sum[:])>>(1+pidBits)) << pidBits
}
