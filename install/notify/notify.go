// Package notify promises to tell the service manager the truth about the
// daemon, by systemd's protocol (sd_notify(3)): when it is ready, what it is
// doing, and that it is still moving. Without a manager that listens all of it
// does nothing.
//
// Design notes. The protocol is a datagram of NAME=value lines to a socket named
// in the environment, which is little enough to write here. The watchdog asks
// the daemon each time whether its loops move; a loop that hangs is thus
// answered by systemd with a restart, where a mere timer would go on feeding.
package notify

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Notifier speaks to the manager that started this process, if any.
type Notifier struct {
	socket   string
	watchdog time.Duration // 0: the manager does not watch
}

// New reads where the manager listens from the process's environment, which
// the caller passes in.
func New(env []string) Notifier {
	var n Notifier
	var usec, pid string
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case "NOTIFY_SOCKET":
			n.socket = value
		case "WATCHDOG_USEC":
			usec = value
		case "WATCHDOG_PID":
			pid = value
		}
	}
	if n.socket == "" || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return n
	}
	if us, err := strconv.ParseInt(usec, 10, 64); err == nil && us > 0 {
		n.watchdog = time.Duration(us) * time.Microsecond
	}
	return n
}

// Listening reports whether there is a manager that hears us.
func (n Notifier) Listening() bool { return n.socket != "" }

// Ready says that the folders are being watched, and status in one line.
func (n Notifier) Ready(status string) error {
	return n.send("READY=1\nSTATUS=" + oneLine(status))
}

// Status changes the line that `systemctl status` shows.
func (n Notifier) Status(status string) error { return n.send("STATUS=" + oneLine(status)) }

// Reloading says that the configuration is being read again; Ready ends it.
func (n Notifier) Reloading() error { return n.send("RELOADING=1") }

// Stopping says that the daemon is on its way out.
func (n Notifier) Stopping() error { return n.send("STOPPING=1") }

// Run feeds the watchdog until ctx ends, as long as alive says that the daemon's
// loops move. It looks four times in the time the manager allows.
func (n Notifier) Run(ctx context.Context, alive func() bool) error {
	if n.watchdog == 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(n.watchdog / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if !alive() {
				continue
			}
			if err := n.send("WATCHDOG=1"); err != nil {
				return err
			}
		}
	}
}

func (n Notifier) send(state string) error {
	if n.socket == "" {
		return nil
	}
	name := n.socket
	if strings.HasPrefix(name, "@") { // an abstract name
		name = "\x00" + name[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify service manager: %w", err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("notify service manager: %w", err)
	}
	return nil
}

// oneLine keeps a status from becoming other messages.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}
