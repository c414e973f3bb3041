// Package sandbox promises that the process that enters it can open no file
// and no socket, start no program and signal no process, and that its memory,
// processor time and open files are bounded; what the system at hand cannot
// give is said, not passed over.
package sandbox

// Options is what the process keeps.
type Options struct {
	Mode   string // "auto": what there is; "required": an error if anything is missing; "off": nothing is done
	Memory int64  // bytes of data, stacks and heaps together; 0 is no bound
}
