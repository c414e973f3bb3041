// Command qacorpus keeps a readable preview beside every paper of a folder, and
// checks and tidies the question-answer files that people write next to them.
//
// Each command lives in the file of its name. engine.go puts the parts together
// for watch and sync; queue.go orders the work.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"qacorpus/extract"
	"qacorpus/extract/worker"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerArg {
		os.Exit(worker.Main())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	// Signals are caught to the end: one that comes when all is done must not make
	// a success look like a failure.
	os.Exit(run(ctx, &app{args: os.Args[1:], in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Environ()}))
}

// The exit statuses.
const (
	exitOK       = 0
	exitProblems = 1 // the user's files have problems
	exitUsage    = 2 // wrong usage or configuration
	exitFailed   = 3 // qacorpus could not do its work
)

// run executes the command line and returns the exit status.
func run(ctx context.Context, a *app) int {
	root := newRoot(a)
	root.SetArgs(a.args)
	knownTopics(root)
	err := root.ExecuteContext(ctx)
	if err != nil {
		err = helpful(together(err))
	}
	var usage *usageError
	var status statusError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &usage):
		complain(a.err, err)
		return exitUsage
	default:
		complain(a.err, err)
		return exitFailed
	}
}

// statusError ends the program with that status; what there was to say has been
// said.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a mistake in the command line or the configuration.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// hintError adds what the person can do.
type hintError struct {
	err  error
	hint string
}

func (h *hintError) Error() string { return h.err.Error() }
func (h *hintError) Unwrap() error { return h.err }

func withHint(err error, format string, args ...any) error {
	return &hintError{err, fmt.Sprintf(format, args...)}
}

// complain writes err as people see it: one line for each mistake, then hints.
func complain(w io.Writer, err error) {
	for line := range strings.SplitSeq(strings.TrimSpace(err.Error()), "\n") {
		fmt.Fprintf(w, "qacorpus: error: %s\n", line)
	}
	var h *hintError
	if errors.As(err, &h) {
		fmt.Fprintf(w, "hint: %s\n", h.hint)
	}
}
