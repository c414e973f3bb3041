package extract

import (
	"context"
	"os/exec"
	"strconv"
	"time"
)

// tesseract is the command that recognises one picture: this program, which
// shuts itself in and then becomes tesseract (package worker).
func (p *Pool) tesseract(ctx context.Context) (*exec.Cmd, error) {
	argv, err := p.command()
	if err != nil {
		return nil, err
	}
	seconds := int(p.opts.Timeout/time.Second) + 5
	args := append(argv[1:len(argv):len(argv)], "recognise", p.opts.Sandbox, strconv.FormatInt(p.opts.Memory, 10), strconv.Itoa(seconds), p.ocr.program)
	cmd := exec.CommandContext(ctx, argv[0], args...)
	cmd.Env = []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C.UTF-8"}
	prepare(cmd)
	return cmd, nil
}
