//go:build heavy

// Package suites tests the whole program from outside, as people and machines
// treat it: editors, full disks, kills, slow copies, mounts that go, two machines,
// big folders, hours of use. The suites need root, the tools that .ci/run installs,
// and minutes; they are built with -tags heavy.
package suites

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// program is the qacorpus that is tested, built by TestMain and not changed after.
var program string

func TestMain(m *testing.M) { os.Exit(built(m)) }

// built builds the program, and runs the tests with it.
func built(m *testing.M) int {
	dir, err := os.MkdirTemp("", "qacorpus-suites-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // other accounts run it, too
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	program = filepath.Join(dir, "qacorpus")
	build := exec.Command("go", "build", "-o", program, "qacorpus/cmd/qacorpus")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build qacorpus:", err)
		return 1
	}
	return m.Run()
}

// qacorpusCommand runs the program.
func qacorpusCommand(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(program, args...)
	c.Args[0] = "qacorpus"
	c.Env = append(os.Environ(), env...)
	return c
}
