//go:build !linux && !darwin

package watcher

// fileSystem tells whether events suffice on the mount that holds path. Windows sends them for network shares too; what
// is lost on the way, the regular full look makes good.
func fileSystem(string) (trusted bool, name string) { return true, "" }
