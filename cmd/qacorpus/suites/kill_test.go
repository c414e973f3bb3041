//go:build linux && heavy

package suites

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"qacorpus/sidecar"
	"qacorpus/sidecar/history"
	"qacorpus/sidecar/qa"
)

var kills = flag.Int("kills", 60, "how often the daemon is killed; 1000 is the long form")

// TestKilledAtAnyInstant kills the daemon with SIGKILL at random instants while
// files are dropped, replaced, renamed, deleted and saved, half of the times when
// it has just made a file by a temporary name. Afterwards one pass must bring the
// folder to the bytes that an undisturbed run gives, with nothing left over, every
// save must be in its file or in the history, and the history must have kept the
// first version of every file.
func TestKilledAtAnyInstant(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d kills", seed, *kills)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	folder, state := filepath.Join(dir, "QA"), filepath.Join(dir, "state")
	p := &person{t: t, r: r, folder: folder, saves: map[string][]byte{}}
	p.load("../../../testdata/QA_corpus")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	// Few versions are kept, so that every start prunes.
	env := []string{"HOME=" + dir, "QACORPUS_STATE=" + state, "QACORPUS_HISTORY_KEEP=2"}
	var log logged
	firsts := map[string]string{} // by file: its first kept version
	amid := 0
	for range *kills {
		before := filesIn(t, folder)
		c := qacorpusCommand(t, env, "watch", "--log-level", "info", folder)
		c.Stderr = &log
		started := strings.Count(log.text(), "msg=watching")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if r.IntN(4) > 0 { // else perhaps while it starts, and recovers
			comesTrue(func() bool { return strings.Count(log.text(), "msg=watching") > started })
		}
		p.actUntil(r.IntN(2) == 0)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed
		for name := range filesIn(t, folder) {
			if _, old := before[name]; temporary(name) && !old {
				amid++
				break
			}
		}
		p.checkFirsts(state, firsts)
	}
	t.Logf("%d of %d kills left a temporary file; in the meantime %d files written, %d replaced, %d removed, %d tidied", amid, *kills,
		strings.Count(log.text(), "msg=wrote"), strings.Count(log.text(), "msg=replaced"),
		strings.Count(log.text(), "msg=removed"), strings.Count(log.text(), "msg=normalised"))
	// The first pass recovers what the last kill left, the second finds nothing.
	for range 2 {
		c := qacorpusCommand(t, env, "sync", folder)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("sync: %v\n%s%s", err, log.text(), out)
		}
	}
	want := filepath.Join(dir, "undisturbed")
	p.replay(want)
	c := qacorpusCommand(t, []string{"HOME=" + dir, "QACORPUS_STATE=" + filepath.Join(dir, "state2")}, "sync", want)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("sync: %v\n%s", err, out)
	}
	compareFolders(t, folder, want)
	p.checkSaves(state)
}

// person does what people do in a folder, and remembers what it must hold.
type person struct {
	t      *testing.T
	r      *rand.Rand
	folder string
	papers [][]byte          // what may be dropped
	saves  map[string][]byte // by name: what was saved or dropped last
	all    []save            // every save of a JSON file
	n      int
}

type save struct {
	name string
	data []byte
}

func (p *person) load(corpus string) {
	for _, base := range []string{"AdaRank.pdf", "Scanned_Memo.pdf", "Publisher_Login.pdf", "Sufficient_Affine_Offsets.pdf"} {
		data, err := os.ReadFile(filepath.Join(corpus, base))
		if err != nil {
			p.t.Fatal(err)
		}
		p.papers = append(p.papers, data)
	}
}

// actUntil acts until it is time to kill the daemon: after some random time or, if
// aimed, an instant after it made a temporary file.
func (p *person) actUntil(aimed bool) {
	p.t.Helper()
	life := 1000
	if aimed {
		life = 3000
	}
	w, err := fsnotify.NewWatcher()
	if err == nil {
		err = w.Add(p.folder)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	defer w.Close()
	end := time.After(time.Duration(p.r.IntN(life)) * time.Millisecond)
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-end:
			return
		case e := <-w.Events:
			if aimed && e.Has(fsnotify.Create) && temporary(e.Name) && p.r.IntN(3) == 0 {
				// While it writes, or while it watches what it displaced.
				within := []int{4000, 100_000}[p.r.IntN(2)]
				<-time.After(time.Duration(p.r.IntN(within)) * time.Microsecond)
				return
			}
		case <-next.C:
			p.act()
			pause := 20
			if aimed {
				pause = 400 // time for a JSON file to come to rest, and be tidied
			}
			next.Reset(time.Duration(p.r.IntN(pause)) * time.Millisecond)
		}
	}
}

