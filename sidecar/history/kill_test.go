//go:build unix

package history

// A process that keeps, marks and prunes is killed at random instants. What it
// said was kept is there afterwards, and the first version of every file.

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var kills = flag.Int("kills", 15, "how often the process is killed; 1000 is the long form")

const roleVar = "HISTORY_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(roleVar); dir != "" {
		fmt.Fprintln(os.Stderr, keeper(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// keeper keeps numbered versions of three files for ever, and says which.
func keeper(dir string) error {
	s, err := Open(dir)
	if err != nil {
		return err
	}
	for i := 0; os.Getppid() != 1; i++ {
		for f := range 3 {
			path := fmt.Sprintf("/f%d\n.json", f)
			all, err := s.List(path)
			if err != nil {
				return err
			}
			n := len(all)
			if n > 0 {
				data, err := s.Get(all[n-1].SHA256)
				if err != nil {
					return err
				}
				fmt.Sscanf(string(data), "version %d", &n)
				n++
			}
			v, err := s.Put(path, fmt.Appendf(nil, "version %d of %d", n, f), "test")
			if err != nil {
				return err
			}
			fmt.Println(f, n)
			if i%3 == 1 {
				if err := s.MarkRestored(path, v.SHA256); err != nil {
					return err
				}
			}
		}
		if i%4 == 3 {
			if _, err := s.Prune(5, 0, time.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestKilledAtRandomInstants(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	last := []int{-1, -1, -1} // of each file, the newest version that was said to be kept
	for range *kills {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), roleVar+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		enough := 1 + rand.IntN(20)
		lines := bufio.NewScanner(out)
		for seen := 0; lines.Scan(); {
			var f, n int
			if _, err := fmt.Sscan(lines.Text(), &f, &n); err != nil {
				t.Fatal(err)
			}
			last[f] = n
			if seen++; seen == enough {
				for end := time.Now().Add(time.Duration(rand.IntN(3000)) * time.Microsecond); time.Now().Before(end); {
				}
				cmd.Process.Kill()
			}
		}
		cmd.Wait()
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for f := range 3 {
			path := fmt.Sprintf("/f%d\n.json", f)
			got := list(t, s, path)
			if last[f] < 0 {
				continue
			}
			for _, n := range []int{0, last[f]} {
				if want := fmt.Sprintf("version %d of %d", n, f); !slices.Contains(got, want) {
					t.Fatalf("%q is not in %q", want, got)
				}
			}
		}
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(5, 0, time.Now().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"blobs", "logs"} {
		left, err := filepath.Glob(filepath.Join(dir, sub, "*", tmpPrefix+"*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left over: %q, %v", left, err)
		}
	}
	t.Logf("%d kills, %d versions kept", *kills, last[0]+last[1]+last[2]+3)
}
