package sandbox

import (
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// eat tries to use more than the sandbox gives.
func eat() report {
	r := report{Results: map[string]string{}}
	say := func(name string, err error) {
		r.Results[name] = ""
		if err != nil {
			r.Results[name] = err.Error()
		}
	}
	_, err := unix.Mmap(-1, 0, 600<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	say("memory", err)
	_, err = unix.Mmap(-1, 0, 64<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	say("a little memory", err)
	err = nil
	for n := 0; n < 100 && err == nil; n++ {
		_, err = unix.Eventfd(0, unix.EFD_CLOEXEC)
	}
	say("descriptors", err)
	say("processor time twice", errors.Join(AllowSeconds(5), AllowSeconds(5)))
	return r
}

func TestLimits(t *testing.T) {
	r := run(t, "eat", nil)
	want := map[string]bool{"memory": false, "a little memory": true, "descriptors": false, "processor time twice": true}
	for name, ok := range want {
		if res, tried := r.Results[name]; !tried || (res == "") != ok {
			t.Errorf("%s: %q, want success %v", name, res, ok)
		}
	}
}

// spin works until the kernel ends it.
func spin() {
	for n := 0; ; n++ {
		_ = n
	}
}

// TestProcessorTime has a process work for ever after it was given a second.
func TestProcessorTime(t *testing.T) {
	arg, err := json.Marshal(targets{Mode: "spin", Memory: 512 << 20})
	if err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := exec.Command("/proc/self/exe", attackWord, string(arg)).Run(); !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if s := exit.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != unix.SIGXCPU {
		t.Errorf("ended by %v", exit)
	}
}

// TestLandlockAlone is the second wall without the first one.
func TestLandlockAlone(t *testing.T) {
	r := run(t, "landlock", nil)
	if r.Refused != "" {
		t.Fatal(r.Refused)
	}
	var held []string
	for name, res := range r.Results {
		if res != "" {
			held = append(held, name)
		}
	}
	for _, name := range []string{"read a file", "list a folder", "write a file", "change a file", "truncate a file", "rename a file", "remove a file", "make a folder", "make a link", "dial TCP", "start a program"} {
		if !slices.Contains(held, name) {
			t.Errorf("%s: works behind Landlock", name)
		}
	}
}
