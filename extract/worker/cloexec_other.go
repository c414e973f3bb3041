//go:build unix && !linux

package worker

// cloexecFlag is nothing: this system cannot ask for it, and a worker starts
// no program.
const cloexecFlag = 0
