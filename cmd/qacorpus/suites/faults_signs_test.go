//go:build linux && heavy

package suites

// Editors' signs that they have a file open: it waits, but not for ever unseen.

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

var ceiling = flag.Bool("ceiling", false, "wait the ten minutes after which a file that an editor holds is told of")

// signs are the files by which editors say that they have name open, by the
// process of which that is told.
func (f *faulty) signs(name string, pid int) map[string]func() {
	host, err := os.Hostname()
	f.do(err)
	swap := make([]byte, 4096)
	copy(swap, "b0VIM 9.0")
	binary.LittleEndian.PutUint32(swap[24:], uint32(pid))
	copy(swap[68:108], host)
	return map[string]func(){
		"." + name + ".swp": func() { f.do(os.WriteFile(f.at("."+name+".swp"), swap, 0o600)) },
		".#" + name:         func() { f.do(os.Symlink(fmt.Sprintf("me@%s.%d:1", host, pid), f.at(".#"+name))) },
	}
}

func TestFaultEditorsSigns(t *testing.T) {
	f := newFaulty(t, "", 0)
	f.start()
	f.others(f.dir)
	dead := exec.Command("true")
	f.do(dead.Run())
	n := 0
	for _, pid := range []int{os.Getpid(), dead.Process.Pid} {
		name := fmt.Sprintf("%d.json", n)
		for sign, put := range f.signs(name, pid) {
			put()
			f.ask(f.at(name))
			if pid == os.Getpid() {
				other := f.at("other.json")
				f.ask(other)
				f.tidied(other)
				f.untouched(f.at(name))
				f.do(os.Remove(f.at(sign)), os.Remove(other))
			}
			f.tidied(f.at(name))
			f.do(os.RemoveAll(f.at(sign)), os.Remove(f.at(name)))
		}
		n++
	}
	// LibreOffice names no process: such a lock stays after a crash.
	lock := f.at(".~lock.kept.json#")
	f.do(os.WriteFile(lock, []byte(",me,host,,;"), 0o644))
	f.ask(f.at("kept.json"))
	f.others(f.dir)
	f.untouched(f.at("kept.json"))
	var expected []string
	if *ceiling {
		expected = []string{`^left as it is: kept.json: it waits to be tidied while an editor has it open \(.~lock.kept.json#\); if none has, remove that file$`}
		f.toldWithin(15*time.Minute, "kept.json: it waits")
		f.others(f.dir)
		f.untouched(f.at("kept.json"))
	}
	f.do(os.Remove(lock))
	f.tidied(f.at("kept.json"))
	f.only(expected...)
	f.clean()
}

func (f *faulty) toldWithin(limit time.Duration, text string) {
	f.t.Helper()
	again := time.NewTicker(time.Second)
	defer again.Stop()
	told := func(line string) bool { return strings.Contains(line, text) }
	for end := time.Now().Add(limit); !slices.ContainsFunc(f.log.warnings(), told); <-again.C {
		if time.Now().After(end) {
			f.t.Fatalf("%q was not logged within %v", text, limit)
		}
	}
}
