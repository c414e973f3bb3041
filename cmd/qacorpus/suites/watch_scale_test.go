//go:build linux && heavy

package suites

// What a big folder costs: the first pass, a start with nothing changed beside find on the same warm tree, a minute of nothing,
// and memory, with and without QA files.
//
//	go test -tags heavy -run TestScale -v ./cmd/qacorpus/suites -papers 100000 -idle 60s -bars
//
// Times and shares of a core are only told, because a busy machine has no say in them that would mean anything; -bars holds
// them to their bars. What memory is used does not depend on who else is there, so its bar always holds.

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	scalePapers   = flag.Int("papers", 1000, "PDFs of the big folder")
	scaleDistinct = flag.Int("distinct", 500, "how many of them differ; the rest are hard links to these")
	scaleIdle     = flag.Duration("idle", 20*time.Second, "how long the idle daemon is watched; 60 s is the long form")
	scaleBars     = flag.Bool("bars", false, "fail where a start takes more than twice find's time, or idling 0.05 % of a core")
	scaleTree     = flag.String("tree", "", "where to make the big folder, or where it is from an earlier run; \"\" for a temporary one")
)

// bigFolder makes the tree: 20 PDFs a folder.
func bigFolder(t *testing.T) (base string) {
	base = *scaleTree
	if base == "" {
		base = t.TempDir()
	}
	root := filepath.Join(base, "QA")
	if _, err := os.Stat(root); err == nil {
		return base
	}
	papers := filepath.Join(base, "papers")
	distinct := min(*scaleDistinct, *scalePapers)
	fillFolder(t, papers, distinct, 1)
	for i := range *scalePapers {
		dir := filepath.Join(root, fmt.Sprintf("f%05d", i/20))
		if i%20 == 0 {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Link(filepath.Join(papers, fmt.Sprintf("paper-%07d.pdf", i%distinct)), filepath.Join(dir, fmt.Sprintf("A_Paper_on_Subject_Number-%07d.pdf", i))); err != nil {
			t.Fatal(err)
		}
	}
	return base
}

// timed runs a command and returns how long it took and what processor time it used.
func timed(t *testing.T, c *exec.Cmd) (wall, cpu time.Duration) {
	t.Helper()
	var out bytes.Buffer
	c.Stderr = &out
	began := time.Now()
	if err := c.Run(); err != nil {
		t.Fatalf("%q: %v\n%s", c.Args, err, &out)
	}
	return time.Since(began), c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

// busyTime adds up what all threads of a process and of its children have used.
func busyTime(t *testing.T, pid int) (all time.Duration) {
	t.Helper()
	for _, p := range append(childrenOf(pid), pid) {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p))
		for _, file := range tasks {
			data, err := os.ReadFile(file)
			if err != nil {
				continue // a thread that ended meanwhile
			}
			var ns int64
			if _, err := fmt.Sscan(string(data), &ns); err != nil {
				t.Fatal(err)
			}
			all += time.Duration(ns)
		}
	}
	return all
}

func childrenOf(pid int) (all []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range lists {
		data, _ := os.ReadFile(file)
		for _, f := range strings.Fields(string(data)) {
			var child int
			if _, err := fmt.Sscan(f, &child); err == nil {
				all = append(all, child)
			}
		}
	}
	return all
}

// memoryOf returns fields of /proc/PID/status, in MB.
func memoryOf(t *testing.T, pid int, fields ...string) (mb []float64) {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		_, rest, _ := strings.Cut(string(data), "\n"+f+":")
		var kb float64
		if _, err := fmt.Sscan(rest, &kb); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		mb = append(mb, kb*1024/1e6)
	}
	return mb
}

// startup starts a daemon and waits until it is idle; it returns how long it was busy, by the clock and by its processor time.
func startup(t *testing.T, s *station) (wall, cpu time.Duration) {
	t.Helper()
	s.start()
	began, last, used := time.Now(), time.Now(), time.Duration(0)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for time.Since(last) < 3*time.Second {
		<-tick.C
		if now := busyTime(t, s.process.Process.Pid); now-used > 20*time.Millisecond {
			last, used = time.Now(), now
		}
	}
	return last.Sub(began), used
}

