//go:build linux && heavy

package suites

// A soak: a daemon under hours of mixed activity, whose memory, descriptors, goroutines and state are to stay as they are.
//
//	go test -tags heavy -run TestSoak ./cmd/qacorpus/suites -soak=2h -soak-curve=curve.svg -v

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"qacorpus/sidecar/name"
)

var (
	soakFor   = flag.Duration("soak", time.Minute, "how long TestSoak goes on")
	soakCurve = flag.String("soak-curve", "", "file for TestSoak's curve, an SVG")
	soakPace  = flag.Duration("soak-pace", 20*time.Millisecond, "time between two things that TestSoak does: longer on a machine that has other work")
	soakSeed  = flag.Uint64("soak-seed", 0, "seed of TestSoak; 0 takes a new one")
)

// soaked is what a soak holds: at most most PDFs, and a few QA files.
type soaked struct {
	t       *testing.T
	s       *station
	rand    *rand.Rand
	backing string // what is mounted at the daemon's folder
	paper   []byte
	pdfs    []string // relative to the folder
	next    int      // number of the next PDF
	did     map[string]int
}

const soakMost = 150

// soakSample is one look at the daemon.
type soakSample struct {
	at                             time.Duration
	rss, fds, goroutines, stateKiB int
}

func TestSoak(t *testing.T) {
	seed := *soakSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	paper, err := os.ReadFile("../../../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		t.Fatal(err)
	}
	k := &soaked{t: t, rand: rand.New(rand.NewPCG(seed, 0)), backing: t.TempDir(), paper: paper, did: map[string]int{}}
	dir := filepath.Join(t.TempDir(), "watched")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	k.mount(dir)
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) }) // it may not be mounted just now
	k.s = newStation(t, dir)
	for range 40 {
		k.drop()
	}
	k.s.becomesRight(len(k.pdfs))

	var samples []soakSample
	began, pace := time.Now(), time.NewTicker(*soakPace)
	defer pace.Stop()
	for time.Since(began) < *soakFor {
		k.act()
		if at := time.Since(began); len(samples) == 0 || at-samples[len(samples)-1].at > *soakFor/100 {
			samples = append(samples, k.sample(at))
			k.draw(samples) // now, so that a soak that fails has its curve
		}
		<-pace.C
	}
	k.s.becomesRight(len(k.pdfs))
	k.nothingLeft()
	for _, what := range slices.Sorted(func(yield func(string) bool) {
		for w := range k.did {
			if !yield(w) {
				return
			}
		}
	}) {
		t.Logf("%-24s %6d", what, k.did[what])
	}
	judgeSoak(t, samples)
}

// act does something that people, editors, sync clients or accidents do. Folders are renamed in the watcher's own storms: here a
// PDF that goes right afterwards would leave its preview for ten minutes, like one whose PDF a sync client is still to bring.
func (k *soaked) act() {
	acts := []struct {
		weight int
		what   string
		do     func()
	}{
		{30, "drop", k.drop}, {10, "delete", k.remove}, {10, "rename", k.rename}, {5, "replace", k.replace},
		{30, "QA file in place", func() { k.edit(false) }}, {20, "QA file by rename", func() { k.edit(true) }},
		{5, "QA file broken", k.breakQA}, {2, "worker killed", k.killWorker},
		{1, "storm of 30", func() {
			for range 30 {
				k.drop()
			}
		}},
		{1, "remount", k.remount},
	}
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	n := k.rand.IntN(total)
	for _, a := range acts {
		if n -= a.weight; n < 0 {
			a.do()
			k.did[a.what]++
			return
		}
	}
}

func (k *soaked) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *soaked) mount(dir string) {
	k.t.Helper()
	if err := unix.Mount(k.backing, dir, "", unix.MS_BIND, ""); err != nil {
		k.t.Fatalf("mount (root is needed): %v", err)
	}
}

