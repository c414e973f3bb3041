//go:build !linux

package install

// ReadOnly is a matter of Linux's mount name spaces only.
func ReadOnly(string) bool { return false }
