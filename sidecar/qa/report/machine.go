package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
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

// SARIF writes one log in version 2.1.0 of the Static Analysis Results
// Interchange Format:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// Columns count characters, which the log says.
func SARIF(w io.Writer, version string, files ...File) error {
	type object = map[string]any
	level := func(s problem.Severity) string {
		if s == problem.Info {
			return "note"
		}
		return s.String()
	}
	rules := []object{}
	index := map[problem.Code]int{}
	for i, c := range problem.Codes() {
		index[c] = i
		rules = append(rules, object{
			"id":                   string(c),
			"shortDescription":     object{"text": c.About()},
			"defaultConfiguration": object{"level": level(c.Severity())},
		})
	}
	results := []object{}
	for _, f := range files {
		for _, p := range f.Problems {
			text := p.Message
			if p.Hint != "" {
				text += "; " + p.Hint
			}
			place := object{"artifactLocation": object{"uri": uri(f.Name)}}
			if p.Line > 0 {
				place["region"] = object{"startLine": p.Line, "startColumn": p.Column}
			}
			location := object{"physicalLocation": place}
			if p.Pointer != "" {
				location["logicalLocations"] = []object{{"fullyQualifiedName": p.Pointer}}
			}
			results = append(results, object{
				"ruleId":    string(p.Code),
				"ruleIndex": index[p.Code],
				"level":     level(p.Severity),
				"message":   object{"text": text},
				"locations": []object{location},
			})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []object{{
			"tool":       object{"driver": object{"name": "qacorpus", "version": version, "rules": rules}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	})
	if err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return nil
}

// uri makes a relative or absolute URI reference of a file name; bytes that
// a URI cannot hold are percent-encoded.
func uri(name string) string {
	name = filepath.ToSlash(name)
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	u := strings.Join(parts, "/")
	if strings.HasPrefix(u, "/") {
		return "file://" + u
	}
	// A colon in the first part would read as a scheme.
	if i := strings.IndexByte(parts[0], ':'); i >= 0 {
		return "./" + u
	}
	return u
}
