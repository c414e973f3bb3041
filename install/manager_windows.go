// What only Windows' service control manager has.

package install

import (
	"errors"
	"fmt"
	"unsafe"

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
	// Not s.Config, which asks for more than wine knows to answer. 8 KiB is the most
	// that QueryServiceConfig fills.
	buf := make([]byte, 8<<10)
	c := (*windows.QUERY_SERVICE_CONFIG)(unsafe.Pointer(&buf[0]))
	var needed uint32
	if err := windows.QueryServiceConfig(s.Handle, c, uint32(len(buf)), &needed); err != nil {
		return nil, fmt.Errorf("look at service: %w", err)
	}
	line := windows.UTF16PtrToString(c.BinaryPathName)
	words, err := windows.DecomposeCommandLine(line)
	if err != nil {
		return nil, fmt.Errorf("look at service: command %q: %w", line, err)
	}
	if len(words) == 0 {
		return nil, errors.New("look at service: it has no command")
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
