package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"qacorpus/sidecar/name"
)

// show makes a path fit for a message.
func show(path string) string { return name.Show(path) }

// near is show of a path from the working directory on, if it lies there.
func near(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return show(path)
	}
	rel, err := filepath.Rel(wd, path)
	if err != nil || !filepath.IsLocal(rel) {
		return show(path)
	}
	return show(rel)
}

// shellQuote writes s so that a POSIX shell takes it for one word.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+,@%:~", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// jsonName is a file's name in JSON. Bytes that are no UTF-8 cannot stand in
// JSON; then Bytes holds all of them, in base64.
type jsonName struct {
	Path  string `json:"path"`
	Bytes []byte `json:"path_base64,omitempty"`
}

func jsonNameOf(path string) jsonName {
	n := jsonName{Path: strings.ToValidUTF8(path, "\uFFFD")}
	if !utf8.ValidString(path) {
		n.Bytes = []byte(path)
	}
	return n
}

// jsonLine is v on one line, without escaping what only HTML minds.
func jsonLine(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("write JSON: %w", err)
	}
	return b.String(), nil
}
