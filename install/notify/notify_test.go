//go:build unix

package notify

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"
)

// listen stands in for the manager's end of the socket.
func listen(t *testing.T) (*net.UnixConn, string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "n") // t.TempDir may be longer than a socket's name may be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	name := filepath.Join(dir, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, name
}

func receive(t *testing.T, conn *net.UnixConn) string {
	t.Helper()
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

func TestMessages(t *testing.T) {
	conn, name := listen(t)
	n := New([]string{"NOTIFY_SOCKET=" + name})
	for _, tt := range []struct {
		send func() error
		want string
	}{
		{func() error { return n.Ready("watching 2 folders\nREADY=0") }, "READY=1\nSTATUS=watching 2 folders READY=0"},
		{func() error { return n.Status("214 PDFs") }, "STATUS=214 PDFs"},
		{n.Reloading, "RELOADING=1"},
		{n.Stopping, "STOPPING=1"},
	} {
		if err := tt.send(); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, conn); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestWithoutAManager(t *testing.T) {
	n := New([]string{"PATH=/bin"})
	if err := n.Ready("x"); err != nil || n.Listening() {
		t.Errorf("ready: %v, listening: %v", err, n.Listening())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := n.Run(ctx, func() bool { t.Error("asked"); return true }); err != nil {
		t.Error(err)
	}
}

// The watchdog is fed while the daemon says that it moves, and only then.
func TestWatchdogIsFedOnlyWhileAlive(t *testing.T) {
	conn, name := listen(t)
	n := New([]string{"NOTIFY_SOCKET=" + name, "WATCHDOG_USEC=20000", "WATCHDOG_PID=" + strconv.Itoa(os.Getpid())})
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int32
	var done errgroup.Group
	done.Go(func() error {
		return n.Run(ctx, func() bool {
			switch asked.Add(1) {
			case 1, 2:
				return true
			case 10:
				cancel()
			}
			return false
		})
	})
	for range 2 {
		if got := receive(t, conn); got != "WATCHDOG=1" {
			t.Errorf("got %q", got)
		}
	}
	if err := done.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := n.Status("end"); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, conn); got != "STATUS=end" {
		t.Errorf("fed while it did not move: %q", got)
	}
}

func TestAnotherProcesssWatchdogIsNotOurs(t *testing.T) {
	if n := New([]string{"NOTIFY_SOCKET=/x", "WATCHDOG_USEC=20000", "WATCHDOG_PID=1"}); n.watchdog != 0 {
		t.Errorf("watchdog %v", n.watchdog)
	}
}
