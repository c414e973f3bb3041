package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// openElsewhere looks through the open files of the processes that we may look
// at, which an ordinary user's editors are. Used where leases do not tell.
func openElsewhere(path string, info fs.FileInfo) bool {
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return false
	}
	base := filepath.Base(path)
	for _, link := range links {
		name, err := os.Readlink(link)
		if err != nil || filepath.Base(name) != base {
			continue
		}
		if other, err := os.Stat(link); err == nil && os.SameFile(other, info) && writes(link) {
			return true
		}
	}
	return false
}

// writes reads the access mode of an open file from its fdinfo; proc(5).
func writes(link string) bool {
	text, err := os.ReadFile(strings.Replace(link, "/fd/", "/fdinfo/", 1))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(text), "flags:")
	flags, err := strconv.ParseInt(strings.TrimSpace(strings.SplitN(rest, "\n", 2)[0]), 8, 64)
	return err == nil && flags&int64(os.O_WRONLY|os.O_RDWR) != 0
}
