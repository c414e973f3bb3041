//go:build heavy && linux

package watcher

// Storms: much happens at once, and afterwards every source was delivered in its last state.

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// calm waits until all deliveries agree with the disk below root, and reports how long that took.
func calm(t *testing.T, r *recorder, root string, since time.Time) {
	t.Helper()
	w := world{root: root}
	wrong := ""
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); <-tick.C {
		r.mu.Lock()
		wrong = w.differs(r.seen)
		n := len(r.seen)
		r.mu.Unlock()
		if wrong == "" {
			t.Logf("%d sources, calm after %v", n, time.Since(since).Round(time.Millisecond))
			return
		}
	}
	t.Fatal(wrong)
}

func TestStormOfCreates(t *testing.T) {
	root := t.TempDir()
	r := start(t, testOptions(root))
	began := time.Now()
	for i := range 40_000 {
		path := filepath.Join(root, fmt.Sprint(i%10), fmt.Sprint(i, ".pdf"))
		if i < 10 {
			must(t, os.Mkdir(filepath.Dir(path), 0o755))
		}
		must(t, os.WriteFile(path, []byte(marker), 0o644))
	}
	t.Logf("written in %v", time.Since(began).Round(time.Millisecond))
	calm(t, r, root, began)
}

func TestStormOfFolderRenames(t *testing.T) {
	root := t.TempDir()
	for i := range 1000 {
		write(t, filepath.Join(root, fmt.Sprint("a", i), "sub", "x.pdf"), fmt.Sprint(i, marker))
	}
	r := start(t, testOptions(root))
	calm(t, r, root, time.Now())
	rng := rand.New(rand.NewPCG(1, 1))
	began, n := time.Now(), 0
	for time.Since(began) < 30*time.Second {
		a, b := rng.IntN(1000), rng.IntN(1000)
		from, to := filepath.Join(root, fmt.Sprint("a", a)), filepath.Join(root, fmt.Sprint("b", b))
		if n%2 == 1 {
			from, to = to, from
		}
		if n%5 == 0 { // into each other
			to = filepath.Join(root, fmt.Sprint("a", b), "in")
		}
		os.Rename(from, to)
		n++
		if n%500 == 0 {
			os.WriteFile(filepath.Join(to, "sub", "x.pdf"), []byte(fmt.Sprint(n, marker)), 0o644)
		}
	}
	t.Logf("%d renames", n)
	calm(t, r, root, time.Now())
}

func TestStormOfGitCheckouts(t *testing.T) {
	root := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=x", "-c", "user.email=x@example.org"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	git("init", "-q", "-b", "one")
	for _, branch := range []string{"one", "two"} {
		for i := range 5000 {
			if branch == "one" || i%2 == 0 {
				write(t, filepath.Join(root, fmt.Sprint("d", i%50), fmt.Sprint(i, ".pdf")), fmt.Sprint(branch, i, marker))
			} else {
				must(t, os.Remove(filepath.Join(root, fmt.Sprint("d", i%50), fmt.Sprint(i, ".pdf"))))
				write(t, filepath.Join(root, branch, fmt.Sprint("d", i%50), fmt.Sprint(i, ".pdf")), fmt.Sprint(branch, i, marker))
			}
		}
		git("add", ".")
		git("commit", "-q", "-m", branch)
		if branch == "one" {
			git("checkout", "-q", "-b", "two")
		}
	}
	r := start(t, testOptions(root))
	calm(t, r, root, time.Now())
	for i := range 6 {
		git("checkout", "-q", []string{"one", "two"}[i%2])
	}
	calm(t, r, root, time.Now())
}

// TestOverflowIsMadeGood lets the kernel keep so few events that most are lost.
func TestOverflowIsMadeGood(t *testing.T) {
	root := t.TempDir()
	must(t, os.Mkdir(filepath.Join(root, "d"), 0o755))
	limit(t, "max_queued_events", "2")
	o := testOptions(root)
	log := &heard{}
	o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r := start(t, o)
	w := world{root: root, out: t.TempDir()}
	for i, op := range randomOps(7, 3000) {
		w.do(op)
		must(t, os.WriteFile(filepath.Join(root, fmt.Sprint("n", i%500, ".pdf")), []byte(fmt.Sprint(i, marker)), 0o644))
	}
	calm(t, r, root, time.Now())
	if log.count("events were lost") == 0 {
		t.Error("no events were lost: the test shows nothing")
	}
}
