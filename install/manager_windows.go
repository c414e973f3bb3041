// What only Windows' service control manager has.

package install

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc/mgr"

	"qacorpus/install/unit"
)

// busy reports whether the control manager could not do it just then: it starts
// one service after the other, and has its database locked meanwhile.
func busy(err error) bool { return errors.Is(err, windows.ERROR_SERVICE_DATABASE_LOCKED) }

// definition returns what makes the service anew as it is now.
func (m manager) definition() (again func() error, err error) {
	scm, err := mgr.Connect()
	if err != nil {
		return nil, fmt.Errorf("reach service manager: %w", err)
	}
	defer func() { err = errors.Join(err, scm.Disconnect()) }()
	s, err := scm.OpenService(unit.Label)
	if err != nil {
		return nil, fmt.Errorf("look at service: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	c, err := s.Config()
	if err != nil {
		return nil, fmt.Errorf("look at service: %w", err)
	}
	words, err := windows.DecomposeCommandLine(c.BinaryPathName)
	if err != nil || len(words) == 0 {
		return nil, fmt.Errorf("look at service: command %q: %w", c.BinaryPathName, err)
	}
	return func() error {
		old, err := m.service(words[0], words[1:], restarts())
		if err != nil {
			return err
		}
		if err := old.Install(); err != nil {
			return fmt.Errorf("install service: %w", err)
		}
		return nil
	}, nil
}
