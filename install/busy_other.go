//go:build !windows && !linux

package install

func busy(error) bool { return false } // launchd takes orders at any time
