// systemd, by way of systemctl and journalctl.

package install

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/moby/sys/mountinfo"

	"qacorpus/install/unit"
)

const unitName = name + ".service"

const serviceFile = unitName

// manager speaks to the system's manager or to the person's own.
type manager struct {
	user bool
	uid  int
	unit string // path of the unit file
	env  []string

	needsState  bool // never: systemd's StateDirectory tells it
	notesCopied bool // whether the service file tells where install put the program
}

func newManager(o Options) manager {
	m := manager{user: !o.Place.System, uid: o.UID, unit: filepath.Join(o.Place.Units, unitName), notesCopied: true}
	var runtime bool
	for _, pair := range o.Env {
		runtime = runtime || strings.HasPrefix(pair, "XDG_RUNTIME_DIR=/")
	}
	m.env = append(m.env, o.Env...)
	if m.user && !runtime { // su, cron and ssh without PAM leave it out
		m.env = append(m.env, "XDG_RUNTIME_DIR=/run/user/"+strconv.Itoa(o.UID))
	}
	// What is parsed must not depend on the person's language and time zone.
	m.env = append(m.env, "LC_ALL=C", "TZ=UTC", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0")
	return m
}

// present makes sure that there is a manager to speak to.
func (m manager) present(ctx context.Context) error {
	if info, err := os.Stat("/run/systemd/system"); err != nil || !info.IsDir() {
		return &problem{err: errors.New("systemd does not run here, and it is the only manager that qacorpus installs itself with on Linux"),
			hint: "run `qacorpus watch DIR` under the supervisor that you have; it ends cleanly on SIGTERM"}
	}
	if !m.user {
		return nil
	}
	if _, err := m.systemctl(ctx, "show-environment"); err != nil {
		who := "USER"
		if u, lookup := user.LookupId(strconv.Itoa(m.uid)); lookup == nil {
			who = u.Username
		}
		return &problem{err: fmt.Errorf("no service manager of yours is running: %w", err),
			hint: "log in as that user, or have it run without a log-in: sudo loginctl enable-linger " + who}
	}
	return nil
}

// systemctl runs it; its error is what systemctl said.
func (m manager) systemctl(ctx context.Context, args ...string) (string, error) {
	if m.user {
		args = append([]string{"--user"}, args...)
	}
	cmd := exec.CommandContext(ctx, "systemctl", args...)
	cmd.Env = m.env
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(said.String()); text != "" {
			err = errors.New(text)
		}
		return "", fmt.Errorf("systemctl %s: %w", strings.Join(args, " "), err)
	}
	return out.String(), nil
}

