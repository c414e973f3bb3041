//go:build linux

package watcher

// A model-based test: random operations on real folders while the watcher runs, in bursts. After each burst the last delivery
// of every path must agree with the disk. A failing run prints its seed and the shortest list of operations found that
// still fails.

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var (
	modelOps    = flag.Int("model.ops", 4000, "operations per seed of the model test")
	modelSeeds  = flag.Int("model.seeds", 2, "seeds of the model test")
	modelShrink = flag.Duration("model.shrink", 30*time.Second, "how long to look for a shorter list that fails")
	modelFirst  = flag.Uint64("model.seed", 1, "first seed of the model test")
)

// burst is the number of operations between two comparisons.
const burst = 250

// op is one operation; the numbers choose paths, whatever there is.
type op struct {
	verb    string
	a, b, n int
}

func (o op) String() string { return fmt.Sprintf("{%q, %d, %d, %d}", o.verb, o.a, o.b, o.n) }

var verbs = []string{
	"write", "write", "write", "write half", "append", "truncate", "save by rename", "remove", "rename", "rename out", "rename in",
	"mkdir", "mkdir deep", "rename folder", "rename folder", "remove folder", "folder out", "folder in", "swap", "swap folders", "symlink",
	"hard link", "chmod", "sidecar", "remove sidecar", "hidden", "folder named pdf",
}

func randomOps(seed uint64, n int) []op {
	rng := rand.New(rand.NewPCG(seed, 0))
	ops := make([]op, n)
	for i := range ops {
		ops[i] = op{verbs[rng.IntN(len(verbs))], rng.IntN(1 << 16), rng.IntN(1 << 16), i}
	}
	return ops
}

// world is a watched root and a place outside it.
type world struct {
	root, out string
}

// dir returns one of 40 folders, which may not exist.
func (w world) dir(n int) string {
	p := w.root
	for n %= 40; n > 0; n /= 3 {
		p = filepath.Join(p, fmt.Sprintf("d%d", n%3))
	}
	return p
}

func (w world) file(n int) string { return filepath.Join(w.dir(n), fmt.Sprintf("f%d.pdf", n/40%5)) }

// single tells whether writing to path changes no other name's content: a write is told of under the name it was made by.
func single(path string) bool {
	var st unix.Stat_t
	err := unix.Lstat(path, &st)
	return err != nil || st.Nlink == 1 && st.Mode&unix.S_IFMT == unix.S_IFREG
}

// do carries out o. Many operations fail, such as writing into a folder that is not there; that is as good as none.
func (w world) do(o op) {
	a, b := w.file(o.a), w.file(o.b)
	da, db := w.dir(o.a), w.dir(o.b)
	out := func(n int) string { return filepath.Join(w.out, fmt.Sprint("o", n%5)) }
	open := func(flags int, data string) {
		if !single(a) {
			os.Remove(a)
		}
		if f, err := os.OpenFile(a, os.O_WRONLY|flags, 0o644); err == nil {
			f.WriteString(data)
			f.Close()
		}
	}
	full := fmt.Sprint(o.n, marker)
	switch o.verb {
	case "write":
		open(os.O_CREATE|os.O_TRUNC, full)
	case "write half":
		open(os.O_CREATE|os.O_TRUNC, fmt.Sprint(o.n))
	case "append":
		open(os.O_APPEND, full)
	case "truncate":
		if single(a) {
			os.Truncate(a, int64(o.b%3))
		}
	case "save by rename":
		tmp := filepath.Join(da, ".tmp")
		if os.WriteFile(tmp, []byte(full), 0o644) == nil {
			os.Rename(tmp, a)
		}
	case "remove":
		if fi, err := os.Lstat(a); err == nil && !fi.IsDir() {
			os.Remove(a)
		}
	case "rename":
		os.Rename(a, b)
	case "rename out":
		os.Rename(a, out(o.b)+".pdf")
	case "rename in":
		os.Rename(out(o.b)+".pdf", a)
	case "mkdir":
		os.Mkdir(da, 0o755)
	case "mkdir deep":
		os.MkdirAll(da, 0o755)
		open(os.O_CREATE|os.O_TRUNC, full)
	case "rename folder":
		if da != w.root && db != w.root {
			os.Rename(da, db)
		}
	case "remove folder":
		if da != w.root {
			os.RemoveAll(da)
		}
	case "folder out":
		if da != w.root {
			os.Rename(da, out(o.b))
		}
	case "folder in":
		os.Rename(out(o.b), db)
	case "swap":
		unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	case "swap folders":
		if da != w.root && db != w.root {
			unix.Renameat2(unix.AT_FDCWD, da, unix.AT_FDCWD, db, unix.RENAME_EXCHANGE)
		}
	case "symlink":
		os.Symlink(b, a)
	case "hard link":
		os.Link(a, b)
	case "chmod":
		os.Chmod(a, os.FileMode(0o600+o.b%64))
	case "sidecar":
		os.WriteFile(a+".md", []byte(full), 0o644)
	case "remove sidecar":
		os.Remove(a + ".md")
	case "hidden":
		os.WriteFile(filepath.Join(da, ".hidden.pdf"), []byte(full), 0o644)
	case "folder named pdf":
		os.Mkdir(a, 0o755)
	default:
		panic(o.verb)
	}
}

