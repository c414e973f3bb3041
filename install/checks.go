// Checks: what would keep the service from working is found before anything is
// changed.

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"qacorpus/install/config"
	"qacorpus/install/lock"
)

// plan is what the checks found out.
type plan struct {
	file    string         // the configuration file
	config  *config.Config // as it is, before this installation
	exists  bool           // whether the file is there
	add     []string       // folders that it does not have yet
	folders []string       // all folders that will be watched
	account account        // who the daemon runs as
	before  Status         // the service as it is
	touched bool           // whether what ran before was stopped, or may have been
}

// check finds out what there is to do, and what stands against it.
func (s *Service) check(ctx context.Context) (*plan, error) {
	if s.o.Place.System && s.o.UID > 0 {
		return nil, &problem{err: errors.New("a service of the machine can be installed by root only"),
			hint: "sudo qacorpus install DIR, or without root: qacorpus install --user DIR"}
	}
	if err := s.m.present(ctx); err != nil {
		return nil, err
	}
	p := &plan{}
	var err error
	if p.before, err = s.m.state(ctx); err != nil {
		return nil, err
	}
	if p.file = s.configFile(p.before); p.file == "" {
		return nil, errors.New("the place of the configuration file is not known: there is no home folder here")
	}
	if p.config, err = s.load(p.file, true); err != nil {
		return nil, err
	}
	p.exists = p.config.File != "" && exists(p.file)
	if err := s.checkFolders(p); err != nil {
		return nil, err
	}
	if p.account, err = s.account(p); err != nil {
		return nil, err
	}
	for _, dir := range p.folders {
		if err := p.account.canWrite(ctx, dir); err != nil {
			return nil, err
		}
	}
	return p, s.checkLock(p)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// configFile is the one given, else the one that the service has, else the usual one.
func (s *Service) configFile(before Status) string {
	switch {
	case s.o.Config != "":
		return s.o.Config
	case before.Config != "":
		return before.Config
	}
	return s.o.Place.Config
}

// load reads the file as the daemon will: without this shell's environment.
func (s *Service) load(file string, optional bool) (*config.Config, error) {
	c, err := config.Load(config.Input{File: file, Optional: optional, Home: s.o.Home})
	if err != nil {
		return nil, &problem{err: err, usage: true}
	}
	return c, nil
}

// checkFolders finds which folders are new, and that those named are there.
func (s *Service) checkFolders(p *plan) error {
	for _, f := range p.config.Folders {
		p.folders = append(p.folders, f.Path)
	}
	for _, dir := range s.o.Dirs {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(s.o.WorkDir, dir)
		}
		dir = filepath.Clean(dir)
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return &problem{err: fmt.Errorf("folder %q is not there", dir), hint: "create it, or mount what it lies on, first", usage: true}
		case err != nil:
			return fmt.Errorf("look at folder: %w", err)
		case !info.IsDir():
			return &problem{err: fmt.Errorf("%q is not a folder", dir), usage: true}
		}
		if f, ok := p.config.FolderOf(dir); ok {
			if f.Path != dir {
				s.say("%q lies in %q, which is watched already", dir, f.Path)
			}
			continue
		}
		p.add = append(p.add, dir)
		p.folders = append(p.folders, dir)
	}
	if len(p.folders) == 0 {
		return &problem{err: errors.New("no folder to watch"), hint: s.command("install") + " DIR", usage: true}
	}
	return nil
}

// checkLock refuses folders that another process looks after. The service's own
// daemon gives them up when it is restarted.
func (s *Service) checkLock(p *plan) error {
	l, err := lock.Folders(p.folders)
	var held *lock.HeldError
	switch {
	case err == nil:
		l.Release()
		return nil
	case errors.As(err, &held) && p.before.running() && (held.PID == p.before.PID || held.PID == 0):
		return nil
	case errors.As(err, &held):
		return &problem{err: err, hint: "stop that process first; it may be a `qacorpus watch` in a terminal, or the service of somebody else"}
	}
	return err
}
