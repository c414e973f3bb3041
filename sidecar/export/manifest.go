package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// generator names the form of the manifest and the rules of the split.
const generator = "qacorpus export/1"

type manifest struct {
	Generator string       `json:"generator"`
	Format    string       `json:"format"`
	Context   bool         `json:"context"`
	Dedupe    bool         `json:"dedupe"`
	Split     string       `json:"split"`
	Parts     []Part       `json:"parts"`
	Sources   []sourceNote `json:"sources"`
	LeftOut   []LeftOut    `json:"left_out"`
	Notes     []string     `json:"notes"`
}

type sourceNote struct {
	Path    string `json:"path"`
	SHA256  string `json:"sha256"`
	Paper   string `json:"paper"`
	Part    string `json:"part"`
	Written int    `json:"written"`
}

// Manifest says as JSON what was written from which bytes, and what was left
// out. It has no time and no absolute path in it, so that two exports of the
// same files are the same. Bytes of names that are not UTF-8 show as \xNN.
func (x *Export) Manifest() ([]byte, error) {
	o := x.options
	m := manifest{
		Generator: generator, Format: o.Format, Context: o.Context, Dedupe: o.Dedupe, Split: "none",
		Parts: x.Parts, Sources: []sourceNote{}, LeftOut: []LeftOut{}, Notes: append([]string{}, x.Notes...),
	}
	if m.Format == "" {
		m.Format = "jsonl"
	}
	switch {
	case o.Marked:
		m.Split = "marked"
	case o.EvalShare > 0:
		m.Split = fmt.Sprintf("eval=%g%%", o.EvalShare*100)
	}
	for _, s := range x.sources {
		m.Sources = append(m.Sources, sourceNote{printable(s.Path), s.SHA256, printable(s.paper()), s.part, s.count()})
	}
	for _, l := range x.LeftOut {
		l.Path = printable(l.Path)
		m.LeftOut = append(m.LeftOut, l)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return b.Bytes(), nil
}

// lastParts reads the part of each paper from an earlier manifest.
func lastParts(data []byte) (map[string]string, error) {
	parts := map[string]string{}
	if len(data) == 0 {
		return parts, nil
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read last manifest: %w", err)
	}
	if m.Generator != generator {
		return nil, fmt.Errorf("read last manifest: it is by %q, not by %q", m.Generator, generator)
	}
	if m.Split == "none" {
		return parts, nil
	}
	for _, s := range m.Sources {
		if parts[s.Paper] != eval {
			parts[s.Paper] = s.Part
		}
	}
	return parts, nil
}

// printable replaces bytes that are not UTF-8 by \xNN.
func printable(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[0])
		} else {
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}