// differs returns the first path whose last delivery does not agree with the disk, "" if there is none.
func (w world) differs(seen map[string]content) string {
	wrong := ""
	filepath.WalkDir(w.root, func(path string, d os.DirEntry, err error) error {
		source, ok := testKey(path)
		if err != nil || d.IsDir() || !ok || source != path {
			return nil
		}
		c, delivered := seen[path]
		data, err := os.ReadFile(path)
		switch {
		case !delivered:
			wrong = path + " was never delivered"
		case d.Type().IsRegular() && c.gone:
			wrong = path + " was last delivered as gone"
		case single(path) && err == nil && c.data != string(data):
			wrong = fmt.Sprintf("%s was last delivered with %q, holds %q", path, c.data, data)
		default:
			return nil
		}
		return filepath.SkipAll
	})
	for path, c := range seen {
		if wrong == "" && !c.gone {
			if fi, err := os.Lstat(path); err != nil || fi.IsDir() {
				wrong = path + " went and was not delivered as gone"
			}
		}
	}
	return wrong
}

// play carries out ops in a new world and returns what went wrong, "" if nothing did.
func play(t *testing.T, ops []op, patience time.Duration) string {
	w := world{root: filepath.Join(t.TempDir(), "root"), out: t.TempDir()}
	must(t, os.Mkdir(w.root, 0o755))
	o := testOptions(w.root)
	o.Quiet, o.DeleteGrace, o.Ceiling = 60*time.Millisecond, 30*time.Millisecond, 200*time.Millisecond
	r := newRecorder()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		if err := Run(ctx, o, r.deliver); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	for len(ops) > 0 {
		n := min(burst, len(ops))
		for _, op := range ops[:n] {
			w.do(op)
		}
		ops = ops[n:]
		if wrong := w.settle(ctx, r, patience); wrong != "" {
			return wrong
		}
	}
	return ""
}

// settle waits until the deliveries agree with the disk, and returns what is wrong if they do not in time.
func (w world) settle(ctx context.Context, r *recorder, patience time.Duration) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		r.mu.Lock()
		wrong := w.differs(r.seen)
		r.mu.Unlock()
		if wrong == "" {
			return ""
		}
		select {
		case <-r.more:
		case <-ctx.Done():
			return wrong
		}
	}
}

func TestModel(t *testing.T) {
	for i := range *modelSeeds {
		seed := *modelFirst + uint64(i)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			ops := randomOps(seed, *modelOps)
			wrong := play(t, ops, 2*time.Minute)
			t.Logf("seed %d: %d operations", seed, len(ops))
			if wrong == "" {
				return
			}
			t.Errorf("seed %d: %s", seed, wrong)
			end := time.Now().Add(*modelShrink)
			short := shrink(ops, func(ops []op) bool {
				return time.Now().Before(end) && play(t, ops, time.Second) != ""
			})
			var list strings.Builder
			for _, o := range short {
				fmt.Fprintf(&list, "\n\t%v,", o)
			}
			t.Logf("seed %d: %d operations that still fail:%s", seed, len(short), list.String())
		})
	}
}

// shrink leaves out ever smaller pieces of ops as long as fails says that the rest still fails.
func shrink(ops []op, fails func([]op) bool) []op {
	for size := len(ops) / 2; size > 0; size /= 2 {
		for i := 0; i+size <= len(ops); {
			rest := append(append([]op{}, ops[:i]...), ops[i+size:]...)
			if fails(rest) {
				ops = rest
			} else {
				i += size
			}
		}
	}
	return ops
}