func TestScale(t *testing.T) {
	base := bigFolder(t)
	root := filepath.Join(base, "QA")
	s := &station{t: t, dir: root, state: filepath.Join(base, "state")}
	if err := os.MkdirAll(s.state, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	command := func(args ...string) *exec.Cmd {
		return qacorpusCommand(t, []string{"HOME=" + s.state, "QACORPUS_STATE=" + s.state}, append(args, root)...)
	}
	wall, cpu := timed(t, command("sync"))
	t.Logf("first pass over %d PDFs: %.2f s, %.2f s of processor time", *scalePapers, wall.Seconds(), cpu.Seconds())
	if n := countPreviews(t, root); n != *scalePapers {
		t.Fatalf("%d previews of %d PDFs", n, *scalePapers)
	}
	var find, again, starts cost
	for i := range 5 {
		find.add(timed(t, exec.Command("find", root, "-printf", "%s %T@\n")))
		again.add(timed(t, command("sync")))
		starts.add(startup(t, s))
		if i < 4 {
			s.stop()
		}
	}
	t.Logf("find: %v; sync with nothing to do: %v, ratio %s; watch until it is idle: %v, ratio %s",
		find, again, again.ratio(find), starts, starts.ratio(find))
	if again, starts := again.share(find), starts.share(find); *scaleBars && max(again, starts) > 2 {
		t.Errorf("a start with nothing to do takes %.2f times as long as find (sync) or %.2f times (watch), want at most 2", again, starts)
	}
	idle(t, s, "no QA file")
	s.stop()
	for i := range 5 {
		pairs := fmt.Sprintf(`[{"question": "What is paper %d about?", "answer": "It is about a subject."}]`, i)
		dir := filepath.Join(root, fmt.Sprintf("f%05d", i*(*scalePapers/20)/5))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("A_Paper_on_Subject_Number-%07d.json", i**scalePapers/5)), []byte(pairs), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wall, cpu = startup(t, s)
	t.Logf("with 5 QA files: watch is idle after %.3f s (%.3f s of processor time)", wall.Seconds(), cpu.Seconds())
	idle(t, s, "5 QA files")
}

// idle says what a daemon costs that has nothing to do.
func idle(t *testing.T, s *station, what string) {
	pid := s.process.Process.Pid
	before := busyTime(t, pid)
	pause(t, *scaleIdle)
	share := (busyTime(t, pid) - before).Seconds() / scaleIdle.Seconds() * 100
	m := memoryOf(t, pid, "VmRSS", "RssAnon", "RssFile", "VmHWM")
	t.Logf("%s: idle %.4f %% of a core over %v; resident %.1f MB (of it anonymous %.1f, of files %.1f), peak %.1f", what, share, *scaleIdle, m[0], m[1], m[2], m[3])
	if *scaleBars && share >= 0.05 {
		t.Errorf("%s: idle at %.4f %% of a core, want less than 0.05", what, share)
	}
	if m[0] >= 60 {
		t.Errorf("%s: resident %.1f MB, want less than 60", what, m[0])
	}
}

// cost is what repeated runs took, by the clock and by processor time.
type cost struct{ wall, cpu []float64 }

func (c *cost) add(wall, cpu time.Duration) {
	c.wall, c.cpu = append(c.wall, wall.Seconds()), append(c.cpu, cpu.Seconds())
}

func (c cost) String() string {
	return fmt.Sprintf("%.3f s at best, %.3f in the middle, %.3f s of processor time", slices.Min(c.wall), median(c.wall), median(c.cpu))
}

// ratio compares the best times, on which a busy machine tells least, and the processor times.
func (c cost) ratio(to cost) string {
	return fmt.Sprintf("%.2f (%.2f of processor time)", c.share(to), median(c.cpu)/median(to.cpu))
}

func (c cost) share(of cost) float64 { return slices.Min(c.wall) / slices.Min(of.wall) }

func median(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

func countPreviews(t *testing.T, root string) (n int) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".preview.md") {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