// all runs several systemctl commands in turn.
func (m manager) all(ctx context.Context, commands ...[]string) error {
	for _, args := range commands {
		if _, err := m.systemctl(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// install writes the unit and enables it.
func (m manager) install(ctx context.Context, s unit.Service, p *plan, u *undo) error {
	data, err := unit.Systemd(s)
	if err != nil {
		return err
	}
	if _, err := u.write(m.unit, data, 0o644); err != nil {
		return fmt.Errorf("write service file: %w", err)
	}
	if err := m.all(ctx, []string{"daemon-reload"}, []string{"enable", "--quiet", unitName}); err != nil {
		return err
	}
	if !p.before.Enabled {
		u.add(func() error { return m.all(context.WithoutCancel(ctx), []string{"disable", "--quiet", unitName}) })
	}
	u.add(func() error {
		if p.before.running() || !p.touched {
			return nil
		}
		return m.all(context.WithoutCancel(ctx), []string{"stop", unitName})
	})
	return nil
}

// revert lets the manager see the files as they were, and runs what ran.
func (m manager) revert(ctx context.Context, p *plan) error {
	if err := m.all(ctx, []string{"daemon-reload"}); err != nil {
		return err
	}
	_, _ = m.systemctl(ctx, "reset-failed", unitName) // an error says that nothing failed
	if p.touched && p.before.running() {
		return m.all(ctx, []string{"restart", unitName})
	}
	return nil
}

// remove stops the service and takes its unit away.
func (m manager) remove(ctx context.Context) error {
	if err := m.all(ctx, []string{"disable", "--now", "--quiet", unitName}); err != nil {
		return err
	}
	if err := os.Remove(m.unit); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove service file: %w", err)
	}
	_, _ = m.systemctl(ctx, "reset-failed", unitName) // an error says that nothing failed
	return m.all(ctx, []string{"daemon-reload"})
}

// start waits, as systemctl does, until the daemon has said that it is ready.
// A service that failed too often must be forgiven first.
func (m manager) start(ctx context.Context) error {
	_, _ = m.systemctl(ctx, "reset-failed", unitName) // an error says that nothing failed
	return m.all(ctx, []string{"start", unitName})
}

func (m manager) restart(ctx context.Context) error {
	_, _ = m.systemctl(ctx, "reset-failed", unitName) // an error says that nothing failed
	return m.all(ctx, []string{"restart", unitName})
}

func (m manager) stop(ctx context.Context) error {
	return m.all(ctx, []string{"stop", unitName})
}

// state asks the manager about the service.
func (m manager) state(ctx context.Context) (Status, error) {
	out, err := m.systemctl(ctx, "show", unitName, "-p",
		"LoadState,ActiveState,SubState,Result,NRestarts,MainPID,StatusText,UnitFileState,ActiveEnterTimestamp,InvocationID")
	if err != nil {
		if exists(m.unit) { // a person's manager that does not run now
			return m.noted(Status{Installed: true, State: "stopped", Text: err.Error()}), nil
		}
		return Status{State: "not installed"}, nil
	}
	value := map[string]string{}
	for line := range strings.Lines(out) {
		k, v, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		value[k] = v
	}
	st := Status{Installed: value["LoadState"] != "not-found", Enabled: value["UnitFileState"] == "enabled",
		State: value["ActiveState"], Text: value["StatusText"], invocation: value["InvocationID"]}
	st.PID, _ = strconv.Atoi(value["MainPID"])        // 0 where there is none
	st.Restarts, _ = strconv.Atoi(value["NRestarts"]) // likewise
	if since, err := time.Parse("Mon 2006-01-02 15:04:05 MST", value["ActiveEnterTimestamp"]); err == nil {
		st.Since = &since
	}
	switch value["ActiveState"] {
	case "active", "reloading":
		st.State = "running"
	case "activating":
		st.State = "starting"
		if value["SubState"] == "auto-restart" {
			st.State, st.Reason = "restarting", value["Result"]
		}
	case "deactivating":
		st.State = "stopping"
	case "inactive":
		st.State = "stopped"
	case "failed":
		st.Reason = value["Result"]
	}
	if !st.Installed {
		return Status{State: "not installed"}, nil
	}
	return m.noted(st), nil
}

// noted adds what the installation noted in the unit.
func (m manager) noted(st Status) Status {
	if data, err := os.ReadFile(m.unit); err == nil {
		n := unit.ReadNotes(data)
		st.Config, st.As, st.copied = n.Config, n.As, n.Copied
	}
	return st
}

// lastWords returns what the last run of the daemon wrote at its end.
func (m manager) lastWords(ctx context.Context) string {
	st, err := m.state(ctx)
	if err != nil || st.invocation == "" {
		return ""
	}
	// The journal takes up a line some time after it was written. Where this is
	// refused, or unknown, the last words may be missing.
	_ = exec.CommandContext(ctx, "journalctl", "--sync").Run()
	field := "_SYSTEMD_INVOCATION_ID="
	cmd := exec.CommandContext(ctx, "journalctl", "--quiet", "--no-pager", "-o", "cat", "-n", "5", field+st.invocation)
	cmd.Env = m.env
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// logs shows the service's lines in the journal.
func (m manager) logs(ctx context.Context, follow bool, lines int, out, messages io.Writer) error {
	args := []string{"--no-pager", "-o", "short-iso", "-n", strconv.Itoa(lines)}
	if m.user {
		args = append(args, "--user-unit", unitName)
	} else {
		args = append(args, "-u", unitName)
	}
	if follow {
		args = append(args, "-f")
	}
	cmd := exec.CommandContext(ctx, "journalctl", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Env = slices.DeleteFunc(slices.Clone(m.env), func(pair string) bool { return pair == "TZ=UTC" })
	cmd.Stdout, cmd.Stderr = out, messages
	if err := cmd.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("journalctl: %w", err)
	}
	return nil
}

// endsAtLogout reports whether the person's manager is stopped with their last
// session: logind keeps a file for those who linger.
func (m manager) endsAtLogout() bool {
	u, err := user.LookupId(strconv.Itoa(m.uid))
	return err == nil && !exists("/var/lib/systemd/linger/"+u.Username)
}

func (m manager) logFile() string { return "" } // the journal has it

// mountPoint returns where the file system that path lies on is mounted.
func mountPoint(path string) string {
	// The last of those with the longest mount point covers those before it.
	above, err := mountinfo.GetMounts(mountinfo.ParentsFilter(path))
	if err != nil {
		return ""
	}
	best := ""
	for _, m := range above {
		if len(m.Mountpoint) >= len(best) {
			best = m.Mountpoint
		}
	}
	return best
}
