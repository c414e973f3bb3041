//go:build !darwin && !windows

package sidecar

import "io/fs"

// onlineOnly is false here: no cloud client for this system marks its files.
func onlineOnly(fs.FileInfo) bool { return false }
