package safefile

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// dead is the number of a process that has ended.
func dead(t *testing.T) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

// swapFile is the first block of a vim swap file.
func swapFile(host string, pid int) string {
	b := make([]byte, 1024)
	copy(b, "b0VIM 9.0")
	binary.LittleEndian.PutUint32(b[24:], uint32(pid))
	copy(b[28:], "somebody")
	copy(b[68:], host)
	return string(b)
}

func TestEditorsSigns(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	gone, here := dead(t), os.Getpid()
	for _, c := range []struct {
		name, file, holds, link string
		want                    bool
	}{
		{name: "nothing"},
		{name: "vim", file: ".a.json.swp", holds: swapFile(host, here), want: true},
		{name: "second vim", file: ".a.json.swo", holds: swapFile(host, here), want: true},
		{name: "vim that died", file: ".a.json.swp", holds: swapFile(host, gone)},
		{name: "vim elsewhere", file: ".a.json.swp", holds: swapFile("other", gone), want: true},
		{name: "swap file just made", file: ".a.json.swp", want: true},
		{name: "swap file of another file", file: ".b.json.swp", holds: swapFile(host, here)},
		{name: "emacs", file: ".#a.json", link: fmt.Sprintf("me@%s.%d:1700000000", host, here), want: true},
		{name: "emacs that died", file: ".#a.json", link: fmt.Sprintf("me@%s.%d:1700000000", host, gone)},
		{name: "emacs elsewhere", file: ".#a.json", link: fmt.Sprintf("me@other.example.%d", gone), want: true},
		{name: "emacs without links", file: ".#a.json", holds: fmt.Sprintf("me@%s.%d:1", host, here), want: true},
		{name: "joe", file: ".#a.json", link: fmt.Sprintf("me@%s.%d", host, here), want: true},
		{name: "joe that died", file: ".#a.json", link: fmt.Sprintf("me@%s.%d", host, gone)},
		{name: "strange lock", file: ".#a.json", link: "x", want: true},
		{name: "libreoffice", file: ".~lock.a.json#", holds: ",me,host,;", want: true},
		{name: "kate", file: ".a.json.kate-swp", holds: "x", want: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.json")
			writeFile(t, path, "old")
			switch {
			case c.link != "":
				if err := os.Symlink(c.link, filepath.Join(dir, c.file)); err != nil {
					t.Fatal(err)
				}
			case c.file != "":
				writeFile(t, filepath.Join(dir, c.file), c.holds)
			}
			want := ""
			if c.want {
				want = c.file
			}
			if got := Edited(path); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
