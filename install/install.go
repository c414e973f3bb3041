// Install: checks, then steps of which each can be taken back.

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"qacorpus/install/config"
	"qacorpus/install/unit"
)

// Install installs the service, enables and starts it, and returns when the
// daemon says that it is ready. With a service already there it updates it:
// program, configuration (folders are added, nothing else changes) and service
// file. After an error everything is as it was before.
func (s *Service) Install(ctx context.Context) (err error) {
	p, err := s.check(ctx)
	if err != nil {
		return err
	}
	var u undo
	defer func() {
		if err == nil {
			return
		}
		if back := u.all(); back != nil {
			err = errors.Join(err, fmt.Errorf("take back what was done: %w", back))
		} else {
			s.say("nothing was changed: what had been done was taken back")
		}
	}()
	// Taken back last, when the files are the old ones again. A daemon that was not
	// touched yet runs on.
	u.add(func() error { return s.m.revert(context.WithoutCancel(ctx), p) })
	if state := s.o.Place.State; state != "" && !exists(state) {
		// The manager makes it before the first start. What the daemon kept in it
		// meanwhile is a person's, and stays.
		u.add(func() error { _ = os.Remove(state); return nil })
	}
	service, err := s.service(ctx, p, &u)
	if err != nil {
		return err
	}
	if err := s.m.install(ctx, service, p, &u); err != nil {
		return err
	}
	p.touched = true
	if err := s.up(ctx, s.verb(p.before), s.m.restart); err != nil {
		return err
	}
	if !s.m.notesCopied {
		s.rememberCopied(s.stateFolder(p.file), service.Notes.Copied)
	}
	s.next(ctx, p)
	return nil
}

func (s *Service) verb(before Status) string {
	if before.Installed {
		return "updated and running"
	}
	return "installed and running"
}

// service puts program and configuration in place and returns what to render.
func (s *Service) service(ctx context.Context, p *plan, u *undo) (unit.Service, error) {
	program, copied, err := s.program(p.before, u)
	if err != nil {
		return unit.Service{}, err
	}
	c, err := s.configure(p, u)
	if err != nil {
		return unit.Service{}, err
	}
	if !p.account.self {
		if err := p.account.canRead(ctx, p.file); err != nil {
			return unit.Service{}, err
		}
	}
	service := unit.Service{User: !s.o.Place.System, As: p.account.name, Group: p.account.group,
		Program: program, Args: []string{"watch", "--config", p.file}, Notes: unit.Notes{Config: p.file, Copied: copied},
		Memory: memory(c), LogFile: s.m.logFile()}
	if s.m.needsState && c.State == "" {
		service.Args = append(service.Args, "--state", s.o.Place.State)
	}
	if s.o.As != "" || p.before.As != "" {
		service.Notes.As = p.account.name
	}
	for _, dir := range p.folders {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			dir = real
		}
		service.Write = append(service.Write, unit.WritePath(dir, mountPoint(dir)))
		service.TmpUsed = service.TmpUsed || unit.InTmp(dir)
	}
	for _, pair := range s.o.Env { // else the daemon would look elsewhere than the person's commands
		if !s.o.Place.System && strings.HasPrefix(pair, "XDG_STATE_HOME=/") {
			service.Env = append(service.Env, pair)
		}
	}
	return service, nil
}

// memory is what daemon and workers may take together: a GiB for the daemon and
// each worker's share, and not less than two, for the page cache counts too.
func memory(c *config.Config) int64 {
	workers := int64(c.Extract.Workers)
	if workers == 0 {
		workers = 16 // one per core, and the file may outlive this machine's number of them
	}
	return max(2<<30, 1<<30+workers*c.Extract.Memory)
}

// configure writes the configuration, or adds folders to the one that is there,
// and reads it back.
func (s *Service) configure(p *plan, u *undo) (*config.Config, error) {
	var data []byte
	var err error
	if p.exists {
		if data, err = os.ReadFile(p.file); err == nil {
			data, err = config.AddFolders(p.file, data, s.o.Home, p.add)
		}
	} else {
		data, err = config.Example(p.add)
	}
	if err != nil {
		return nil, &problem{err: fmt.Errorf("write configuration: %w", err), usage: true}
	}
	changed, err := u.write(p.file, data, 0o644)
	if err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	switch {
	case changed && p.exists:
		s.say("added to %s: %s", p.file, list(p.add))
	case changed:
		s.say("wrote the configuration %s", p.file)
	}
	return s.load(p.file, false)
}

// next says what the person can do now.
func (s *Service) next(ctx context.Context, p *plan) {
	s.say("watching %s", list(p.folders))
	if kept := len(p.folders) - len(p.add); kept > 0 && len(p.add) > 0 {
		s.say("(%d of them from before; to stop watching one, take its [[folder]] out of %s and run: %s)", kept, p.file, s.command("restart"))
	}
	if !s.o.Place.System && s.m.endsAtLogout() {
		s.say("note: the service runs while you are logged in. To keep it running: loginctl enable-linger")
	}
	s.say("next: drop a PDF into a folder; its preview appears beside it. See %s and %s", s.command("status"), s.command("logs"))
}

func list(paths []string) string {
	quoted := make([]string, len(paths))
	for i, p := range paths {
		quoted[i] = fmt.Sprintf("%q", p)
	}
	return strings.Join(quoted, ", ")
}
