package install

import (
	"errors"

	"golang.org/x/sys/windows"
)

// busy reports whether the control manager could not do it just then: it starts
// one service after the other, and has its database locked meanwhile.
func busy(err error) bool { return errors.Is(err, windows.ERROR_SERVICE_DATABASE_LOCKED) }
