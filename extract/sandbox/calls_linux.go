//go:build !amd64

package sandbox

// archCalls are calls that only some processors' kernels have.
var archCalls []string
