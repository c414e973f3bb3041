//go:build heavy && linux

package watcher

// These tests mount, and so need root and the Debian packages bindfs and fuse3:
//
//	go test -tags heavy ./watcher

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// heard collects log lines.
type heard struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) count(what string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Count(h.text.String(), what)
}

// listen makes o log into the result.
func listen(o *Options) *heard {
	h := &heard{}
	o.Log = slog.New(slog.NewTextHandler(h, &slog.HandlerOptions{Level: slog.LevelInfo}))
	return h
}

func mountAt(t *testing.T, source, target, kind string, flags uintptr, data string) {
	t.Helper()
	if err := unix.Mount(source, target, kind, flags, data); err != nil {
		t.Fatalf("mount %s: %v (root is needed)", kind, err)
	}
	t.Cleanup(func() { unix.Unmount(target, unix.MNT_DETACH) })
}

// unmount waits until nobody, the watcher included, has anything open below target.
func unmount(t *testing.T, target string) {
	t.Helper()
	eventually(t, "unmount "+target, func() bool {
		err := unix.Unmount(target, 0)
		if err != nil && err != unix.EBUSY {
			t.Fatalf("unmount %s: %v", target, err)
		}
		return err == nil
	})
}

// bindfs shows source at target through FUSE.
func bindfs(t *testing.T, source, target string) {
	t.Helper()
	if out, err := exec.Command("bindfs", source, target).CombinedOutput(); err != nil {
		t.Fatalf("bindfs: %v: %s (apt-get install bindfs fuse3)", err, out)
	}
	t.Cleanup(func() { unix.Unmount(target, unix.MNT_DETACH) })
}

// eventually waits until ok, and fails if it is not true within a minute.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// beats counts the calls of Options.Status, which come every few seconds: time enough to deliver what is wrong.
type beats struct{ n atomic.Int64 }

func countBeats(o *Options) *beats {
	b := &beats{}
	o.Status = func(Status) { b.n.Add(1) }
	return b
}

func (b *beats) pass(t *testing.T, n int64) {
	t.Helper()
	end := b.n.Load() + n
	eventually(t, "beats of the event loop", func() bool { return b.n.Load() >= end })
}

func (r *recorder) neverGone(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for path, c := range r.seen {
		if c.gone {
			t.Errorf("%s was delivered as gone", path)
		}
	}
}

