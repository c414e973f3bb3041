//go:build !linux

package doctor

// What only Linux tells is left out.

// perFile tells that a watched file takes a descriptor: kqueue.
const perFile = true

func abilities() string { return "" }

func mountOf(string) mount { return mount{} }

func roomAt(string) (free uint64, inodes int64, ok bool) { return 0, 0, false }

func inotify() limits { return limits{} }
