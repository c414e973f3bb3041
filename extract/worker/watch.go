//go:build !unix || linux

package worker

// watch does nothing: the kernel ends a worker with its pool (PR_SET_PDEATHSIG
// on Linux, the job object on Windows).
func watch() {}
