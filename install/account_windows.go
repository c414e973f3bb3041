// Windows: services run as the local system account. Another one would need its
// password, which is not ours to keep.

package install

import (
	"context"
	"errors"
)

type account struct {
	name, group string
	self        bool
}

func (s *Service) account(p *plan) (account, error) {
	if s.o.As != "" {
		return account{}, &problem{err: errors.New("--as is not possible on Windows, where it would need that account's password"),
			hint: "install without it, then choose the account in the Services console (services.msc)"}
	}
	return account{}, nil
}

func (a account) canWrite(context.Context, string) error { return nil }

func (a account) canRead(context.Context, string) error { return nil }

func ownedByRoot(string) bool { return true }
