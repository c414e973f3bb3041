package sidecar

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"qacorpus/sidecar/qa"
	"qacorpus/sidecar/qa/report"
	"qacorpus/sidecar/safefile"
)

// maxReport bounds what is read of a file that has a report's name, in bytes.
const maxReport = 64 << 20

// The last line of a report holds the SHA-256 of all before it, by which
// qacorpus knows its own.
const (
	reportMark = "\n<!-- qacorpus problems/1 checksum "
	reportEnd  = " -->\n"
)

// sealReport adds the last line.
func sealReport(text []byte) []byte {
	sum := sum(text)
	return append(bytes.Clone(text), (reportMark + hex.EncodeToString(sum[:]) + reportEnd)...)
}

// ownReport reports whether data is a report as qacorpus wrote it.
func ownReport(data []byte) bool {
	at := bytes.LastIndex(data, []byte(reportMark))
	return at >= 0 && bytes.Equal(data, sealReport(data[:at]))
}

// report writes, replaces or removes the report as the result asks for.
func (l *qaLook) report(ctx context.Context, res *qa.Result, out *Outcome) error {
	if !res.Counts || out.Errors == 0 && (out.Warnings == 0 || l.settings.Report != "warning") {
		dropped, err := l.dropReport()
		out.Changes = append(out.Changes, dropped.Changes...)
		if out.Note == "" {
			out.Note = dropped.Note
		}
		return err
	}
	var text bytes.Buffer
	if err := report.Markdown(&text, report.File{Name: filepath.Base(l.path), Problems: res.Problems}); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	want := sealReport(text.Bytes())
	old, version, err := safefile.Read(l.side, maxReport)
	var unsafe *safefile.UnsafeError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return l.write(Change{Verb: "wrote", Path: l.side, New: want}, out, func() error {
			return l.r.Sidecars.Create(l.side, want, l.version.Mode.Perm()&0o666|0o600)
		})
	case errors.As(err, &unsafe):
		out.Note = "its report cannot be written: something else has that name"
		return nil
	case err != nil:
		return err
	case bytes.Equal(old, want):
		return nil
	case !ownReport(old):
		out.Note = "its report was edited by hand or is not qacorpus's, and is left as it is"
		return nil
	}
	return l.write(Change{Verb: "replaced", Path: l.side, Old: old, New: want}, out, func() error {
		return l.r.Sidecars.Replace(ctx, l.side, version, want)
	})
}

// write applies one change and notes it.
func (l *qaLook) write(c Change, out *Outcome, apply func() error) error {
	if !l.r.DryRun {
		err := apply()
		var unsafe *safefile.UnsafeError
		switch {
		case errors.Is(err, fs.ErrExist):
			return errMoving
		case errors.As(err, &unsafe):
			out.Note = "its report cannot be replaced: " + unsafe.Reason
			return nil
		case err != nil:
			return err
		}
	}
	out.Changes = append(out.Changes, c)
	return nil
}

// dropReport removes the report, if it is qacorpus's own and nobody edited it.
func (l *qaLook) dropReport() (Outcome, error) {
	old, version, err := safefile.Read(l.side, maxReport)
	var unsafe *safefile.UnsafeError
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.As(err, &unsafe):
		return Outcome{}, nil
	case err != nil:
		return Outcome{}, err
	case !ownReport(old):
		return Outcome{Note: "a report stands beside it that was edited by hand or is not qacorpus's; it is left"}, nil
	}
	out := Outcome{Changes: []Change{{Verb: "removed", Path: l.side, Old: old}}}
	if l.r.DryRun {
		return out, nil
	}
	if err := l.r.Sidecars.Remove(l.side, version); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Outcome{}, err
	}
	return out, nil
}