// different is the paper with other bytes: a comment, and its last lines again.
func (k *soaked) different() []byte {
	k.next++
	end := k.paper[bytes.LastIndex(k.paper, []byte("startxref")):]
	return fmt.Appendf(slices.Clone(k.paper), "\n%%%d\n%s", k.next, end)
}

func (k *soaked) drop() {
	for len(k.pdfs) >= soakMost {
		k.remove()
	}
	data := k.different()
	rel := filepath.Join(fmt.Sprintf("folder %d", k.rand.IntN(5)), fmt.Sprintf("paper %d.pdf", k.next))
	k.must(os.MkdirAll(filepath.Dir(k.s.at(rel)), 0o755))
	k.must(os.WriteFile(k.s.at(rel), data, 0o644))
	k.pdfs = append(k.pdfs, rel)
}

// pick is the place in pdfs of one of them, -1 where there is none.
func (k *soaked) pick() int {
	if len(k.pdfs) == 0 {
		return -1
	}
	return k.rand.IntN(len(k.pdfs))
}

func (k *soaked) remove() {
	if i := k.pick(); i >= 0 {
		k.must(os.Remove(k.s.at(k.pdfs[i])))
		k.pdfs = slices.Delete(k.pdfs, i, i+1)
	}
}

func (k *soaked) rename() {
	if i := k.pick(); i >= 0 {
		k.next++
		to := filepath.Join(filepath.Dir(k.pdfs[i]), fmt.Sprintf("renamed %d.pdf", k.next))
		k.must(os.Rename(k.s.at(k.pdfs[i]), k.s.at(to)))
		k.pdfs[i] = to
	}
}

func (k *soaked) replace() {
	if i := k.pick(); i >= 0 {
		k.must(os.WriteFile(k.s.at(k.pdfs[i]), k.different(), 0o644))
	}
}

// edit saves one of a few QA files.
func (k *soaked) edit(rename bool) {
	k.next++
	path := k.s.at(fmt.Sprintf("pairs %d.json", k.rand.IntN(8)))
	text := fmt.Sprintf(`[{"Question": "What is case %d?  ", "answer": "It is the %d-th case."}]`, k.next, k.next)
	if !rename {
		k.must(os.WriteFile(path, []byte(text), 0o644))
		return
	}
	k.must(os.WriteFile(path+".part", []byte(text), 0o644))
	k.must(os.Rename(path+".part", path))
}

func (k *soaked) breakQA() {
	k.must(os.WriteFile(k.s.at(fmt.Sprintf("pairs %d.json", k.rand.IntN(8))), []byte(`[{"question": "a" "answer": "b"}]`), 0o644))
}

func (k *soaked) killWorker() {
	for _, pid := range childrenOf(k.s.process.Process.Pid) {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may just have ended
		return
	}
}

// remount takes the folder away when nothing is left to do, until the daemon may have seen it, and back. (Of a PDF that went in
// the very moment, the preview would stay for ten minutes, as above.)
func (k *soaked) remount() {
	k.s.becomesRight(len(k.pdfs))
	k.must(unix.Unmount(k.s.dir, unix.MNT_DETACH))
	away := time.NewTimer(time.Duration(k.rand.IntN(6000)) * time.Millisecond)
	<-away.C
	k.mount(k.s.dir)
}

func (k *soaked) sample(at time.Duration) soakSample {
	k.t.Helper()
	pid := k.s.process.Process.Pid
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	k.must(err)
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	k.must(err)
	m := soakSample{at: at, fds: len(fds)}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &m.rss); err != nil {
		k.t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(k.s.state, "daemon.json"))
	k.must(err)
	var said struct{ Goroutines int }
	k.must(json.Unmarshal(report, &said))
	m.goroutines = said.Goroutines
	err = filepath.WalkDir(k.s.state, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				m.stateKiB += int(info.Sys().(*syscall.Stat_t).Blocks / 2) // what it takes on the disk
			}
		}
		return nil // what goes meanwhile is not counted
	})
	k.must(err)
	return m
}

