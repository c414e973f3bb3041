// Uninstall.

package install

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Uninstall stops the service and takes it out of the manager. What it wrote
// into the watched folders stays, and without purge so do configuration, state
// and program. With nothing installed it only says so.
func (s *Service) Uninstall(ctx context.Context, purge bool) error {
	if s.o.Place.System && s.o.UID > 0 {
		return &problem{err: errors.New("a service of the machine can be removed by root only"), hint: "sudo qacorpus uninstall"}
	}
	st, err := s.m.state(ctx)
	if err != nil {
		return err
	}
	file := s.configFile(st)
	if st.Installed {
		if err := s.m.remove(ctx); err != nil {
			return err
		}
		s.say("stopped and removed the service")
	} else {
		s.say("no service is installed")
	}
	state := s.stateFolder(file)
	if purge {
		return s.purge(file, cmp.Or(st.copied, s.copiedOnce(state)))
	}
	s.rememberCopied(state, st.copied)
	var left []string
	if exists(file) {
		left = append(left, "configuration "+file)
	}
	if exists(state) {
		left = append(left, "cache and history "+state)
	}
	if len(left) > 0 {
		s.say("left in place: %s; uninstall --purge removes them", strings.Join(left, ", "))
	}
	return nil
}

// copiedFile is where it is noted, in the state folder, that the program is a copy
// of install's: where no service file tells, and once that is gone.
const copiedFile = "program-copied"

// rememberCopied leaves that note. Without one the copy is never removed, which is
// no reason to fail.
func (s *Service) rememberCopied(state, copied string) {
	if copied != "" && exists(state) {
		_ = os.WriteFile(filepath.Join(state, copiedFile), []byte(copied), 0o644)
	}
}

// copiedOnce reads it. The state may belong to somebody who must not be able to
// have any other file removed.
func (s *Service) copiedOnce(state string) string {
	data, err := os.ReadFile(filepath.Join(state, copiedFile))
	if err != nil || string(data) != s.o.Place.Binary {
		return ""
	}
	return s.o.Place.Binary
}

// stateFolder is where the configuration, or else the system, keeps the state.
func (s *Service) stateFolder(file string) string {
	if c, err := s.load(file, true); err == nil && c.State != "" {
		return c.State
	}
	return s.o.Place.State
}

// purge removes configuration, cache, history and a program that install put in
// its place (copied). It looks for its own traces first: a state folder that was set to
// something else by mistake is not emptied.
func (s *Service) purge(file, copied string) error {
	state := s.stateFolder(file)
	var errs []error
	if state != "" && exists(state) {
		if err := removeState(state); err != nil {
			errs = append(errs, err)
		} else {
			s.say("removed cache and history in %s", state)
		}
	}
	for _, path := range []string{file, copied} {
		if path == "" || !exists(path) {
			continue
		}
		if err := os.Remove(path); err != nil {
			if path == copied && errors.Is(err, fs.ErrPermission) && path == s.o.Program {
				s.say("left %s in place, since it runs just now; delete it", path) // on Windows
				continue
			}
			errs = append(errs, fmt.Errorf("remove: %w", err))
			continue
		}
		s.say("removed %s", path)
	}
	if dir := filepath.Dir(file); filepath.Base(dir) == name {
		_ = os.Remove(dir) // if it is empty now
	}
	s.say("previews and problem reports in your folders stay; they are plain files")
	return errors.Join(errs...)
}

// removeState removes a state folder of ours.
func removeState(dir string) error {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // what a private state folder links to
	}
	if filepath.Base(dir) != name && !exists(filepath.Join(dir, "daemon.json")) {
		return fmt.Errorf("leave %q in place: it does not look like qacorpus's state", dir)
	}
	if err := removeAll(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove cache and history: %w", err)
	}
	return nil
}
