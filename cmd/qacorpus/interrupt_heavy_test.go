//go:build heavy && linux

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var interrupts = flag.Int("interrupts", 60, "how often a pass is interrupted at a random instant")

// TestSyncIsInterruptedAtAnyInstant presses Ctrl-C at random instants, most of
// them before the pass is done, in ever the same folder; then it completes it.
func TestSyncIsInterruptedAtAnyInstant(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	manyPapers(t, whole, 30)
	env := func(name string) []string {
		return []string{"HOME=" + dir, "QACORPUS_STATE=" + filepath.Join(dir, "state", name)}
	}
	start := time.Now()
	if out, err := qacorpusCommand(t, env("whole"), "sync", whole).CombinedOutput(); err != nil {
		t.Fatalf("sync: %v\n%s", err, out)
	}
	took, want := time.Since(start), contents(t, whole)
	ends := map[int]int{}
	for i := range *interrupts {
		name := fmt.Sprint(i)
		folder := filepath.Join(dir, name)
		manyPapers(t, folder, 30)
		x := onTerminal(t, nil, env(name), "sync", folder)
		<-time.After(time.Duration(r.Int64N(int64(took))))
		x.press("\x03")
		status := x.wait()
		ends[status]++
		checkInterrupted(t, name, status, x.text(), contents(t, folder))
		if out, err := qacorpusCommand(t, env(name), "sync", folder).CombinedOutput(); err != nil {
			t.Fatalf("sync: %v\n%s", err, out)
		}
		if got := contents(t, folder); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("interrupt %d (status %d): the folder differs after a whole pass", i, status)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("exit statuses: %v", ends)
	if ends[exitFailed] == 0 {
		t.Error("no pass was interrupted")
	}
}
