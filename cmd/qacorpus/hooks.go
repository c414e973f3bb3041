package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const (
	// hookTime bounds one run of the person's command.
	hookTime = time.Minute
	// hooksAtOnce is how many run at a time.
	hooksAtOnce = 2
)

// hook asks for a run of the command of hooks.on_change for a file that was
// changed. Runs are for the latest state of a file: changes while it waits, or
// runs, lead to one more.
func (e *engine) hook(path string) {
	if len(e.config.Hooks.OnChange) > 0 && !e.rec.DryRun {
		e.hooks.Add(path)
	}
}

// runHook is the work of the queue of hooks. What comes of it is logged and
// changes nothing else.
func (e *engine) runHook(ctx context.Context, path string) (time.Duration, error) {
	words := e.config.Hooks.OnChange
	start := time.Now()
	said, err := runCommand(ctx, hookTime, words, path)
	took := time.Since(start).Round(time.Millisecond)
	switch {
	case ctx.Err() != nil:
		e.log.Debug("hook ended with qacorpus", "path", path, "command", words[0], "took", took)
	case err != nil:
		e.log.Warn("hook failed", "path", path, "command", words[0], "err", err, "said", said, "took", took)
	default:
		e.log.Debug("hook ran", "path", path, "command", words[0], "took", took)
	}
	return 0, nil
}

// runCommand runs a program without a shell, with path in the place of each {path}
// in its arguments, for at most limit. It returns the end of what the program said.
func runCommand(ctx context.Context, limit time.Duration, words []string, path string) (string, error) {
	args := make([]string, len(words)-1)
	for i, w := range words[1:] {
		args[i] = strings.ReplaceAll(w, "{path}", path)
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var said lastBytes
	cmd := exec.CommandContext(limited, words[0], args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second
	withChildren(cmd)
	err := cmd.Run()
	if errors.Is(limited.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("not done within %v", limit)
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(said.kept), "\uFFFD")), err
}

// lastBytes keeps the end of what is written to it.
type lastBytes struct{ kept []byte }

const keptBytes = 1 << 10

func (l *lastBytes) Write(p []byte) (int, error) {
	l.kept = append(l.kept, p[max(0, len(p)-keptBytes):]...)
	l.kept = l.kept[max(0, len(l.kept)-keptBytes):]
	return len(p), nil
}
