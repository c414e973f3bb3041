//go:build linux && heavy

package safefile

// Killed at every system call. strace (apt-get install strace) ends the process
// as it enters the Nth call of its main thread, for every N between a marker
// and the end; then the leftovers are recovered, the work is done again, and
// the folder must be as if nothing had happened.

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var oneIn = flag.Int("one-in", 1, "of the instants of a system call only one in so many, at random, is tried")

// beginMark is the name that the process tries to remove when its work begins.
const beginMark = "/nonexistent/qacorpus-begin"

type crashArgs struct {
	Dir, Kept, Scenario string
	Always              bool
}

// In init, because only there is the main goroutine sure to be on the main thread.
func init() {
	if os.Getenv(roleVar) == "power" {
		exit(powerMain(decode[string]()))
	}
	if os.Getenv(roleVar) != "crash" {
		return
	}
	runtime.LockOSThread() // strace counts the calls of the main thread
	a := decode[crashArgs]()
	os.Remove(beginMark)
	exit(crashes()[a.Scenario].run(a))
}

// crash is a piece of work that is killed.
type crash struct {
	prepare func(t *testing.T, a crashArgs)
	run     func(a crashArgs) error
	// after checks what is left once the work was recovered and done again.
	after func(t *testing.T, a crashArgs)
}

func crashes() map[string]crash {
	replace := func(steps ...string) crash {
		return crash{prepare: prepareReplace, run: func(a crashArgs) error { return a.replace(steps...) }, after: afterReplace}
	}
	return map[string]crash{
		"replace":                     replace(),
		"replace, a save before":      replace("exchanging"),
		"replace, a save after":       replace("exchanged"),
		"replace, saves in all steps": replace("exchanging", "back", "back"),
		"aside":                       replace(),
		"aside, a save before":        replace("moving aside"),
		"aside, a save after":         replace("moved aside"),
		"create":                      {nothing, crashArgs.create, afterCreate},
		"remove":                      {prepareRemove, func(a crashArgs) error { return a.remove("") }, afterRemove},
		"remove, a save before":       {prepareRemove, func(a crashArgs) error { return a.remove("removing") }, afterRemove},
		"move":                        {prepareRemove, crashArgs.move, afterMove},
		"recover":                     {prepareRecover, crashArgs.recover, afterRecover},
	}
}

func (a crashArgs) path() string { return filepath.Join(a.Dir, "a.json") }

func (a crashArgs) normaliser() normaliserArgs {
	return normaliserArgs{Path: a.path(), Kept: a.Kept, Always: a.Always, Quiet: time.Millisecond, Grace: time.Millisecond}
}

func (a crashArgs) editor(i int) string { return fmt.Sprintf("%s.editor%d", a.Kept, i) }

func nothing(*testing.T, crashArgs) {}

// The normal form of anything ends in "!". Saves wait as files beside the
// history, and are done by renaming them.
func prepareReplace(t *testing.T, a crashArgs) {
	writeFile(t, a.path(), "old")
	for i := range 3 {
		writeFile(t, a.editor(i), fmt.Sprint("mine ", i))
	}
}

func (a crashArgs) replace(steps ...string) error {
	w := a.normaliser().writer()
	saved := 0
	w.at = func(step string) {
		if saved < len(steps) && steps[saved] == step {
			now := time.Now() // as if it were written now
			os.Chtimes(a.editor(saved), now, now)
			os.Rename(a.editor(saved), a.path())
			saved++
		}
	}
	return a.pass(w)
}

func (a crashArgs) pass(w *Writer) error {
	data, v, err := Read(a.path(), 0)
	if err != nil || bytes.HasSuffix(data, []byte("!")) {
		return err
	}
	if err := a.normaliser().keep(data); err != nil {
		return err
	}
	err = w.Replace(context.Background(), a.path(), v, append(data, '!'))
	if errors.Is(err, ErrChanged) || errors.Is(err, ErrBusy) {
		return nil
	}
	return err
}

// afterReplace expects the last save in the file, normalised, and every other
// one in the history.
func afterReplace(t *testing.T, a crashArgs) {
	w := a.normaliser().writer()
	for range 3 {
		if err := a.pass(w); err != nil {
			t.Error(err)
		}
	}
	last, wants := "old", []string{"old"}
	for i := range 3 {
		if _, err := os.Lstat(a.editor(i)); err == nil {
			break
		}
		if i > 0 {
			// The one before was displaced by us; the third save takes the
			// place of the first, as its author sees.
			wants = []string{"old", last}
		}
		last = fmt.Sprint("mine ", i)
	}
	for _, want := range wants {
		if !a.normaliser().writer().Known(sumOf(want)) {
			t.Errorf("history lacks %q", want)
		}
	}
	holds(t, a.path(), last+"!")
	only(t, a.Dir, "a.json")
}

