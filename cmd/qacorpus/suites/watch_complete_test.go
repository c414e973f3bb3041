//go:build linux && heavy

package suites

// Files that take their time to come: nothing is said of them before they are complete. Needs pv, rclone and bindfs.

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"qacorpus/sidecar/name"
)

// slowly writes pieces with pauses that are as long as the longest seen between two writes of a slow copy.
type slowly struct {
	t    *testing.T
	path string
	f    *os.File
}

func openSlowly(t *testing.T, path string) *slowly {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return &slowly{t, path, f}
}

func (w *slowly) write(pieces ...[]byte) {
	for _, p := range pieces {
		pause(w.t, 700*time.Millisecond)
		if _, err := w.f.Write(p); err != nil {
			w.t.Error(err)
		}
	}
}

func (w *slowly) close() {
	if err := w.f.Close(); err != nil {
		w.t.Error(err)
	}
}

// pause is the slowness that these tests are about; none of them waits for anything by it.
func pause(t *testing.T, d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

// inPieces cuts data into n pieces.
func inPieces(data []byte, n int) (all [][]byte) {
	for i := range n {
		all = append(all, data[i*len(data)/n:(i+1)*len(data)/n])
	}
	return all
}

// arrival is one way for a file to come. It returns when the file is complete.
type arrival struct {
	name string
	come func(t *testing.T, path string)
}

func arrivals(t *testing.T, paper []byte, source string) []arrival {
	run := func(t *testing.T, command string, args ...string) {
		if out, err := exec.Command(command, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
	return []arrival{
		{"pv.pdf", func(t *testing.T, path string) {
			run(t, "sh", "-c", `pv -q -L 8k "$1" > "$2"`, "sh", source, path)
		}},
		{"rclone.pdf", func(t *testing.T, path string) {
			run(t, "rclone", "--config", os.DevNull, "copyto", "--bwlimit", "8k", "--buffer-size", "0", source, path)
		}},
		{"download.pdf", func(t *testing.T, path string) {
			w := openSlowly(t, path+".crdownload")
			w.write(inPieces(paper, 6)...)
			w.close()
			if err := os.Rename(path+".crdownload", path); err != nil {
				t.Error(err)
			}
		}},
		{"from the end.pdf", func(t *testing.T, path string) { fromTheEnd(t, path, paper, false) }},
		{"from the end, allocated.pdf", func(t *testing.T, path string) { fromTheEnd(t, path, paper, true) }},
		{"reopened.pdf", func(t *testing.T, path string) {
			for _, piece := range inPieces(paper, 8) {
				pause(t, 700*time.Millisecond)
				f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = f.Write(piece)
				f.Close()
			}
		}},
		{"increments.pdf", func(t *testing.T, path string) {
			// Each increment is a whole PDF when it is complete, and none before.
			w := openSlowly(t, path)
			w.write(inPieces(paper, 3)...)
			for i := range 3 {
				w.write(inPieces(increment(paper, i), 3)...)
			}
			w.close()
		}},
	}
}

// increment is an update that changes nothing, as a program that signs or comments appends one.
func increment(paper []byte, n int) []byte {
	end := paper[bytes.LastIndex(paper, []byte("startxref")):]
	return fmt.Appendf(nil, "%% a comment of %d bytes: %s\n%s", 500, strings.Repeat(fmt.Sprint(n), 500), end)
}

// fromTheEnd writes a file whose size is settled first, last piece first.
func fromTheEnd(t *testing.T, path string, data []byte, allocate bool) {
	f, err := os.Create(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	if allocate {
		err = unix.Fallocate(int(f.Fd()), 0, 0, int64(len(data)))
	}
	if !allocate || errors.Is(err, errors.ErrUnsupported) {
		err = f.Truncate(int64(len(data)))
	}
	if err != nil {
		t.Error(err)
	}
	const n = 8
	for i := n - 1; i >= 0; i-- {
		pause(t, 700*time.Millisecond)
		at := i * len(data) / n
		if _, err := f.WriteAt(data[at:(i+1)*len(data)/n], int64(at)); err != nil {
			t.Error(err)
		}
	}
}

// TestSlowArrivals lets files come slowly, all at once, into a folder with events and into one that is polled: no PDF is called
// damaged, no file reported or rewritten before it is complete, and all are right afterwards.
func TestSlowArrivals(t *testing.T) {
	for _, polled := range []bool{false, true} {
		t.Run(fmt.Sprintf("polled=%v", polled), func(t *testing.T) {
			dir := t.TempDir()
			if polled {
				dir = seenThrough(t, dir)
			}
			slowArrivals(t, newStation(t, dir, "QACORPUS_QA_NORMALISE=always"))
		})
	}
}

func slowArrivals(t *testing.T, s *station) {
	source, err := filepath.Abs("../../../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		t.Fatal(err)
	}
	paper, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	ended := map[string]time.Time{} // by path: not before that was the file complete
	var mu sync.Mutex
	var all sync.WaitGroup
	come := func(base string, f func(path string)) {
		path := s.at(base)
		all.Go(func() {
			f(path)
			mu.Lock()
			defer mu.Unlock()
			ended[path] = time.Now()
		})
	}
	ways := arrivals(t, paper, source)
	for _, a := range ways {
		come(a.name, func(path string) { a.come(t, path) })
	}
	var pairs []string
	for i := range 6 {
		pairs = append(pairs, fmt.Sprintf(`{"Question": "What is number %d?",   "Answer": "It is %d."}`, i, i))
	}
	doc := []byte("[ " + strings.Join(pairs, ",\n") + " ]\n")
	come("pairs.json", func(path string) {
		w := openSlowly(t, path)
		w.write(inPieces(doc, 8)...)
		w.close()
	})
	come("lines.jsonl", func(path string) {
		w := openSlowly(t, path)
		for _, p := range pairs {
			w.write([]byte(p + "\n"))
		}
		w.close()
	})
	all.Wait()
	s.becomesRight(len(ways))
	for base, end := range map[string]string{"pairs.json": "]", "lines.jsonl": "}"} {
		if !comesTrue(func() bool {
			data, _ := os.ReadFile(s.at(base))
			return bytes.Contains(data, []byte(`"question"`)) && bytes.Contains(data, []byte(`"answer": "It is 5."`)) && bytes.HasSuffix(bytes.TrimSpace(data), []byte(end))
		}) {
			t.Errorf("%s was never tidied", base)
		}
	}
	s.rests(3 * time.Second)
	s.neverDamaged()
	for _, e := range s.writes("") {
		source := e.Path
		if name.Of(filepath.Base(source)) == name.Preview {
			source = strings.TrimSuffix(source, ".preview.md") + ".pdf"
		}
		if at, ok := ended[source]; !ok || e.Time.Before(at.Add(-time.Second)) && filepath.Base(source) != "increments.pdf" {
			t.Errorf("%s %s at %v, complete at %v", e.Msg, e.Path, e.Time, at)
		}
	}
	t.Logf("%d slow files, %d changes", len(ended), len(s.writes("")))
}

// TestCutOff: a PDF that ends too early is reported within 15 s of its last write: by a writer that closed it, in a folder with
// events, and in one that is polled and where nothing happened for longer than the pauses between polls can get.
func TestCutOff(t *testing.T) {
	paper, err := os.ReadFile("../../../testdata/QA_corpus/AdaRank.pdf")
	if err != nil {
		t.Fatal(err)
	}
	behind := t.TempDir()
	stations := map[*station]string{}
	local := newStation(t, t.TempDir())
	stations[local] = local.dir
	polled := newStation(t, seenThrough(t, behind))
	stations[polled] = behind // no event tells of what happens there
	pause(t, 25*time.Second)
	for i := range 3 {
		wrote := map[*station]time.Time{}
		for s, dir := range stations {
			w := openSlowly(t, filepath.Join(dir, fmt.Sprint("cut ", i, ".pdf")))
			w.write(inPieces(paper[:len(paper)/2], 2)...)
			w.close()
			wrote[s] = time.Now()
		}
		for s := range stations {
			path := s.at(fmt.Sprint("cut ", i, ".preview.md"))
			if !comesTrue(func() bool { return len(s.writes(path)) > 0 }) {
				t.Fatalf("%s: never reported", s.dir)
			}
			e := s.writes(path)[0]
			took := e.Time.Sub(wrote[s])
			t.Logf("%s: %s after %v", s.dir, e.Status, took.Round(time.Millisecond))
			if e.Status != "damaged" || took > 15*time.Second {
				t.Errorf("%s: %s after %v", path, e.Status, took)
			}
		}
	}
}
