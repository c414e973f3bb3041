package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"qacorpus/sidecar/qa/problem"
)

type object = map[string]any

// SARIF writes one log in version 2.1.0 of the Static Analysis Results
// Interchange Format:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// Columns count characters, which the log says.
func SARIF(w io.Writer, version string, files ...File) error {
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
		for i := range f.Problems {
			results = append(results, result(f.Name, &f.Problems[i], index))
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

// result is one problem of one file; index gives the place of its rule.
func result(name string, p *problem.Problem, index map[problem.Code]int) object {
	text := p.Message
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	place := object{"artifactLocation": object{"uri": uri(name)}}
	if p.Line > 0 {
		place["region"] = object{"startLine": p.Line, "startColumn": p.Column}
	}
	location := object{"physicalLocation": place}
	if p.Pointer != "" {
		location["logicalLocations"] = []object{{"fullyQualifiedName": p.Pointer}}
	}
	return object{
		"ruleId":    string(p.Code),
		"ruleIndex": index[p.Code],
		"level":     level(p.Severity),
		"message":   object{"text": text},
		"locations": []object{location},
	}
}

// level is SARIF's word for a severity.
func level(s problem.Severity) string {
	if s == problem.Info {
		return "note"
	}
	return s.String()
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