func (a crashArgs) create() error {
	err := new(Writer).Create(a.path(), bytes.Repeat([]byte("preview"), 1000), 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}

func afterCreate(t *testing.T, a crashArgs) {
	if err := a.create(); err != nil {
		t.Error(err)
	}
	holds(t, a.path(), strings.Repeat("preview", 1000))
	only(t, a.Dir, "a.json")
}

func prepareRemove(t *testing.T, a crashArgs) {
	writeFile(t, a.path(), "ours")
	writeFile(t, a.editor(0), "mine")
}

// remove removes our file, if it is ours, and at step a save comes.
func (a crashArgs) remove(step string) error {
	data, v, err := Read(a.path(), 0)
	if errors.Is(err, os.ErrNotExist) || string(data) == "mine" {
		return nil
	}
	w := a.normaliser().writer()
	w.at = func(now string) {
		if now == step {
			os.Rename(a.editor(0), a.path())
		}
	}
	err = errors.Join(err, w.Remove(a.path(), v))
	if errors.Is(err, ErrChanged) {
		return nil
	}
	return err
}

func afterRemove(t *testing.T, a crashArgs) {
	if err := a.remove(""); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(a.editor(0)); err == nil {
		only(t, a.Dir)
		return
	}
	holds(t, a.path(), "mine")
	only(t, a.Dir, "a.json")
}

func (a crashArgs) move() error {
	err := new(Writer).Move(a.path(), a.path()+".md")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func afterMove(t *testing.T, a crashArgs) {
	if err := a.move(); err != nil {
		t.Error(err)
	}
	holds(t, a.path()+".md", "ours")
	only(t, a.Dir, "a.json.md")
}

// prepareRecover leaves what a crash in mid-exchange leaves: a save under the
// temporary name, our bytes in its place; and a second save and half of ours.
func prepareRecover(t *testing.T, a crashArgs) {
	leave := func(r role, name, holds string) {
		n := newTempName(r, machineTag(), sumOf("new"), name, maxName)
		writeFile(t, filepath.Join(a.Dir, n.String()), holds)
	}
	writeFile(t, a.path(), "new")
	leave(roleExchanged, "a.json", "mine")
	leave(roleExchanged, "b.json", "mine b")
	writeFile(t, filepath.Join(a.Dir, "b.json"), "newer")
	leave(roleWriting, "c.json", "ne")
}

func (a crashArgs) recover() error {
	left, err := a.normaliser().writer().Recover(a.Dir)
	if left > 0 {
		err = errors.Join(err, fmt.Errorf("%d left", left))
	}
	return err
}

func afterRecover(t *testing.T, a crashArgs) {
	holds(t, a.path(), "mine")
	holds(t, filepath.Join(a.Dir, "b.json"), "newer")
	if !a.normaliser().writer().Known(sumOf("mine b")) {
		t.Error("the history lacks a save")
	}
	only(t, a.Dir, "a.json", "b.json")
}

// instant is the nth call of that name since the process began.
type instant struct {
	call string
	n    int
}

// instants runs the work once, undisturbed, and returns its system calls.
// Where /proc is looked through for writers, which makes thousands of calls
// that change nothing, only those that change something count.
func (a crashArgs) instants(t *testing.T, only string) (all []instant) {
	t.Helper()
	if only == "" && a.Always {
		only = "write,pwrite64,fsync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,fchmod,fchown,fsetxattr,fremovexattr"
	}
	if only == "" {
		only = "all"
	}
	out := a.Kept + ".trace"
	a.strace(t, "-o", out, "-e", "trace="+only)
	trace, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	counts, begun := map[string]int{}, false
	for line := range strings.Lines(string(trace)) {
		call, _, ok := strings.Cut(line, "(")
		if !ok || strings.HasPrefix(line, "---") {
			continue
		}
		counts[call]++
		if begun && call != "exit_group" {
			all = append(all, instant{call, counts[call]})
		}
		begun = begun || strings.Contains(line, beginMark)
	}
	if !begun {
		t.Fatal("the work never began")
	}
	return slices.DeleteFunc(all, func(instant) bool { return rand.IntN(*oneIn) > 0 })
}

// strace runs the work under strace; killed tells whether a signal ended it.
func (a crashArgs) strace(t *testing.T, args ...string) (out []byte, killed bool) {
	t.Helper()
	work := process(t.Context(), "crash", a)
	cmd := exec.CommandContext(t.Context(), "strace", append(append([]string{"-qq"}, args...), work.Args...)...)
	cmd.Env = append(work.Env, "GOMAXPROCS=1", "GOGC=off")
	out, err := cmd.CombinedOutput()
	var exitErr *exec.ExitError
	if err != nil && !errors.As(err, &exitErr) {
		t.Fatalf("strace: %v", err)
	}
	return out, exitErr != nil && exitErr.ExitCode() == -1
}

func fresh(t *testing.T, base, scenario string, i int, c crash) crashArgs {
	t.Helper()
	a := crashArgs{Dir: filepath.Join(base, fmt.Sprint("d", i)), Kept: filepath.Join(t.TempDir(), "kept"), Scenario: scenario,
		Always: strings.HasPrefix(scenario, "aside")}
	if err := errors.Join(os.Mkdir(a.Dir, 0o755), os.Mkdir(a.Kept, 0o700)); err != nil {
		t.Fatal(err)
	}
	c.prepare(t, a)
	return a
}

func TestKilledAtEverySystemCall(t *testing.T) {
	var names []string
	for name := range crashes() {
		names = append(names, name)
	}
	slices.Sort(names)
	total := 0
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			if strings.HasPrefix(name, "aside") {
				base = mount(t, "fuse").dir
			}
			c := crashes()[name]
			a := fresh(t, base, name, 0, c)
			all := a.instants(t, "")
			c.after(t, a)
			kills := 0
			for i, at := range all {
				a := fresh(t, base, name, i+1, c)
				_, killed := a.strace(t, "-o", "/dev/null", fmt.Sprintf("--inject=%s:signal=SIGKILL:when=%d", at.call, at.n))
				if killed {
					kills++
				}
				if err := a.recover(); err != nil {
					t.Errorf("%+v: recover: %v", at, err)
				}
				c.after(t, a)
				if t.Failed() {
					t.Fatalf("at %+v, killed %v", at, killed)
				}
			}
			t.Logf("%4d kills at %d calls", kills, len(all))
			total += kills
		})
	}
	t.Logf("%4d kills in all", total)
	if total == 0 {
		t.Error("nothing was ever killed")
	}
}
