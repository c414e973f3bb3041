package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"qacorpus/sidecar/name"
)

// shard is one of several parts of a pass, each done by a process of its own,
// perhaps on another machine. The zero value is all of it.
type shard struct {
	index int // from 0
	count int // of the parts; 0 and 1 are all in one
}

// parseShard reads "I/N". I counts from 1; a scheduler that counts its tasks from
// 0 may say 0, which is part N.
func parseShard(s string) (shard, error) {
	i, n, ok := strings.Cut(s, "/")
	index, err1 := strconv.Atoi(i)
	count, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || count < 1 || index < 0 || index > count {
		return shard{}, withHint(usagef("invalid part %q: want I/N, such as 1/4", s), "I counts from 1 to N, or from 0 to N-1; every part must be run once")
	}
	return shard{(index + count - 1) % count, count}, nil
}

func (s shard) whole() bool { return s.count < 2 }

func (s shard) String() string { return fmt.Sprintf("%d/%d", s.index+1, s.count) }

// has reports whether the source rel, a path within the folder, belongs to the
// part. A PDF goes by a hash of its path, which is the same on every machine and
// whatever else is there. QA files are compared with each other, so that one part
// has them all; they take little time.
func (s shard) has(rel string) bool {
	if s.whole() {
		return true
	}
	if name.Of(filepath.Base(rel)) != name.PDF {
		return s.index == 0
	}
	sum := sha256.Sum256([]byte(filepath.ToSlash(rel)))
	return binary.BigEndian.Uint64(sum[:8])%uint64(s.count) == uint64(s.index)
}

// claim is the name under which the part's process locks the folder and keeps its
// cache: one of a folder within it, so that parts are in nobody's way but that of
// who wants it all.
func (s shard) claim(folder string) string {
	if s.whole() {
		return folder
	}
	return filepath.Join(folder, fmt.Sprintf(".qacorpus-part-%d-of-%d", s.index+1, s.count))
}

// part tells whether this process is to look at path.
func (e *engine) part(path string) bool {
	if e.shard.whole() {
		return true
	}
	f, ok := e.config.FolderOf(path)
	rel, err := filepath.Rel(f.Path, path)
	return ok && err == nil && e.shard.has(rel)
}
