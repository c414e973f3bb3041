package watcher

// Reading a folder with getdents64 into a buffer that is used again: no allocation per entry but the names.

import (
	"bytes"
	"encoding/binary"
	"strings"

	"golang.org/x/sys/unix"
)

// read fills items with the entries of the folder at path, in no order, and with the stamps of those files and links that
// wants chooses, if it is not nil. It follows a link only if follow is set.
func (l *listing) read(path string, follow bool, wants func(*item) bool) error {
	if l.buf == nil {
		l.buf = make([]byte, 64<<10)
	}
	clear(l.items)
	l.items = l.items[:0]
	fd, err := openFolder(path, follow)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var sx unix.Statx_t
	err = retry(func() error {
		return unix.Statx(fd, "", unix.AT_EMPTY_PATH, wanted|unix.STATX_MTIME, &sx)
	})
	if err != nil {
		return err
	}
	l.id, l.mtime = identityOf(&sx), sx.Mtime.Sec*1e9+int64(sx.Mtime.Nsec)
	prefix := strings.TrimSuffix(path, "/") + "/"
	for {
		var n int
		err := retry(func() (err error) { n, err = unix.Getdents(fd, l.buf); return })
		if err != nil {
			return err
		}
		if n <= 0 {
			break
		}
		l.parse(l.buf[:n], prefix)
	}
	for i := range l.items {
		it := &l.items[i]
		if it.kind == kindUnknown {
			l.stat(fd, it, it.path[len(prefix):])
		}
		if wants != nil && (it.kind == kindFile || it.kind == kindLink) && wants(it) && !it.known {
			l.stat(fd, it, it.path[len(prefix):])
		}
	}
	return nil
}

func openFolder(path string, follow bool) (fd int, err error) {
	flags := unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC | unix.O_NONBLOCK
	if !follow {
		flags |= unix.O_NOFOLLOW
	}
	err = retry(func() (err error) { fd, err = unix.Open(path, flags, 0); return })
	return fd, err
}

// parse adds the entries in buf: inode 8 bytes, offset 8, length 2, type 1, then the name, ended by a zero byte.
func (l *listing) parse(buf []byte, prefix string) {
	// One string holds all paths of this buffer; they live about as long as each other.
	var all strings.Builder
	all.Grow(len(buf) + len(prefix)*(len(buf)/24+1))
	first := len(l.items)
	for len(buf) >= 19 {
		size := int(binary.NativeEndian.Uint16(buf[16:]))
		if size < 19 || size > len(buf) {
			return
		}
		kind, name := kindOfEntry(buf[18]), buf[19:size]
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		buf = buf[size:]
		if string(name) == "." || string(name) == ".." {
			continue
		}
		all.WriteString(prefix)
		all.Write(name)
		l.items = append(l.items, item{kind: kind, stamp: stamp{size: int64(all.Len())}})
	}
	whole, start := all.String(), 0
	for i := first; i < len(l.items); i++ {
		end := int(l.items[i].stamp.size)
		l.items[i].path, l.items[i].stamp.size = whole[start:end], 0
		start = end
	}
}

func kindOfEntry(t byte) kind {
	switch t {
	case unix.DT_REG:
		return kindFile
	case unix.DT_LNK:
		return kindLink
	case unix.DT_DIR:
		return kindFolder
	case unix.DT_UNKNOWN:
		return kindUnknown
	}
	return kindOther
}

func (l *listing) stat(fd int, it *item, name string) {
	var st unix.Stat_t
	if retry(func() error { return unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) }) != nil {
		return // gone meanwhile: its event follows, or the next look
	}
	it.kind = kindOfMode(st.Mode)
	if it.kind == kindLink {
		var target unix.Stat_t
		if retry(func() error { return unix.Fstatat(fd, name, &target, 0) }) == nil {
			st = target
		}
	}
	it.stamp, it.known = stampOf(&st), true
}
