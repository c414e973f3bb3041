package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"qacorpus/sidecar/qa/problem"
)

// Lines writes one JSON object a line: file, line, column, pointer, severity,
// code, message, hint. A file name that is not UTF-8 has file_bytes, too, the
// name in base64.
func Lines(w io.Writer, files ...File) error {
	type line struct {
		File     string       `json:"file"`
		Bytes    []byte       `json:"file_bytes,omitempty"`
		Line     int          `json:"line,omitempty"`
		Column   int          `json:"column,omitempty"`
		Pointer  string       `json:"pointer"`
		Severity string       `json:"severity"`
		Code     problem.Code `json:"code"`
		Message  string       `json:"message"`
		Hint     string       `json:"hint,omitempty"`
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range files {
		for _, p := range f.Problems {
			l := line{f.Name, nil, p.Line, p.Column, p.Pointer, p.Severity.String(), p.Code, p.Message, p.Hint}
			if !utf8.ValidString(f.Name) {
				l.File, l.Bytes = Visible(f.Name), []byte(f.Name)
			}
			if err := enc.Encode(l); err != nil {
				return fmt.Errorf("write problem: %w", err)
			}
		}
	}
	return nil
}

// GitHub writes workflow commands that GitHub shows beside the lines of a
// pull request:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func GitHub(w io.Writer, files ...File) error {
	var b strings.Builder
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range files {
		for _, p := range f.Problems {
			command := "error"
			switch p.Severity {
			case problem.Warning:
				command = "warning"
			case problem.Info:
				command = "notice"
			}
			fmt.Fprintf(&b, "::%s file=%s", command, property.Replace(strings.ToValidUTF8(f.Name, "\uFFFD")))
			if p.Line > 0 {
				fmt.Fprintf(&b, ",line=%d,col=%d", p.Line, p.Column)
			}
			message := p.Message
			if p.Pointer != "" {
				message += " (" + p.Pointer + ")"
			}
			if p.Hint != "" {
				message += "\n" + p.Hint
			}
			fmt.Fprintf(&b, ",title=%s::%s\n", property.Replace(string(p.Code)), data.Replace(message))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
