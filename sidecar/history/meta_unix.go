//go:build linux || darwin

package history

import (
	"os"

	"golang.org/x/sys/unix"
)

const metaName = "user.qacorpus.version"

// setMeta writes a blob's line to the blob itself, as well as the file system
// can: it is needed only when the logs are lost.
func setMeta(f *os.File, line string) { _ = unix.Fsetxattr(int(f.Fd()), metaName, []byte(line), 0) }

func getMeta(path string) string {
	b := make([]byte, 64<<10)
	n, err := unix.Getxattr(path, metaName, b)
	if err != nil {
		return ""
	}
	return string(b[:n])
}
