//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// texts tells when the texts of PDFs are there.
type texts interface {
	// wait returns when the text of one PDF came.
	wait(ctx context.Context, pdf string, limit time.Duration) (time.Time, error)
	// came says how many of the PDFs have their text, and when the last of these came.
	came(pdfs []string) (n int, last time.Time)
	close()
}

// arrivals notes when files in one folder were written to their end or renamed to
// their name, as the kernel tells it. It waits for texts no longer than they take.
type arrivals struct {
	f      *os.File // the inotify descriptor
	output func(pdf string) string
	done   sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond           // told of every arrival; uses mu
	at      map[string]time.Time // by name, when it last arrived
	n       map[string]int       // by name, how often
	err     error
}

// watchArrivals watches a folder, in which output is where the text of a PDF comes.
func watchArrivals(dir string, output func(pdf string) string) (*arrivals, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("watch arrivals: %w", err)
	}
	a := &arrivals{f: os.NewFile(uintptr(fd), "inotify"), output: output, at: map[string]time.Time{}, n: map[string]int{}}
	a.changed = sync.NewCond(&a.mu)
	if _, err := unix.InotifyAddWatch(fd, dir, unix.IN_CLOSE_WRITE|unix.IN_MOVED_TO); err != nil {
		a.f.Close()
		return nil, fmt.Errorf("watch arrivals in %q: %w", dir, err)
	}
	a.done.Go(a.run)
	return a, nil
}

func (a *arrivals) run() {
	buf := make([]byte, 1<<16)
	for {
		n, err := a.f.Read(buf)
		now := time.Now()
		a.mu.Lock()
		if err != nil {
			a.err = err
			a.changed.Broadcast()
			a.mu.Unlock()
			return
		}
		for rest := buf[:n]; len(rest) >= unix.SizeofInotifyEvent; {
			size := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
			name := string(bytes.TrimRight(rest[unix.SizeofInotifyEvent:size], "\x00"))
			a.at[name] = now
			a.n[name]++
			rest = rest[size:]
		}
		a.changed.Broadcast()
		a.mu.Unlock()
	}
}

func (a *arrivals) close() {
	a.f.Close()
	a.done.Wait()
}

// times is how often the file has arrived.
func (a *arrivals) times(path string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n[filepath.Base(path)]
}

func (a *arrivals) wait(ctx context.Context, pdf string, limit time.Duration) (time.Time, error) {
	return a.again(ctx, a.output(pdf), 0, limit)
}

func (a *arrivals) came(pdfs []string) (n int, last time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, pdf := range pdfs {
		if at, ok := a.at[filepath.Base(a.output(pdf))]; ok {
			n++
			if at.After(last) {
				last = at
			}
		}
	}
	return n, last
}

// again returns when the file had arrived more than seen times.
func (a *arrivals) again(ctx context.Context, path string, seen int, limit time.Duration) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		a.mu.Lock()
		a.changed.Broadcast()
		a.mu.Unlock()
	})
	defer stop()
	name := filepath.Base(path)
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.n[name] <= seen && ctx.Err() == nil && a.err == nil {
		a.changed.Wait()
	}
	if a.n[name] > seen {
		return a.at[name], nil
	}
	return time.Time{}, fmt.Errorf("wait for %q: it %w within %v", path, errMissed, limit)
}