// draw writes the curve so far to the file that -soak-curve names.
func (k *soaked) draw(samples []soakSample) {
	k.t.Helper()
	if *soakCurve != "" && len(samples) > 1 {
		k.must(os.WriteFile(*soakCurve, drawSoak(samples), 0o644))
	}
}

// nothingLeft fails the test for temporary files and for reports without reason.
func (k *soaked) nothingLeft() {
	k.t.Helper()
	bad := ""
	if !comesTrue(func() bool {
		bad = ""
		_ = filepath.WalkDir(k.s.dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if strings.HasPrefix(d.Name(), ".qacorpus-") {
				bad = path
			}
			if source, ok := name.Source(d.Name()); ok && name.Of(d.Name()) == name.Problems {
				if data, err := os.ReadFile(filepath.Join(filepath.Dir(path), source)); err != nil || json.Valid(data) {
					bad = path
				}
			}
			return nil
		})
		return bad == ""
	}) {
		k.t.Errorf("%s is still there", bad)
	}
}

// judgeSoak compares the second quarter with the last one: the first warms up.
func judgeSoak(t *testing.T, samples []soakSample) {
	t.Helper()
	if len(samples) < 16 {
		t.Fatalf("%d samples are too few", len(samples))
	}
	quarter := len(samples) / 4
	early, late := samples[quarter:2*quarter], samples[len(samples)-quarter:]
	for _, c := range []struct {
		what  string
		of    func(soakSample) int
		spare int // that may come and go
	}{
		{"KiB resident", func(m soakSample) int { return m.rss }, 6 << 10},
		{"descriptors", func(m soakSample) int { return m.fds }, 12},
		{"goroutines", func(m soakSample) int { return m.goroutines }, 12},
		{"KiB of state", func(m soakSample) int { return m.stateKiB }, 8 << 10}, // what 1,000 versions of QA files take until they are forgotten
	} {
		a, b := middle(early, c.of), middle(late, c.of)
		t.Logf("%s: %d, later %d", c.what, a, b)
		if b > a+a/10+c.spare {
			t.Errorf("%s grow from %d to %d", c.what, a, b)
		}
	}
}

func middle(samples []soakSample, of func(soakSample) int) int {
	var v []int
	for _, m := range samples {
		v = append(v, of(m))
	}
	slices.Sort(v)
	return v[len(v)/2]
}

// drawSoak draws a line for each quantity, as a share of its maximum.
func drawSoak(samples []soakSample) []byte {
	const width, height = 800, 300
	var b bytes.Buffer
	fmt.Fprintf(&b, "<svg xmlns=%q viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n", "http://www.w3.org/2000/svg", width, height+20)
	end := samples[len(samples)-1].at
	for i, c := range []struct {
		what, colour string
		of           func(soakSample) int
	}{
		{"KiB resident", "#c33", func(m soakSample) int { return m.rss }},
		{"descriptors", "#36c", func(m soakSample) int { return m.fds }},
		{"goroutines", "#393", func(m soakSample) int { return m.goroutines }},
		{"KiB of state", "#963", func(m soakSample) int { return m.stateKiB }},
	} {
		top := 1
		for _, m := range samples {
			top = max(top, c.of(m))
		}
		fmt.Fprintf(&b, "<polyline fill=\"none\" stroke=%q points=\"", c.colour)
		for _, m := range samples {
			fmt.Fprintf(&b, "%.1f,%.1f ", width*m.at.Seconds()/end.Seconds(), height-float64(height-20)*float64(c.of(m))/float64(top))
		}
		fmt.Fprintf(&b, "\"/>\n<text x=\"%d\" y=\"%d\" fill=%q>%s, at most %d</text>\n", 5+200*i, height+15, c.colour, c.what, top)
	}
	fmt.Fprintf(&b, "</svg>\n")
	return b.Bytes()
}
