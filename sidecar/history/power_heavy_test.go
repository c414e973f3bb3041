//go:build linux && heavy

package history

// The power goes while a process keeps and prunes on an ext4 file system. Needs
// root, for the mounts, and mkfs.ext4.

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"qacorpus/sidecar/safefile/powercut"
)

var powerCuts = flag.Int("cuts", 10, "how often the power is cut")

func TestPowerCuts(t *testing.T) {
	acknowledged := 0
	var last []int
	powercut.Run(t, *powerCuts, func(dir string, cut func()) {
		last = untilCut(t, dir, cut)
	}, func(dir string) {
		s, err := Open(filepath.Join(dir, "history"))
		if err != nil {
			t.Fatal(err)
		}
		for f, newest := range last {
			got := list(t, s, fmt.Sprintf("/f%d\n.json", f))
			if newest < 0 {
				continue
			}
			acknowledged += newest + 1
			checkKept(t, f, newest, got)
		}
	})
	t.Logf("%d cuts, %d versions acknowledged", *powerCuts, acknowledged)
}

// checkKept checks what a cut left of a file of which that version was said to be
// kept. Later ones may be there too, and have pruned it: then the newest five are
// there, and in any case the first, and none is missing between the rest.
func checkKept(t *testing.T, f, newest int, got []string) {
	t.Helper()
	if len(got) == 0 || got[0] != fmt.Sprintf("version 0 of %d", f) {
		t.Errorf("file %d: the first version is gone: %q", f, got)
		return
	}
	last := number(t, got[len(got)-1])
	if last < newest || len(got)-1 < min(last, 5) {
		t.Errorf("version %d of %d was kept, and there is only %q", newest, f, got)
	}
	for i, version := range got[1:] {
		if number(t, version) != last-(len(got)-2)+i {
			t.Errorf("file %d: versions are missing in %q", f, got)
		}
	}
}

func number(t *testing.T, version string) (n int) {
	t.Helper()
	if _, err := fmt.Sscanf(version, "version %d of", &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// untilCut runs a keeper for a moment, and half of the times kills it and runs
// another, which finds what the first did not make durable; then it cuts the
// power. It returns the newest version of each file that was said to be kept.
func untilCut(t *testing.T, dir string, cut func()) []int {
	t.Helper()
	last := []int{-1, -1, -1}
	for range rand.IntN(2) {
		said(t, dir, last, func(p *os.Process) { p.Kill() })
	}
	said(t, dir, last, func(*os.Process) { cut() })
	return last
}

// said runs a keeper, ends it after some versions, and notes what it said.
func said(t *testing.T, dir string, last []int, end func(*os.Process)) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"="+filepath.Join(dir, "history"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	lines := bufio.NewScanner(out)
	for seen, enough := 0, 10+rand.IntN(60); lines.Scan(); {
		var f, n int
		if _, err := fmt.Sscan(lines.Text(), &f, &n); err != nil {
			t.Fatal(err)
		}
		// A call that the cut overtakes may still return as if all were well:
		// what is said after it does not count.
		if seen++; seen <= enough {
			last[f] = n
		}
		if seen == enough {
			end(cmd.Process)
		}
	}
}
