package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"qacorpus/extract/sandbox"
)

// recognise shuts the process in and becomes tesseract, which reads a picture
// from the standard input and prints its text. args are the sandbox's mode,
// bytes of memory, seconds of processor time, and the program.
func recognise(args []string) error {
	if len(args) != 4 {
		return errors.New("run tesseract: four arguments are needed")
	}
	memory, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return fmt.Errorf("run tesseract: %w", err)
	}
	seconds, err := strconv.Atoi(args[2])
	if err != nil {
		return fmt.Errorf("run tesseract: %w", err)
	}
	program, err := filepath.EvalSymlinks(args[3])
	if err != nil {
		return fmt.Errorf("run tesseract: %w", err)
	}
	if err := sandbox.AllowSeconds(seconds); err != nil {
		return err
	}
	if err := sandbox.EnterToRun(sandbox.Options{Mode: args[0], Memory: memory}, program); err != nil {
		return err
	}
	err = unix.Exec(program, []string{"tesseract", "stdin", "stdout"}, os.Environ())
	return fmt.Errorf("run tesseract: %w", err)
}
