package main

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// hookTime bounds one run of the person's command.
const hookTime = time.Minute

// hook runs the command of hooks.on_change for a file that was changed, without
// a shell, with the file's path in the place of {path}. As many run at a time as
// paths are looked at; what comes of it is logged and changes nothing else.
func (e *engine) hook(ctx context.Context, path string) {
	words := e.config.Hooks.OnChange
	if len(words) == 0 || e.rec.DryRun {
		return
	}
	args := make([]string, len(words))
	for i, w := range words {
		args[i] = strings.ReplaceAll(w, "{path}", path)
	}
	ctx, cancel := context.WithTimeout(ctx, hookTime)
	defer cancel()
	start := time.Now()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		e.log.Warn("hook failed", "path", path, "command", args[0], "err", err, "took", time.Since(start))
		return
	}
	e.log.Debug("hook ran", "path", path, "command", args[0], "took", time.Since(start))
}
