//go:build linux && heavy

package safefile

// Power cuts: an ext4 file system is shut down without its journal, as a cut
// leaves it, and mounted again. What was acknowledged is there; what was not is
// there whole or not at all.

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qacorpus/sidecar/safefile/powercut"
)

var powerCuts = flag.Int("cuts", 10, "how often the power is cut")

// powerBody is long enough to be torn.
func powerBody(kind string, i int) string {
	return strings.Repeat(fmt.Sprintf("%s %d\n", kind, i), 2000)
}

// powerMain creates and replaces until the file system goes, and says what is done.
func powerMain(dir string) error {
	var w Writer
	for i := 0; ; i++ {
		if err := w.Create(filepath.Join(dir, fmt.Sprintf("p%d.md", i)), []byte(powerBody("preview", i)), 0o644); err != nil {
			return nil
		}
		fmt.Println("created", i)
		path := filepath.Join(dir, fmt.Sprintf("q%d.json", i))
		// An editor that is careful: what it saved is durable.
		if w.Create(path, []byte(powerBody("old", i)), 0o644) != nil {
			return nil
		}
		_, v, err := Read(path, 0)
		if err != nil {
			return nil
		}
		w.Grace = time.Millisecond
		if w.Replace(context.Background(), path, v, []byte(powerBody("new", i))) != nil {
			return nil
		}
		fmt.Println("replaced", i)
	}
}

func TestPowerCuts(t *testing.T) {
	files, acknowledged := 0, 0
	var acks []ack
	powercut.Run(t, *powerCuts, func(dir string, cut func()) {
		acks = untilCut(t, dir, cut)
	}, func(dir string) {
		if left, err := new(Writer).Recover(dir); left > 0 || err != nil {
			t.Errorf("%d left, %v", left, err)
		}
		files += wholeFiles(t, dir)
		for _, ack := range acks {
			acknowledged++
			switch ack.what {
			case "created":
				holds(t, filepath.Join(dir, fmt.Sprintf("p%d.md", ack.i)), powerBody("preview", ack.i))
			case "replaced":
				holds(t, filepath.Join(dir, fmt.Sprintf("q%d.json", ack.i)), powerBody("new", ack.i))
			}
		}
	})
	t.Logf("%d cuts, %d files whole, %d acknowledged and there", *powerCuts, files, acknowledged)
}

type ack struct {
	what string
	i    int
}

// untilCut runs the writer on dir for a moment and then cuts the power.
func untilCut(t *testing.T, dir string, cut func()) (acks []ack) {
	t.Helper()
	cmd := process(t.Context(), "power", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	enough := 5 + rand.IntN(20)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a ack
		if _, err := fmt.Sscan(lines.Text(), &a.what, &a.i); err != nil {
			t.Fatal(err)
		}
		if len(acks) == enough {
			continue // a call that the cut overtakes may still return as if all were well
		}
		if acks = append(acks, a); len(acks) == enough {
			spin(1 << rand.IntN(15))
			cut()
		}
	}
	return acks
}

func wholeFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Error(err)
		}
		var i int
		ok := false
		for _, c := range []struct{ kind, pattern string }{{"preview", "p%d.md"}, {"old", "q%d.json"}, {"new", "q%d.json"}} {
			if _, err := fmt.Sscanf(e.Name(), c.pattern, &i); err == nil {
				ok = ok || bytes.Equal(data, []byte(powerBody(c.kind, i)))
			}
		}
		if !ok {
			t.Errorf("%q is not whole: %d bytes", e.Name(), len(data))
		}
		n++
	}
	return n
}
