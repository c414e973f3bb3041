//go:build !linux

package extract

import (
	"context"
	"os"
	"os/exec"
)

// tesseract is the command that recognises one picture. It runs with the
// user's rights here, in a job object on Windows: what it reads is a picture
// that the worker has drawn.
func (p *Pool) tesseract(ctx context.Context) (*exec.Cmd, error) {
	cmd := exec.CommandContext(ctx, p.ocr.program, "stdin", "stdout")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	prepare(cmd)
	return cmd, nil
}
