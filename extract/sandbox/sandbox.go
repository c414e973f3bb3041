// Package sandbox promises that the process that enters it can open no file
// and no socket, start no program and signal no other process, and that its
// memory, processor time and open files are bounded; what the system at hand
// cannot give is said, not passed over.
//
// # Design notes
//
// On Linux there are three walls, each of which stands without the others.
// Resource limits bound what a document may cost: RLIMIT_DATA and not
// RLIMIT_AS, because Go reserves address space that it never uses, and a
// document that wants more gets an error from malloc, not a killed worker.
// Landlock takes the file system, TCP and signals away. A seccomp allow-list
// takes all other system calls away; its answer is EPERM and no killing,
// because libraries try things at odd moments and manage without (Go reads
// /etc/localtime at the first use of a local time).
//
// Nothing here needs privileges, and nothing can be undone by the process.
//
// Elsewhere there is less: limits on other Unix systems; on Windows the pool
// puts the worker in a job object. The gaps are named in what Enter returns.
package sandbox

import (
	"fmt"
	"strings"
)

// Options is what the process keeps.
type Options struct {
	Mode   string // "auto": what there is; "required": an error if anything is missing; "off": nothing is done
	Memory int64  // bytes of writable memory, C's and Go's together
}

// Enter closes the sandbox around all threads of the process, for good. The
// result lists in plain words what it does not cover here. In the mode
// "required" a gap is an error.
func Enter(o Options) (gaps []string, err error) {
	if o.Mode == "off" {
		return []string{"everything: the sandbox is switched off"}, nil
	}
	gaps = enter(o)
	if o.Mode == "required" && len(gaps) > 0 {
		return gaps, fmt.Errorf("enter sandbox: %s", strings.Join(gaps, "; "))
	}
	return gaps, nil
}
