//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// start starts a watcher in a process group of its own.
func start(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
	c.Stdout, c.Stderr = nil, nil
	if err := c.Start(); err != nil {
		return fmt.Errorf("start %s: %w", c.Path, err)
	}
	return nil
}

// stop ends a watcher with all of its group.
func stop(c *exec.Cmd) {
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM) // it may be gone
	done := time.AfterFunc(5*time.Second, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) })
	_ = c.Wait() // how it ended does not matter
	done.Stop()
}

// usage is what a process group holds and has used.
type usage struct {
	rss int64                    // bytes
	cpu map[string]time.Duration // by thread
}

// since is the processor time of the threads that were there before, and of those
// that have come; what those used that have ended is not known.
func (u usage) since(before usage) time.Duration {
	var sum time.Duration
	for thread, cpu := range u.cpu {
		sum += cpu - before.cpu[thread]
	}
	return sum
}

// used adds up the processes of group pgid; see proc(5) for the fields.
func used(pgid int) usage {
	u := usage{cpu: map[string]time.Duration{}}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return u
	}
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		f := strings.Fields(rest)
		if len(f) < 22 || f[2] != strconv.Itoa(pgid) {
			continue
		}
		pages, _ := strconv.ParseInt(f[21], 10, 64)
		u.rss += pages * int64(os.Getpagesize())
		tasks, _ := os.ReadDir("/proc/" + e.Name() + "/task")
		for _, t := range tasks {
			sched, _ := os.ReadFile("/proc/" + e.Name() + "/task/" + t.Name() + "/schedstat")
			if g := strings.Fields(string(sched)); len(g) > 0 {
				ns, _ := strconv.ParseInt(g[0], 10, 64)
				u.cpu[t.Name()] = time.Duration(ns)
			}
		}
	}
	return u
}

func cpuModel() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

func kernel() string {
	data, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return "Linux " + strings.TrimSpace(string(data))
}

// oneLine is the first line that a command says.
func oneLine(command ...string) string {
	if len(command) == 0 {
		return ""
	}
	out, _ := exec.Command(command[0], command[1:]...).CombinedOutput()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line
}
