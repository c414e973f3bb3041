//go:build linux

package safefile

// The saver of the races: the ways in which editors save, and the check that
// the last save is there.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// saves are the editors' ways. Each leaves path holding body; "append" adds it.
var saves = map[string]func(path string, body []byte) error{
	"in-place": func(path string, body []byte) error {
		return writeInPlace(path, os.O_WRONLY|os.O_TRUNC|os.O_CREATE, body, nil)
	},
	"truncate": func(path string, body []byte) error {
		if err := os.Truncate(path, 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		spin(20)
		return writeInPlace(path, os.O_WRONLY|os.O_CREATE, body, func(f *os.File) error { return f.Truncate(int64(len(body))) })
	},
	"vscode": func(path string, body []byte) error {
		return writeInPlace(path, os.O_RDWR|os.O_CREATE, body, func(f *os.File) error { return f.Truncate(0) })
	},
	"append": func(path string, body []byte) error {
		return writeInPlace(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, body, nil)
	},
	"rename": func(path string, body []byte) error {
		tmp := path + ".sed"
		if err := os.WriteFile(tmp, body, 0o644); err != nil {
			return err
		}
		return os.Rename(tmp, path)
	},
	"backup-rename": func(path string, body []byte) error {
		if err := os.Rename(path, path+"~"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := writeInPlace(path, os.O_WRONLY|os.O_TRUNC|os.O_CREATE, body, nil); err != nil {
			return err
		}
		os.Remove(path + "~")
		return nil
	},
	"jetbrains": func(path string, body []byte) error {
		tmp, old := path+"___jb_tmp___", path+"___jb_old___"
		if err := os.WriteFile(tmp, body, 0o644); err != nil {
			return err
		}
		if err := os.Rename(path, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.Rename(tmp, path); err != nil {
			return err
		}
		os.Remove(old)
		return nil
	},
	"delete-create": func(path string, body []byte) error {
		os.Remove(path)
		return writeInPlace(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, body, nil)
	},
}

var styles = []string{"in-place", "truncate", "vscode", "append", "rename", "backup-rename", "jetbrains", "delete-create"}

func writeInPlace(path string, flags int, body []byte, first func(*os.File) error) error {
	f, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	spin(20)
	if first != nil {
		if err := first(f); err != nil {
			return err
		}
	}
	if _, err := f.Write(body[:len(body)/2]); err != nil {
		return err
	}
	spin(20)
	_, err = f.Write(body[len(body)/2:])
	return err
}

// spin passes up to that many microseconds: what is raced must not be in step.
func spin(max int) {
	for end := time.Now().Add(time.Duration(rand.IntN(max+1)) * time.Microsecond); time.Now().Before(end); {
	}
}

type saverArgs struct {
	Path, Style, Kept, Board string
	Saves                    int
	Kills                    bool // the normaliser is killed now and then: a save may end in the history
	Aside                    bool // the name is missing for an instant: an append may make a new file
}

// saverResult is what the saver prints.
type saverResult struct {
	Saves, Lost, Torn, Stuck, InHistory, Retried int
}

func saverMain(a saverArgs) error {
	b, err := openBoard(a.Board)
	if err != nil {
		return err
	}
	var r saverResult
	from := 0
	for v := 0; r.Saves < a.Saves; {
		for range 2 {
			v++
			body := []byte(rawLine(v, padding))
			if a.Style == "append" {
				body = []byte(rawLine(v, ""))
			}
			for try := 0; ; try++ {
				if err := saves[a.Style](a.Path, body); err == nil {
					break
				} else if try == 20 {
					return err
				}
				r.Retried++ // as an editor does that says "cannot save, try again"
			}
			r.Saves++
			b.aim()
		}
		if !b.rest() {
			r.Stuck++
		}
		if a.Aside && a.startsAnew(from, v) {
			r.InHistory++
			from = v
			if err := saves["rename"](a.Path, []byte(rawLine(v, ""))); err != nil {
				return err
			}
			continue
		}
		a.check(&r, from, v)
		if a.Style == "append" && v-from > 60 {
			if err := saves["rename"](a.Path, []byte(rawLine(v, ""))); err != nil {
				return err
			}
			from = v
		}
	}
	text, _ := json.Marshal(r)
	fmt.Println(string(text))
	return nil
}

// aim waits until the normaliser is about to replace, most of the time, and a
// little longer or not, so that the next save comes at the worst moment.
func (b *board) aim() {
	if near := b.near.Load(); rand.IntN(4) > 0 {
		for end := time.Now().Add(20 * time.Millisecond); b.near.Load() == near && time.Now().Before(end); {
		}
	}
	spin(1 << rand.IntN(9))
}

// rest waits until the normaliser has found nothing to do twice.
func (b *board) rest() bool {
	passes, idle := b.passes.Load(), b.idle.Load()
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); <-tick.C {
		if b.passes.Load() >= passes+2 && b.idle.Load() >= idle+2 {
			return true
		}
	}
	return false
}

func (a saverArgs) check(r *saverResult, from, last int) {
	data, err := os.ReadFile(a.Path)
	_, versions, ok := normalise(data)
	switch {
	case err != nil || !ok:
		r.Torn++
		fmt.Fprintf(os.Stderr, "torn: %v, %d bytes\n", err, len(data))
		return
	case a.Style != "append" && versions[len(versions)-1] == last:
		return
	case a.Style == "append" && len(versions) == last-from+1 && versions[0] == from && versions[len(versions)-1] == last:
		return
	}
	if a.Kills && a.inHistory(last) {
		r.InHistory++
		return
	}
	r.Lost++
	fmt.Fprintf(os.Stderr, "lost: want version %d to %d, got %v\n", from, last, versions)
}

// startsAnew tells that the file holds the last lines only, and the history all
// that were before them.
func (a saverArgs) startsAnew(from, last int) bool {
	data, err := os.ReadFile(a.Path)
	_, now, ok := normalise(data)
	if err != nil || !ok || a.Style != "append" || now[0] == from || now[len(now)-1] != last {
		return false
	}
	have := map[int]bool{}
	kept, err := filepath.Glob(filepath.Join(a.Kept, "*"))
	if err != nil {
		return false
	}
	for _, name := range kept {
		data, _ := os.ReadFile(name)
		if _, versions, ok := normalise(data); ok {
			for _, v := range versions {
				have[v] = true
			}
		}
	}
	for v := from; v < now[0]; v++ {
		if !have[v] {
			return false
		}
	}
	return len(now) == last-now[0]+1
}

func (a saverArgs) inHistory(v int) bool {
	for _, body := range []string{rawLine(v, padding), rawLine(v, "")} {
		sum := sha256.Sum256([]byte(body))
		if _, err := os.Stat(filepath.Join(a.Kept, hex.EncodeToString(sum[:]))); err == nil {
			return true
		}
	}
	return false
}