func TestBackingSideOfFUSE(t *testing.T) {
	back, root := t.TempDir(), t.TempDir()
	bindfs(t, back, root)
	write(t, filepath.Join(back, "old", "0.pdf"), marker)
	o := testOptions(root)
	log := listen(&o)
	r := start(t, o)
	r.awaitContent(t, filepath.Join(root, "old", "0.pdf"), marker)
	write(t, filepath.Join(back, "old", "1.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "old", "1.pdf"), marker)
	write(t, filepath.Join(back, "new", "er", "2.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "new", "er", "2.pdf"), marker)
	write(t, filepath.Join(back, "old", "1.pdf"), "again"+marker)
	r.awaitContent(t, filepath.Join(root, "old", "1.pdf"), "again"+marker)
	must(t, os.RemoveAll(filepath.Join(back, "old")))
	r.awaitGone(t, filepath.Join(root, "old", "1.pdf"))
	r.awaitGone(t, filepath.Join(root, "old", "0.pdf"))
	if n := log.count("no reliable events"); n != 1 {
		t.Errorf("said %d times that the mount is polled", n)
	}
}

func TestOverlayIsPolledOnBothSides(t *testing.T) {
	dir := t.TempDir()
	mountAt(t, "tmpfs", dir, "tmpfs", 0, "") // overlay on overlay may not work
	lower, upper, work, root := filepath.Join(dir, "l"), filepath.Join(dir, "u"), filepath.Join(dir, "w"), filepath.Join(dir, "m")
	for _, d := range []string{lower, upper, work, root} {
		must(t, os.Mkdir(d, 0o755))
	}
	write(t, filepath.Join(lower, "0.pdf"), marker)
	mountAt(t, "overlay", root, "overlay", 0, fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", lower, upper, work))
	r := start(t, testOptions(root))
	r.awaitContent(t, filepath.Join(root, "0.pdf"), marker)
	write(t, filepath.Join(upper, "up.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "up.pdf"), marker)
	write(t, filepath.Join(root, "merged.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "merged.pdf"), marker)
	must(t, os.WriteFile(filepath.Join(lower, "0.pdf"), []byte("lower"+marker), 0o644))
	r.awaitContent(t, filepath.Join(root, "0.pdf"), "lower"+marker)
}

// TestMountInsideTheTree: what a mount held is out of sight when it goes, not deleted.
func TestMountInsideTheTree(t *testing.T) {
	root, back := t.TempDir(), t.TempDir()
	share := filepath.Join(root, "share")
	write(t, filepath.Join(back, "1.pdf"), marker)
	write(t, filepath.Join(back, "1.pdf.md"), "preview")
	write(t, filepath.Join(root, "local.pdf"), marker)
	must(t, os.Mkdir(share, 0o755))
	bindfs(t, back, share)
	o := testOptions(root)
	o.DeleteGrace = round + 2*time.Second
	beats := countBeats(&o)
	r := start(t, o)
	r.awaitContent(t, filepath.Join(share, "1.pdf"), marker)

	must(t, os.WriteFile(filepath.Join(share, "2.pdf"), []byte(marker), 0o644))
	r.awaitContent(t, filepath.Join(share, "2.pdf"), marker)
	unmount(t, share)
	write(t, filepath.Join(root, "probe.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "probe.pdf"), marker)
	// What comes to the bare folder now is seen: the unmounting was noticed.
	write(t, filepath.Join(share, "under.pdf"), marker)
	r.awaitContent(t, filepath.Join(share, "under.pdf"), marker)
	must(t, os.Remove(filepath.Join(share, "under.pdf")))
	r.awaitGone(t, filepath.Join(share, "under.pdf"))

	write(t, filepath.Join(back, "3.pdf"), marker)
	bindfs(t, back, share)
	r.awaitContent(t, filepath.Join(share, "3.pdf"), marker)
	unmount(t, share)
	must(t, os.Remove(share))
	write(t, filepath.Join(root, "probe2.pdf"), marker)
	r.awaitContent(t, filepath.Join(root, "probe2.pdf"), marker)
	// What was found to exist may have been delivered a moment after the unmounting, and be missing when the recorder reads
	// it. From here on that is over, and what is wrongly believed to be gone still waits out its grace.
	beats.pass(t, 1)
	r.mu.Lock()
	clear(r.seen)
	r.mu.Unlock()
	beats.pass(t, 3)
	r.neverGone(t)
}

// TestRootComesAndGoes unmounts, mounts, mounts over, deletes, recreates and replaces roots.
func TestRootComesAndGoes(t *testing.T) {
	top := t.TempDir()
	root := filepath.Join(top, "root")
	must(t, os.Mkdir(root, 0o755))
	mountAt(t, "tmpfs", root, "tmpfs", 0, "")
	o := testOptions(root)
	log, beats := listen(&o), countBeats(&o)
	r := start(t, o)
	a := filepath.Join(root, "sub", "a.pdf")
	write(t, a, marker)
	write(t, a+".md", "preview")
	r.awaitContent(t, a, marker)

	unmount(t, root)
	eventually(t, "the log says that the root is gone", func() bool { return log.count("is not there") == 1 })
	mountAt(t, "tmpfs", root, "tmpfs", 0, "")
	b := filepath.Join(root, "sub", "b.pdf")
	write(t, b, marker)
	r.awaitContent(t, b, marker)
	eventually(t, "the log says that the root is back", func() bool { return log.count("is back") == 1 })

	mountAt(t, "tmpfs", root, "tmpfs", 0, "") // over the other one
	c := filepath.Join(root, "c.pdf")
	write(t, c, marker)
	r.awaitContent(t, c, marker)
	r.mu.Lock()
	delete(r.seen, b) // it cannot be seen until the other one shows again
	r.mu.Unlock()
	unmount(t, root)
	r.awaitContent(t, b, marker)

	unmount(t, root)
	must(t, os.Remove(root))
	d := filepath.Join(root, "d.pdf")
	write(t, d, marker)
	r.awaitContent(t, d, marker)
	r.neverGone(t)

	// Removed with all its files: the root is gone, so they are not deleted.
	must(t, os.RemoveAll(root))
	eventually(t, "the log says so again", func() bool { return log.count("is not there") >= 2 })
	beats.pass(t, 2)
	r.neverGone(t)
}

// TestBoundTwice watches one folder under two paths, for which the kernel has one watch only.
func TestBoundTwice(t *testing.T) {
	root := t.TempDir()
	one, two := filepath.Join(root, "one"), filepath.Join(root, "two")
	must(t, os.Mkdir(one, 0o755))
	must(t, os.Mkdir(two, 0o755))
	mountAt(t, one, two, "", unix.MS_BIND, "")
	r := start(t, testOptions(root))
	write(t, filepath.Join(one, "x.pdf"), marker)
	r.awaitContent(t, filepath.Join(one, "x.pdf"), marker)
	r.awaitContent(t, filepath.Join(two, "x.pdf"), marker)
	must(t, os.Remove(filepath.Join(two, "x.pdf")))
	r.awaitGone(t, filepath.Join(one, "x.pdf"))
	r.awaitGone(t, filepath.Join(two, "x.pdf"))
}

// limit sets a sysctl for the length of the test.
func limit(t *testing.T, name, value string) {
	t.Helper()
	path := "/proc/sys/fs/inotify/" + name
	old, err := os.ReadFile(path)
	must(t, err)
	if err := os.WriteFile(path, []byte(value), 0o644); err != nil {
		t.Fatalf("set %s: %v (root is needed)", name, err)
	}
	t.Cleanup(func() { must(t, os.WriteFile(path, old, 0o644)) })
}

func TestNoWatchesLeft(t *testing.T) {
	root := t.TempDir()
	for i := range 40 {
		must(t, os.Mkdir(filepath.Join(root, fmt.Sprint(i)), 0o755))
	}
	limit(t, "max_user_watches", "10")
	o := testOptions(root)
	o.PollInterval = 200 * time.Millisecond
	log := listen(&o)
	var mu sync.Mutex
	var last Status
	o.Status = func(s Status) { mu.Lock(); last = s; mu.Unlock() }
	r := start(t, o)
	for i := range 40 {
		path := filepath.Join(root, fmt.Sprint(i), "x.pdf")
		write(t, path, marker)
		r.awaitContent(t, path, marker)
	}
	if n := log.count("fs.inotify.max_user_watches=1048576"); n != 1 {
		t.Errorf("said %d times how to raise the limit", n)
	}
	eventually(t, "status", func() bool { mu.Lock(); defer mu.Unlock(); return last.Polled >= 30 && last.Watched+last.Polled == 41 })
	limit(t, "max_user_watches", "10000")
	eventually(t, "watched again", func() bool { mu.Lock(); defer mu.Unlock(); return last.Polled == 0 && last.Watched == 41 })
}

func TestNoInstancesLeft(t *testing.T) {
	root := t.TempDir()
	limit(t, "max_user_instances", "0")
	o := testOptions(root)
	log := listen(&o)
	r := start(t, o)
	path := filepath.Join(root, "deep", "x.pdf")
	write(t, path, marker)
	r.awaitContent(t, path, marker)
	if n := log.count("fs.inotify.max_user_instances"); n != 1 {
		t.Errorf("said %d times how to raise the limit", n)
	}
}
