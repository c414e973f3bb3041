//go:build linux && heavy

package suites

// Folders on servers, where the kernel has neither NFS nor SMB: strace has the daemon see another type of file system, and no
// event. Needs strace.

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestRootOnServer has a daemon watch a folder of which statfs says that it lies on a server, and of which the kernel tells
// nothing: what happens there is found by looking.
func TestRootOnServer(t *testing.T) {
	for what, magic := range map[string]uint64{"nfs": 0x6969, "smb": 0xfe534d42, "9p": 0x01021997} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := &station{t: t, dir: t.TempDir(), state: t.TempDir()}
			kind := hex.EncodeToString(binary.NativeEndian.AppendUint64(nil, magic))
			s.under = []string{"strace", "-f", "-qq", "--seccomp-bpf", "-o", filepath.Join(s.state, "calls"), "-e", "trace=statfs,inotify_add_watch",
				"-e", "inject=statfs:poke_exit=@arg2=" + kind, "-e", "inject=inotify_add_watch:retval=1"}
			s.start()
			t.Cleanup(s.stop)
			stock(t, s.dir, 0)
			s.becomesRight(5)
			if n := len(s.lines(func(e entry) bool {
				return e.Msg == "file system sends no reliable events; polling it" && e.Type == what
			})); n != 1 {
				t.Errorf("said %d times that %s is polled\n%s", n, what, s.log.text())
			}
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(os.Mkdir(s.at("sub"), 0o755))
			for i := range 3 {
				must(os.Rename(s.at(fmt.Sprintf("memo %d.pdf", i)), s.at("sub", fmt.Sprintf("memo %d.pdf", i))))
			}
			must(os.Remove(s.at("memo 3.pdf")))
			must(os.WriteFile(s.at("memo 4.pdf"), memo(t, 40), 0o644))
			s.becomesRight(4)
		})
	}
}
