// Package name tells from a file's name alone what the file is in a watched
// folder, and what its sidecar is called. It is pure: nothing here looks at a
// disk.
//
// # Design notes
//
// Names are bytes. They may hold newlines, colons, quotes, percent signs and
// invalid UTF-8, and every function here takes and gives them unchanged; only
// [Show] makes a form for people.
//
// No name that this package makes ends in .json or .jsonl: notebooks read every
// *.json of the folder, and one foreign file there would abort them.
package name

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

const (
	previewStem    = ".preview" // sync clients put their marks between the two
	previewEnd     = ".md"
	previewSuffix  = previewStem + previewEnd
	problemsSuffix = ".problems.md"

	// maxName is the longest file name, in bytes, that Linux, macOS and the
	// common network file systems take.
	maxName = 255
)

// Kind says what a name stands for.
type Kind int

// The kinds of names in a watched folder.
const (
	Other    Kind = iota // nothing of ours to look at, ignored names included
	PDF                  // a paper
	QA                   // may hold question-answer pairs: .json or .jsonl
	Preview              // a paper's sidecar
	Problems             // a QA file's sidecar
)

// Of classifies the file name base (no slashes). Hidden names and the
// temporary, lock, backup and partial files of editors, browsers and sync
// clients are [Other].
func Of(base string) Kind {
	if Ignored(base) {
		return Other
	}
	switch {
	case hasSuffixFold(base, ".pdf"):
		return PDF
	case isQA(base):
		return QA
	case strings.HasSuffix(base, previewSuffix) && len(base) > len(previewSuffix):
		return Preview
	case strings.HasSuffix(base, problemsSuffix) && len(base) > len(problemsSuffix):
		return Problems
	}
	return Other
}

// Sidecar returns the name of the file that qacorpus keeps beside the source
// base: X.preview.md for X.pdf, Y.json.problems.md for Y.json. It returns ""
// where base is neither a PDF nor a QA file.
//
// X.pdf alone loses its ending; X.PDF, and X.pdf whose X itself ends in .pdf in
// any case, keep the whole name, so that two sources never share a sidecar. A
// result longer than 255 bytes is cut at a character and ends in ~ and the
// first 8 hex digits of the SHA-256 of base.
func Sidecar(base string) string {
	stem, suffix := base, ""
	switch Of(base) {
	case PDF:
		suffix = previewSuffix
		if x, ok := strings.CutSuffix(base, ".pdf"); ok && x != "" && !hasSuffixFold(x, ".pdf") {
			stem = x
		}
	case QA:
		suffix = problemsSuffix
	default:
		return ""
	}
	if len(stem)+len(suffix) <= maxName {
		return stem + suffix
	}
	sum := sha256.Sum256([]byte(base))
	tail := "~" + hex.EncodeToString(sum[:4]) + suffix
	return cut(stem, maxName-len(tail)) + tail
}

// Source returns the name of the source that the sidecar base belongs to. ok is
// false where base is no sidecar's name, and where it was cut because its
// source's name is too long: then [Cut] is true, and only the folder's other
// names or the sidecar's own content can tell.
func Source(base string) (source string, ok bool) {
	if Cut(base) {
		return "", false
	}
	switch Of(base) {
	case Preview:
		stem := strings.TrimSuffix(base, previewSuffix)
		for _, s := range [2]string{stem + ".pdf", stem} {
			if Sidecar(s) == base {
				return s, true
			}
		}
	case Problems:
		if s := strings.TrimSuffix(base, problemsSuffix); Sidecar(s) == base {
			return s, true
		}
	}
	return "", false
}

// Cut reports whether base is the shortened name of a sidecar, as [Sidecar]
// makes them for sources with very long names.
func Cut(base string) bool {
	stem, ok := strings.CutSuffix(base, previewSuffix)
	if !ok {
		stem, ok = strings.CutSuffix(base, problemsSuffix)
	}
	// A cut gives up at most the 3 bytes of a split character.
	if !ok || len(base) < maxName-utf8.UTFMax+1 || len(stem) < 9 || stem[len(stem)-9] != '~' {
		return false
	}
	_, err := hex.DecodeString(stem[len(stem)-8:])
	return err == nil
}

// isQA reports whether base ends in .json or .jsonl in any case. The conflict
// copies of rclone bisync, which put their mark after the ending
// (Y.json..path1, Y.json.conflict1), count as well.
func isQA(base string) bool {
	base = strings.TrimSuffix(base, bisyncMark(base))
	for _, end := range [2]string{".json", ".jsonl"} {
		if hasSuffixFold(base, end) && len(base) > len(end) {
			return true
		}
	}
	return false
}

// hasSuffixFold is strings.HasSuffix without regard to the case of ASCII
// letters. The last byte tells most names apart.
func hasSuffixFold(s, suffix string) bool {
	n := len(s) - len(suffix)
	return n >= 0 && s[len(s)-1]|0x20 == suffix[len(suffix)-1]|0x20 && strings.EqualFold(s[n:], suffix)
}

// cut returns the longest prefix of s that has at most n bytes and splits no
// character. A byte that is not part of valid UTF-8 is a character of its own.
func cut(s string, n int) string {
	end := 0
	for end < len(s) {
		_, size := utf8.DecodeRuneInString(s[end:])
		if end+size > n {
			break
		}
		end += size
	}
	return s[:end]
}
