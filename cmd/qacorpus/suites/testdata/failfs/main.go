// Failfs mounts a folder elsewhere and fails what it is told to: a disk with
// bad sectors, for tests.
//
//	failfs BACK MOUNT RULES
//
// RULES is a file that is read before every operation, so that faults come and
// go while the file system is mounted. Each line is the number of an error, an
// operation (open, create, read, write, fsync, rename, readdir) and a pattern of
// names as in path.Match: "5 read bad*.pdf". No file is no fault. The program
// ends when MOUNT is unmounted.
//
// # Design notes
//
// A module of its own, so that the daemon's does not depend on a FUSE library.
package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: failfs BACK MOUNT RULES")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2], rules(os.Args[3])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(back, mount string, r rules) error {
	root := &fs.LoopbackRoot{Path: back}
	root.NewNode = func(data *fs.LoopbackRoot, _ *fs.Inode, _ string, _ *syscall.Stat_t) fs.InodeEmbedder {
		return &node{LoopbackNode: fs.LoopbackNode{RootData: data}, rules: r}
	}
	top := root.NewNode(root, nil, "", nil)
	root.RootNode = top
	server, err := fs.Mount(mount, top, &fs.Options{MountOptions: fuse.MountOptions{FsName: "failfs", Name: "failfs", DirectMount: true, AllowOther: true}})
	if err != nil {
		return fmt.Errorf("mount %q: %w", mount, err)
	}
	server.Wait()
	return nil
}

// rules is the path of the file that says what fails.
type rules string

// fault returns the error with which the operation on that name is to end.
func (r rules) fault(operation, name string) syscall.Errno {
	text, err := os.ReadFile(string(r))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var number int
		var op, pattern string
		if _, err := fmt.Sscan(line, &number, &op, &pattern); err != nil || op != operation {
			continue
		}
		if ok, _ := path.Match(pattern, name); ok {
			return syscall.Errno(number)
		}
	}
	return 0
}

// node is a file or folder; what it does not override is done as on the folder
// behind.
type node struct {
	fs.LoopbackNode
	rules rules
}

func (n *node) name() string { return path.Base(n.Path(nil)) }

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	if errno := n.rules.fault("open", n.name()); errno != 0 {
		return nil, 0, errno
	}
	f, more, errno := n.LoopbackNode.Open(ctx, flags)
	return n.handle(f, n.name()), more, errno
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	if errno := n.rules.fault("create", name); errno != 0 {
		return nil, nil, 0, errno
	}
	child, f, more, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	return child, n.handle(f, name), more, errno
}

func (n *node) Rename(ctx context.Context, name string, to fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	if errno := n.rules.fault("rename", name); errno != 0 {
		return errno
	}
	return n.LoopbackNode.Rename(ctx, name, to, newName, flags)
}

func (n *node) OpendirHandle(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	if errno := n.rules.fault("readdir", n.name()); errno != 0 {
		return nil, 0, errno
	}
	return n.LoopbackNode.OpendirHandle(ctx, flags)
}

// handle is an open file.
type handle struct {
	*fs.LoopbackFile
	rules rules
	name  string
}

func (n *node) handle(f fs.FileHandle, name string) fs.FileHandle {
	if f, ok := f.(*fs.LoopbackFile); ok && f != nil {
		return &handle{f, n.rules, name}
	}
	return f
}

// PassthroughFd keeps the kernel from reading behind our back.
func (h *handle) PassthroughFd() (int, bool) { return 0, false }

func (h *handle) Read(ctx context.Context, buf []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	if errno := h.rules.fault("read", h.name); errno != 0 {
		return nil, errno
	}
	return h.LoopbackFile.Read(ctx, buf, off)
}

func (h *handle) Write(ctx context.Context, data []byte, off int64) (uint32, syscall.Errno) {
	if errno := h.rules.fault("write", h.name); errno != 0 {
		return 0, errno
	}
	return h.LoopbackFile.Write(ctx, data, off)
}

func (h *handle) Fsync(ctx context.Context, flags uint32) syscall.Errno {
	if errno := h.rules.fault("fsync", h.name); errno != 0 {
		return errno
	}
	return h.LoopbackFile.Fsync(ctx, flags)
}