func temporary(path string) bool { return strings.HasPrefix(filepath.Base(path), ".qacorpus-") }

// checkFirsts checks that the first kept version of every file is what it was, and
// to be had.
func (p *person) checkFirsts(state string, firsts map[string]string) {
	p.t.Helper()
	h, err := history.Open(filepath.Join(state, "history"))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range 4 {
		path := sidecar.HistoryPath(filepath.Join(p.folder, fmt.Sprintf("pairs %d.json", i)))
		all, err := h.List(path)
		if err != nil {
			p.t.Fatal(err)
		}
		if len(all) == 0 {
			if firsts[path] != "" {
				p.t.Errorf("the history of %s is gone", path)
			}
			continue
		}
		if first := firsts[path]; first != "" && all[0].SHA256 != first {
			p.t.Errorf("the first version of %s is gone", path)
		}
		firsts[path] = all[0].SHA256
		for _, v := range all {
			if _, err := h.Get(v.SHA256); err != nil {
				p.t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// act does one thing at random.
func (p *person) act() {
	p.n++
	name := fmt.Sprintf("paper %d.pdf", p.r.IntN(8))
	switch p.r.IntN(6) {
	case 0, 1:
		p.write(name, p.papers[p.r.IntN(len(p.papers))])
	case 2:
		other := fmt.Sprintf("paper %d.pdf", p.r.IntN(8))
		if data, ok := p.saves[name]; ok && other != name {
			if err := os.Rename(filepath.Join(p.folder, name), filepath.Join(p.folder, other)); err != nil {
				p.t.Fatal(err)
			}
			p.saves[other] = data
			delete(p.saves, name)
		}
	case 3:
		if _, ok := p.saves[name]; ok {
			if err := os.Remove(filepath.Join(p.folder, name)); err != nil {
				p.t.Fatal(err)
			}
			delete(p.saves, name)
		}
	default:
		name := fmt.Sprintf("pairs %d.json", p.r.IntN(4))
		data := fmt.Appendf(nil, "[ {\"Question\": \"What is number %d?\",   \"Answer\": \"It is %d.\"} ]", p.n, p.n)
		p.write(name, data)
		p.all = append(p.all, save{name, data})
	}
}

// write saves by one of the ways of editors: in place, or by rename.
func (p *person) write(name string, data []byte) {
	path := filepath.Join(p.folder, name)
	var err error
	if p.r.IntN(2) == 0 {
		err = os.WriteFile(path, data, 0o644)
	} else if err = os.WriteFile(path+".tmp", data, 0o644); err == nil {
		err = os.Rename(path+".tmp", path)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.saves[name] = data
}

// replay writes what the folder must hold now into another one.
func (p *person) replay(folder string) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Fatal(err)
	}
	for name, data := range p.saves {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
}

// checkSaves makes sure that of every file the last save is in it or, tidied, in
// the history. Saves before the last may have been overwritten by the person
// before the daemon ever read them.
func (p *person) checkSaves(state string) {
	h, err := history.Open(filepath.Join(state, "history"))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, data := range p.saves {
		if !strings.HasSuffix(name, ".json") {
			continue
		}
		path := filepath.Join(p.folder, name)
		got, err := os.ReadFile(path)
		if err != nil {
			p.t.Error(err)
			continue
		}
		if want := qa.Normalise(data, qa.Options{Name: name}).Output; !bytes.Equal(got, want) {
			p.t.Errorf("%s holds %q, saved was %q", name, got, data)
		}
		if !bytes.Equal(got, data) && !h.Has(sha256.Sum256(data)) {
			p.t.Errorf("the last save of %s is not in the history of %s", name, sidecar.HistoryPath(path))
		}
	}
	p.t.Logf("%d acts, %d saves of JSON files", p.n, len(p.all))
}

// compareFolders compares two folders, hidden files included.
func compareFolders(t *testing.T, got, want string) {
	t.Helper()
	g, w := filesIn(t, got), filesIn(t, want)
	var names []string
	for name := range g {
		names = append(names, name)
	}
	for name := range w {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		switch {
		case w[name] == nil:
			t.Errorf("%s is left over", name)
		case g[name] == nil:
			t.Errorf("%s is missing", name)
		case !bytes.Equal(g[name], w[name]):
			t.Errorf("%s is\n%.300s\nwant\n%.300s", name, g[name], w[name])
		}
	}
}

func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		all[rel], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
