package safefile

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTemporaryNames(t *testing.T) {
	sum := sha256.Sum256([]byte("bytes"))
	for _, name := range append(oddNames, "a-b-c~0123456789abcdef", "x.tmp", strings.Repeat("é", 127)) {
		for _, limit := range []int{maxName, shortName} {
			n := newTempName(roleExchanged, "01234567", sum, name, limit)
			text := n.String()
			if len(text) > limit || !strings.HasPrefix(text, ".") || !strings.HasSuffix(text, ".tmp") {
				t.Errorf("bad name of %d bytes: %q", len(text), text)
			}
			back, ok := parseTemp(text)
			if !ok || back != n || !back.is(name) || back.is(name+"x") {
				t.Errorf("%q parses to %+v, %v", text, back, ok)
			}
		}
	}
	for _, name := range []string{"", ".qacorpus-.tmp", ".qacorpus-x-1-2-3-a.tmp", ".qacorpus-q-01234567-01234567-0123456789abcdef-a.tmp",
		".qacorpus-x-01234567-01234567-0123456789abcdef-.tmp", ".qacorpus-X-01234567-01234567-0123456789abcdef-a.tmp",
		".qacorpus-x-01234567-01234567-0123456789abcdef-a.json", "a.json"} {
		if n, ok := parseTemp(name); ok {
			t.Errorf("%q parses to %+v", name, n)
		}
	}
}

// TestRecover has every state that a process that died can leave, for a file
// that was read as "old" and whose normal form is "new".
func TestRecover(t *testing.T) {
	for _, c := range []struct {
		name         string
		role         role
		temp, target string // what they hold; "-" is no file
		holds        string // the target, afterwards
		history      []string
	}{
		{"half of ours", roleWriting, "ne", "old", "old", nil},
		{"ours before the exchange", roleExchanged, "new", "old", "old", nil},
		{"old after the exchange", roleExchanged, "old", "new", "new", nil},
		{"a save that was displaced", roleExchanged, "mine", "new", "mine", nil},
		{"a save that was displaced, and another", roleExchanged, "mine", "mine 2", "mine 2", []string{"mine"}},
		{"a save whose file is gone", roleExchanged, "mine", "-", "mine", nil},
		{"old and a file that is gone", roleExchanged, "old", "-", "-", nil},
		{"ours and a file that is gone", roleExchanged, "new", "-", "-", nil},
		{"old moved aside", roleAside, "old", "-", "old", nil},
		{"old moved aside, ours in place", roleAside, "old", "new", "new", nil},
		{"a save moved aside", roleAside, "mine", "-", "mine", nil},
		{"a save moved aside, ours in place", roleAside, "mine", "new", "mine", nil},
		{"a save moved aside, another in place", roleAside, "mine", "mine 2", "mine 2", []string{"mine"}},
		{"removing what was seen", roleRemoving, "new", "-", "-", nil},
		{"removing a save", roleRemoving, "mine", "-", "mine", nil},
		{"removing a save, another in place", roleRemoving, "mine", "mine 2", "mine 2", []string{"mine"}},
	} {
		for _, name := range []string{"a.json", strings.Repeat("n", 240) + ".json"} {
			t.Run(fmt.Sprint(c.name, len(name)), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, name)
				temp := newTempName(c.role, machineTag(), sha256.Sum256([]byte("new")), name, maxName)
				writeFile(t, filepath.Join(dir, temp.String()), c.temp)
				if c.target != "-" {
					writeFile(t, path, c.target)
				}
				k, old := &kept{}, &kept{all: map[string]bool{"old": true}}
				w := &Writer{Keep: k.keep, Known: old.known, Grace: 2 * time.Millisecond}
				left, err := w.Recover(dir)
				if left != 0 || err != nil {
					t.Errorf("%d left, %v", left, err)
				}
				for _, data := range c.history {
					if !k.all[data] {
						t.Errorf("history lacks %q", data)
					}
				}
				if len(k.all) != len(c.history) {
					t.Errorf("history holds %v", k.all)
				}
				if c.holds == "-" {
					only(t, dir)
					return
				}
				if temp.cut != "" && c.target == "-" {
					path = temp.path(dir) // all that the short name tells
				}
				holds(t, path, c.holds)
				only(t, dir, filepath.Base(path))
			})
		}
	}
}

func TestRecoverLeavesWhatIsNotIts(t *testing.T) {
	dir := t.TempDir()
	at := func(machine string) string {
		return filepath.Join(dir, newTempName(roleExchanged, machine, sha256.Sum256([]byte("new")), "a.json", maxName).String())
	}
	foreign, inUse, aged := at("00000000"), at(machineTag()), at("11111111")
	for _, name := range []string{foreign, inUse} {
		writeFile(t, name, "mine")
	}
	f, err := os.Open(inUse)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !own(f, false) {
		t.Fatal("no lock")
	}
	k := &kept{}
	w := &Writer{Keep: k.keep}
	if left, err := w.Recover(dir); left != 2 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	holds(t, foreign, "mine")
	holds(t, inUse, "mine")
	f.Close()
	writeFile(t, aged, "theirs")
	info, err := os.Lstat(aged)
	if err != nil || !young(info) {
		t.Errorf("a new file is not young: %v", err)
	}
	if left, err := w.Recover(dir); left != 2 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	holds(t, filepath.Join(dir, "a.json"), "mine")
	holds(t, aged, "theirs")
}

func TestRecoverKeepsWhatItCannotPlace(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, ".qacorpus-strange.tmp"), "mine")
	if left, err := new(Writer).Recover(dir); left != 1 || err == nil {
		t.Errorf("without a history: %d left, %v", left, err)
	}
	k := &kept{}
	if left, err := (&Writer{Keep: k.keep}).Recover(dir); left != 0 || err != nil || !k.all["mine"] {
		t.Errorf("%d left, %v, history %v", left, err, k.all)
	}
	only(t, dir)
	if _, err := new(Writer).Recover(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
}
