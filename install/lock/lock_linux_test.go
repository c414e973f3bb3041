package lock

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// As a child, the test binary locks what it is told and holds it until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("QACORPUS_LOCK_CHILD"); path != "" {
		_, err := Folders(strings.Split(path, "\x01"))
		fmt.Println("answer:", err)
		if err == nil {
			// An empty select would end the process: the runtime sees a deadlock.
			killed := make(chan os.Signal, 1)
			signal.Notify(killed, os.Interrupt)
			<-killed
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child starts a process that locks the folders, and returns it with what came of it.
func child(t *testing.T, paths ...string) (*exec.Cmd, string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "QACORPUS_LOCK_CHILD="+strings.Join(paths, "\x01"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(line)
}

func TestTheHolderIsNamedAndItsDeathFreesTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b%\nc")
	sub := filepath.Join(dir, "2024", "x")
	if err := os.MkdirAll(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	holder, answer := child(t, filepath.Join(t.TempDir(), "other"), dir)
	if answer != "answer: <nil>" {
		t.Fatal(answer)
	}
	for _, tt := range []struct{ path, by, want string }{
		{dir, dir, "is already watched by process"},
		{link, link, "is already watched by process"},
		{sub, dir, "lies in"},
		{filepath.Dir(dir), "", "a folder within"},
	} {
		l, err := Folders([]string{t.TempDir(), tt.path})
		var held *HeldError
		if !errors.As(err, &held) {
			t.Fatalf("%q: %v, %v", tt.path, l, err)
		}
		if held.PID != holder.Process.Pid || held.By != tt.by || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v (by %q)", tt.path, err, held.By)
		}
	}
	for path, want := range map[string]int{dir: holder.Process.Pid, link: holder.Process.Pid, filepath.Join(sub, "a.pdf"): holder.Process.Pid, dir + "2": 0, filepath.Dir(dir): 0} {
		if pid := Holder(path); pid != want {
			t.Errorf("process %d has %q, want %d", pid, path, want)
		}
	}
	beside, err := Folders([]string{dir + "2"})
	if err != nil {
		t.Errorf("a folder beside it: %v", err)
	} else {
		beside.Release()
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	l, err := Folders([]string{dir})
	if err != nil {
		t.Fatalf("after the holder's death: %v", err)
	}
	if _, answer := child(t, dir); !strings.Contains(answer, fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("the child got %q", answer)
	}
	l.Release()
	if _, answer := child(t, dir); answer != "answer: <nil>" {
		t.Errorf("after Release the child got %q", answer)
	}
}

// Several that start at once: one gets the folder.
func TestOneOfManyWins(t *testing.T) {
	dir := t.TempDir()
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := Folders([]string{dir}); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d have the folder", won.Load())
	}
}

// Nothing of the lock lies in the folder: it can be removed, and no descriptor
// of the process is open in it.
func TestNoDescriptorInTheFolder(t *testing.T) {
	dir := t.TempDir()
	l, err := Folders([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Release()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if target, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.HasPrefix(target, dir) {
			t.Errorf("descriptor %s is open on %s", fd.Name(), target)
		}
	}
}

func TestRangesStayWithinAnOffset(t *testing.T) {
	for i := range 10000 {
		at := offset("root", fmt.Sprint(i))
		if at < 0 || at+1<<pidBits < 0 || at%(1<<pidBits) != 0 {
			t.Fatalf("offset %d of %d", at, i)
		}
	}
}
